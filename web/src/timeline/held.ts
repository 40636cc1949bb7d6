/** What is kept of a take at a tick, as Blender draws the cache of a simulation: exact state, latents, video only. Pure. */
import type { TakeHeld } from "../protocol/messages.gen";

export type Held = "exact" | "replay" | "latents" | "video" | "nothing";

export interface HeldAt {
  readonly kind: Held;
  /** Ticks that have to be made again, silently, before the picture goes on. */
  readonly replayTicks: number;
}

const within = (range: readonly [number, number] | null, tick: number) =>
  range !== null && tick >= range[0] && tick <= range[1];

/** How a run would go on before `tick`: from a snapshot there, by replay from the nearest before, from latents, or not at all. */
export function heldAt({ exact, latents, video }: TakeHeld, tick: number, exactReplay: boolean): HeldAt {
  const nearest = exact.reduce((best, at) => (at <= tick && at > best ? at : best), -1);
  if (nearest === tick) return { kind: "exact", replayTicks: 0 };
  if (nearest >= 0) return { kind: "replay", replayTicks: tick - nearest };
  if (exactReplay) return { kind: "replay", replayTicks: tick };
  if (within(latents, tick)) return { kind: "latents", replayTicks: 0 };
  return { kind: within(video, tick) ? "video" : "nothing", replayTicks: 0 };
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
