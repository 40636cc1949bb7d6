/** Keyframes of a curve as they stand in a workflow, their edits, and the part of the plane that is shown. Pure. */
import { isRecord } from "../../document/parse";
import { type Edited, inOrder, inserted, MAX_TICK } from "../keyframes";
import type { CurveKey, CurveKeys } from "./curve";

const TICKS_APART = 6;
const LEAST_TICKS = 24;

const number = (value: unknown, fallback: number) =>
  typeof value === "number" && Number.isFinite(value) ? value : fallback;

export function readCurve(value: unknown): CurveKeys {
  if (!Array.isArray(value)) return [];
  return settle(value.filter(isRecord).map(({ tick, value: at }) => ({ tick: number(tick, 0), value: number(at, 0) })));
}

/** By rising whole tick, each tick once. */
export function settle(keys: CurveKeys): CurveKeys {
  return inOrder(keys.map((key) => ({ ...key, tick: wholeTick(key.tick) })));
}

const wholeTick = (tick: number): number => Math.round(Math.min(MAX_TICK, Math.max(0, tick)));

/** Move a keyframe; it stops beside its neighbours, so that keys never change places under the hand. */
export function move(keys: CurveKeys, index: number, { tick, value }: CurveKey): Edited<CurveKey> {
  const low = (keys[index - 1]?.tick ?? -1) + 1;
  const high = (keys[index + 1]?.tick ?? MAX_TICK + 1) - 1;
  const held = { tick: Math.min(high, Math.max(low, Math.round(tick))), value };
  return { keys: keys.map((key, i) => (i === index ? held : key)), selected: index };
}

/** Write a keyframe's numbers from the table: it may jump over others, and steps beside one that holds its tick. */
export function place(keys: CurveKeys, index: number, key: CurveKey): Edited<CurveKey> {
  const others = keys.filter((_, i) => i !== index);
  const taken = new Set(others.map(({ tick }) => tick));
  let tick = wholeTick(key.tick);
  while (taken.has(tick)) tick += 1;
  return inserted(others, { ...key, tick });
}

export function add(keys: CurveKeys, key: CurveKey): Edited<CurveKey> {
  const tick = wholeTick(key.tick);
  const here = keys.findIndex((one) => one.tick === tick);
  return here >= 0 ? move(keys, here, { tick, value: key.value }) : inserted(keys, { ...key, tick });
}

/** One more after the last, with its value. */
export function append(keys: CurveKeys): Edited<CurveKey> {
  const last = keys.at(-1);
  return inserted(keys, last ? { ...last, tick: last.tick + TICKS_APART } : { tick: 0, value: 0 });
}

/** What the plot shows: ticks from 0, and values from `low` to `high`. */
export interface Extent {
  readonly ticks: number;
  readonly low: number;
  readonly high: number;
}

/** Room for all keyframes; where the input that is driven has a range, at least that. */
export function extentOf(keys: CurveKeys, range: readonly [number, number] | null): Extent {
  const values = keys.length > 0 ? keys.map(({ value }) => value) : [0, 1];
  const [least, most] = range ?? [0, 1];
  const fitsRange = range !== null && values.every((value) => value >= least && value <= most);
  const [low, high] = fitsRange
    ? [least, most]
    : [Math.min(...values, ...(range ?? [])), Math.max(...values, ...(range ?? []))];
  const room = high > low ? (high - low) * 0.08 : Math.max(1, Math.abs(high)) * 0.5;
  return {
    ticks: Math.max(LEAST_TICKS, Math.ceil((keys.at(-1)?.tick ?? 0) * 1.15)),
    low: low - room,
    high: high + room,
  };
}

/** A round step (1, 2 or 5 times a power of ten) that divides a span into about `parts`. */
export function roundStep(span: number, parts: number): number {
  const raw = span / parts;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
}

/** The multiples of a step inside a span. */
export function gridLines(low: number, high: number, step: number): readonly number[] {
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

/** A value on the snapping raster of the plot: a twentieth of its grid, or finer with `fine`. */
export function snapped(value: number, { low, high }: Extent, fine: boolean): number {
  const step = roundStep(high - low, 6) / (fine ? 1000 : 20);
  return Number((Math.round(value / step) * step).toPrecision(12));
}
