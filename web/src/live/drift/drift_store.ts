/** The last statistics of the run on the stage, and whether one of them left its range. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { ServerMessage } from "../../protocol/messages.gen";
import { onMessage } from "../session";
import { liveStore } from "../store";
import { type DriftState, NO_DRIFT, withTick } from "./drift_state";

export const driftStore = createStore<DriftState>(() => NO_DRIFT);

export function useDrift<T>(selector: (state: DriftState) => T): T {
  return useStore(driftStore, selector);
}

function receive(message: ServerMessage): void {
  if (message.type !== "take_tick") return;
  const { run_id, tick, stats, alarm } = message.data;
  if (run_id !== liveStore.getState().run.runId) return;
  driftStore.setState((state) =>
    withTick(state.runId === run_id ? state : { ...NO_DRIFT, runId: run_id }, tick, stats, alarm),
  );
}

/** Begin to listen; the returned function ends it. */
export const watchDrift = (): (() => void) => onMessage(receive);
