/** The last statistics of the run on the stage, and whether one of them left its range. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Alarm, ServerMessage, TickStats } from "../../protocol/messages.gen";
import { onMessage } from "../session";
import { liveStore } from "../store";

export const STATS = ["first_distance", "luma", "saturation", "sharpness", "motion", "latent_std"] as const;
export type Stat = (typeof STATS)[number];

/** Forty seconds: long enough to see a trend, short enough to see a step. */
export const KEPT_TICKS = 240;
const ALARM_STAYS_TICKS = 18;

export interface DriftState {
  readonly runId: string | null;
  readonly values: Readonly<Record<Stat, readonly number[]>>;
  readonly tick: number;
  readonly alarm: Alarm | null;
  readonly alarmTick: number;
}

const NO_VALUES = Object.fromEntries(STATS.map((name) => [name, []])) as unknown as DriftState["values"];
const EMPTY: DriftState = { runId: null, values: NO_VALUES, tick: 0, alarm: null, alarmTick: 0 };

export const driftStore = createStore<DriftState>(() => EMPTY);

export function useDrift<T>(selector: (state: DriftState) => T): T {
  return useStore(driftStore, selector);
}

/** The state after the statistics of one tick. Pure. */
export function withTick(state: DriftState, tick: number, stats: TickStats, alarm: Alarm | null): DriftState {
  const values = { ...state.values };
  for (const name of STATS) {
    const value = stats[name];
    if (typeof value === "number") values[name] = [...values[name], value].slice(-KEPT_TICKS);
  }
  const old = tick - state.alarmTick > ALARM_STAYS_TICKS;
  const alarming = alarm ? { alarm, alarmTick: tick } : old ? { alarm: null } : {};
  return { ...state, values, tick, ...alarming };
}

function receive(message: ServerMessage): void {
  if (message.type !== "take_tick") return;
  const { run_id, tick, stats, alarm } = message.data;
  if (run_id !== liveStore.getState().run.runId) return;
  driftStore.setState((state) =>
    withTick(state.runId === run_id ? state : { ...EMPTY, runId: run_id }, tick, stats, alarm),
  );
}

/** Begin to listen; the returned function ends it. */
export const watchDrift = (): (() => void) => onMessage(receive);
