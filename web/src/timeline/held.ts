/** What is kept of a take at a tick, as Blender draws the cache of a simulation: exact state, latents, video only. Pure. */
import type { TakeAnswer, TakeEntry } from "../protocol/messages.gen";

export type Held = "exact" | "replay" | "latents" | "video" | "nothing";

/** The part of a take that says how it can be gone on from. */
export type Kept = Pick<TakeAnswer, "held" | "exact" | "approximate_from">;

export interface HeldAt {
  readonly kind: Held;
  /** Ticks that have to be made again, silently, before the picture goes on. */
  readonly replayTicks: number;
  /** The exact state is gone, but latents are there: a start at once, nearly the same, can be chosen instead. */
  readonly nearly: boolean;
}

export interface Span {
  readonly kind: Held;
  /** First and last tick. */
  readonly ticks: readonly [number, number];
}

const within = (range: readonly [number, number] | null, tick: number) =>
  range !== null && tick >= range[0] && tick <= range[1];

/** A cache is rebuilt from all the latents before a tick. */
const rebuilds = ({ latents }: Kept["held"], tick: number) =>
  latents !== null && latents[0] === 0 && tick > 0 && latents[1] >= tick - 1;

/** The last tick before which everything can be made again exactly. */
const exactUntil = ({ exact, approximate_from }: Kept) => (exact ? Number.POSITIVE_INFINITY : (approximate_from ?? 0));

/** How a run would go on before `tick`: from a snapshot, by replay from the nearest before, from latents, or not at all. */
export function heldAt(take: Kept, tick: number): HeldAt {
  const { held } = take;
  // The state before the first tick is no help: from there everything is made again.
  const nearest = held.exact.reduce((best, at) => (at > 0 && at <= tick && at > best ? at : best), 0);
  if (nearest === tick && held.exact.includes(tick)) return { kind: "exact", replayTicks: 0, nearly: false };
  if (nearest > 0) return { kind: "replay", replayTicks: tick - nearest, nearly: false };
  if (tick <= exactUntil(take)) return { kind: "replay", replayTicks: tick, nearly: rebuilds(held, tick) };
  if (rebuilds(held, tick)) return { kind: "latents", replayTicks: 0, nearly: false };
  return { kind: within(held.video, tick) ? "video" : "nothing", replayTicks: 0, nearly: false };
}

/** The ways to go on from `first` to `last` as stretches of one kind; snapshots lie on top of them, see `exactRuns`. */
export function waySpans(take: Kept, first: number, last: number): readonly Span[] {
  const { exact, latents, video } = take.held;
  const ends = [exactUntil(take) + 1, (latents?.[1] ?? -2) + 2, (video?.[1] ?? -1) + 1, 1, ...exact];
  const cuts = [first, ...ends.filter((tick) => tick > first && tick <= last)].sort((a, b) => a - b);
  const spans: { kind: Held; ticks: [number, number] }[] = [];
  for (const [at, from] of cuts.entries()) {
    const { kind: found } = heldAt(take, from);
    const kind = found === "exact" ? "replay" : found;
    const to = (cuts[at + 1] ?? last + 1) - 1;
    const before = spans.at(-1);
    if (before?.kind === kind) before.ticks[1] = Math.max(to, before.ticks[1]);
    else if (to >= from) spans.push({ kind, ticks: [from, to] });
  }
  return spans;
}

/** Exact ticks as runs of neighbours, so that a dense stretch is one bar: [first, last]. */
export function exactRuns(exact: readonly number[], gap = 1): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const tick of [...exact].sort((a, b) => a - b)) {
    const last = runs.at(-1);
    if (last && tick - last[1] <= gap) last[1] = tick;
    else runs.push([tick, tick]);
  }
  return runs;
}

/** What lies on the disk of a tick. */
export function onDisk({ held }: Kept, tick: number): readonly ("latents" | "video")[] {
  const parts: ("latents" | "video")[] = [];
  if (within(held.latents, tick)) parts.push("latents");
  if (within(held.video, tick)) parts.push("video");
  return parts;
}

/** Pictures of a take that is being recorded lag this far behind the run. */
const WRITING_TICKS = 6;

/** First and last tick that has a picture; the ticks made just before a stop may have none. */
export function pictured(take: Pick<TakeEntry, "status" | "ticks">, video?: Kept["held"]["video"]): [number, number] {
  const last = Math.min(take.ticks - 1, video?.[1] ?? take.ticks);
  return [video?.[0] ?? 0, Math.max(0, take.status === "live" ? last - WRITING_TICKS : last)];
}
