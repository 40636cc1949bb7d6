/** The last statistics of a run and its alarm, tick by tick. Pure. */
import type { Alarm, TickStats } from "../../protocol/messages.gen";

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
export const NO_DRIFT: DriftState = { runId: null, values: NO_VALUES, tick: 0, alarm: null, alarmTick: 0 };

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
