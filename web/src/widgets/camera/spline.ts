/**
 * The path through camera keyframes: the same mathematics as CameraSpline in nodegraph/media/camera.py, held to it by
 * a file of samples that both sides' tests read. Catmull-Rom in position and field of view, slerp kept level.
 */
import type { CameraKey, CameraPath } from "./path";
import { fromYawPitch, type Mat3, slerp, yawPitch } from "./vector";

type Point = readonly [x: number, y: number, z: number, fov: number];

export interface CameraSpline {
  readonly first: number;
  readonly last: number;
  at(tick: number): CameraKey;
}

const pointOf = ({ position: [x, y, z], fov }: CameraKey): Point => [x, y, z, fov];
const each = (make: (part: 0 | 1 | 2 | 3) => number): Point => [make(0), make(1), make(2), make(3)];
const STILL: Point = [0, 0, 0, 0];

/** The spline through keyframes of rising ticks; there must be at least one. */
export function makeSpline(keys: CameraPath, loop: boolean): CameraSpline {
  const [head, tail] = [keys[0], keys.at(-1)];
  if (!head || !tail) throw new RangeError("a camera path needs at least one keyframe");
  const loops = loop && keys.length > 1;
  const points = keys.map(pointOf);
  const turns = keys.map((key) => fromYawPitch(key.yaw, key.pitch));
  const slopes = tangents(keys, points, loops);
  const [first, last] = [head.tick, tail.tick];

  function at(tick: number): CameraKey {
    const shown = loops && tick > last ? first + ((tick - first) % (last - first)) : tick;
    const held = Math.min(Math.max(shown, first), last);
    const i = segment(keys, held);
    const [a, b, turnA, turnB] = [keys[i], keys[i + 1], turns[i], turns[i + 1]];
    if (!a || !turnA) throw new RangeError("unreachable");
    if (!b || !turnB) return keyOf(tick, points[i] ?? STILL, turnA);
    const span = b.tick - a.tick;
    const u = (held - a.tick) / span;
    return keyOf(tick, hermite(points, slopes, i, u, span), slerp(turnA, turnB, u));
  }

  return { first, last, at };
}

/** Index of the keyframe at or before a tick that has another one after it, where there are two. */
function segment(keys: CameraPath, tick: number): number {
  let i = 0;
  while (i < keys.length - 2 && (keys[i + 1]?.tick ?? Infinity) <= tick) i += 1;
  return i;
}

function hermite(points: readonly Point[], slopes: readonly Point[], i: number, u: number, span: number): Point {
  const [p, q, m, n] = [points[i] ?? STILL, points[i + 1] ?? STILL, slopes[i] ?? STILL, slopes[i + 1] ?? STILL];
  const [u2, u3] = [u * u, u * u * u];
  return each(
    (k) =>
      (2 * u3 - 3 * u2 + 1) * p[k] +
      (u3 - 2 * u2 + u) * m[k] * span +
      (3 * u2 - 2 * u3) * q[k] +
      (u3 - u2) * n[k] * span,
  );
}

/** Slope at each keyframe, per tick, from its two neighbours. */
function tangents(keys: CameraPath, points: readonly Point[], loop: boolean): readonly Point[] {
  const tick = (i: number) => keys[i]?.tick ?? 0;
  const point = (i: number) => points[i] ?? STILL;
  const end = keys.length - 1;
  const slopes = points.map((_, i) => {
    if (i === 0 || i === end) return STILL;
    return each((k) => (point(i + 1)[k] - point(i - 1)[k]) / (tick(i + 1) - tick(i - 1)));
  });
  if (!loop || keys.length < 3) return slopes;
  const span = tick(1) - tick(0) + (tick(end) - tick(end - 1));
  const around = each((k) => (point(1)[k] - point(end - 1)[k]) / span);
  return slopes.map((slope, i) => (i === 0 || i === end ? around : slope));
}

/** Slerp between two level cameras may tilt on the way: only its direction is kept. */
function keyOf(tick: number, [x, y, z, fov]: Point, turn: Mat3): CameraKey {
  const [yaw, pitch] = yawPitch(turn);
  return { tick, position: [x, y, z], yaw, pitch, fov };
}

/** The camera at one tick; for many, make the spline once. */
export function sampleAt(keys: CameraPath, tick: number, loop: boolean): CameraKey {
  return makeSpline(keys, loop).at(tick);
}

/** Positions along the path, for drawing it: `perTick` samples a tick, the ends included. */
export function trace(keys: CameraPath, loop: boolean, perTick = 3): readonly CameraKey[] {
  if (keys.length === 0) return [];
  const spline = makeSpline(keys, loop);
  const count = Math.max(1, Math.min(4000, Math.round((spline.last - spline.first) * perTick)));
  return Array.from({ length: count + 1 }, (_, i) =>
    spline.at(spline.first + ((spline.last - spline.first) * i) / count),
  );
}
