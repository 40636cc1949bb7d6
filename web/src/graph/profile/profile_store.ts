/** What the newest run of the open workflow said about its time. It stays after the run's end, until the next begins. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { isActive } from "../../live";
import { onMessage } from "../../live/session";
import { liveStore } from "../../live/store";
import type { ServerMessage } from "../../protocol/messages.gen";
import { fillOf, NO_PROFILE, type Profile, timeOf } from "./profile";

export interface ProfileState {
  readonly runId: string | null;
  readonly profile: Profile;
}

export const profileStore = createStore<ProfileState>(() => ({ runId: null, profile: NO_PROFILE }));

/** Whether a run's times belong on the canvas: those of the live run, or of a render while none is live. */
function belongs(runId: string): boolean {
  const { run, foreign } = liveStore.getState();
  return !foreign && (!isActive(run) || run.runId === runId);
}

export function receiveProfile({ type, data }: ServerMessage): void {
  if (type === "run_started" && belongs(data.run_id))
    profileStore.setState({ runId: data.run_id, profile: NO_PROFILE });
  if (type === "profile" && belongs(data.run_id)) profileStore.setState({ runId: data.run_id, profile: data });
}

/** Listen until the returned function is called; another workflow forgets what was measured. */
export function followProfile(): () => void {
  const stopMessages = onMessage(receiveProfile);
  const stopRuns = liveStore.subscribe((state, before) => {
    const left = state.foreign || (state.run.runId === null && before.run.runId !== null);
    if (left && profileStore.getState().runId !== null) profileStore.setState({ runId: null, profile: NO_PROFILE });
  });
  return () => {
    stopMessages();
    stopRuns();
  };
}

export function useProfile<T>(selector: (profile: Profile) => T): T {
  return useStore(profileStore, (state) => selector(state.profile));
}

/** Milliseconds a tick of the node at a path, or null. */
export const useNodeMs = (path: string): number | null => useProfile((profile) => timeOf(profile, path));

/** How full the channel between two nodes is, in percent, or null where there is none. */
export const useFillPercent = (source: string, target: string): number | null =>
  useProfile((profile) => {
    const fill = fillOf(profile, source, target);
    return fill === null ? null : Math.round(fill.fill * 100);
  });
