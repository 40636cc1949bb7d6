/** A number over time from keyframes: the same mathematics as nodegraph/media/curve.py, held to it by shared samples. */

export interface CurveKey {
  readonly tick: number;
  readonly value: number;
}

export type CurveKeys = readonly CurveKey[];
export const INTERPOLATIONS = ["linear", "smooth", "hold"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

export function isInterpolation(value: unknown): value is Interpolation {
  return (INTERPOLATIONS as readonly unknown[]).includes(value);
}

/** The value at a tick, which may lie between two. Keyframes have rising ticks; without one the curve is 0. */
export function makeCurve(keys: CurveKeys, interpolation: Interpolation, loop: boolean): (tick: number) => number {
  const [head, tail] = [keys[0], keys.at(-1)];
  if (!head || !tail) return () => 0;
  const loops = loop && keys.length > 1;
  const slopes = interpolation === "smooth" ? tangents(keys, loops) : [];
  return (tick) => {
    const shown = loops && tick >= tail.tick ? head.tick + ((tick - head.tick) % (tail.tick - head.tick)) : tick;
    if (shown <= head.tick) return head.value;
    if (shown >= tail.tick) return tail.value;
    const i = keys.findIndex((key) => key.tick > shown) - 1;
    const [a, b] = [keys[i], keys[i + 1]];
    if (!a || !b) return head.value;
    const span = b.tick - a.tick;
    const u = (shown - a.tick) / span;
    if (interpolation === "hold") return a.value;
    if (interpolation === "linear") return a.value + (b.value - a.value) * u;
    const [u2, u3] = [u * u, u * u * u];
    const bend = (u3 - 2 * u2 + u) * (slopes[i] ?? 0) + (u3 - u2) * (slopes[i + 1] ?? 0);
    return (2 * u3 - 3 * u2 + 1) * a.value + (3 * u2 - 2 * u3) * b.value + bend * span;
  };
}

/** Slope at each keyframe, per tick. */
function tangents(keys: CurveKeys, loop: boolean): readonly number[] {
  const spans = keys.slice(1).map((key, i) => key.tick - (keys[i]?.tick ?? 0));
  const rises = keys.slice(1).map((key, i) => (key.value - (keys[i]?.value ?? 0)) / (spans[i] ?? 1));
  if (rises.length === 0) return [0];
  const inner = rises.slice(1).map((rise, i) => slope(rises[i] ?? 0, rise, spans[i] ?? 1, spans[i + 1] ?? 1));
  const joined = loop && keys[0]?.value === keys.at(-1)?.value;
  const end = joined ? slope(rises.at(-1) ?? 0, rises[0] ?? 0, spans.at(-1) ?? 1, spans[0] ?? 1) : 0;
  return [end, ...inner, end];
}

/** The Fritsch-Butland mean of two neighbouring rises: 0 at a peak, otherwise between them. */
function slope(before: number, after: number, spanBefore: number, spanAfter: number): number {
  if (before * after <= 0) return 0;
  const share = (spanBefore + 2 * spanAfter) / (3 * (spanBefore + spanAfter));
  return (before * after) / (share * after + (1 - share) * before);
}
