/** The tint of nodes for the far view, which is drawn without React. */
import { uiStore } from "../../app/ui_store";
import { pathOf } from "../../document/store";
import { shareOf, timeOf } from "./profile";
import { profileStore } from "./profile_store";

/** Node -> its part of all nodes' time, as it is now; 0 for all outside the profiling view. */
export function heatNow(): (node: string) => number {
  const { profile } = profileStore.getState();
  if (!uiStore.getState().profiling) return () => 0;
  return (node) => shareOf(profile, timeOf(profile, pathOf(node)) ?? 0);
}

/** Be told when the tint may be another; returns the function that stops. */
export function onHeat(changed: () => void): () => void {
  const stopView = uiStore.subscribe((state, before) => {
    if (state.profiling !== before.profiling) changed();
  });
  const stopTimes = profileStore.subscribe(() => {
    if (uiStore.getState().profiling) changed();
  });
  return () => {
    stopView();
    stopTimes();
  };
}
