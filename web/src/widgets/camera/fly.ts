/** Flying a camera by hand, and making keyframes of the flight. Pure; the keys and the mouse are read elsewhere. */
import { type CameraKey, type CameraPath, settle, wrapped } from "./path";
import { makeSpline } from "./spline";
import { clamp, direction, dot, radians } from "./vector";

/** What the hands ask for, each -1..1; turning by the mouse comes in degrees. */
export interface FlyInput {
  readonly forward: number;
  readonly right: number;
  readonly up: number;
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly zoomDeg: number;
}

export interface Flyer {
  readonly camera: CameraKey;
  /** Metres a second along the camera's forward, right and the world's up. */
  readonly velocity: readonly [number, number, number];
}

const SETTLE_S = 0.18;
/** The limits of the live camera (nodegraph/media/steering.py), so that a flown path can be flown live as well. */
const HEIGHT_M = [0.3, 12] as const;
const PITCH_DEG = 60;
const FOV_DEG = [30, 75] as const;

/** The flyer `seconds` later. Forward and right move on the level of the camera's heading; starts and stops are soft. */
export function flown(flyer: Flyer, input: FlyInput, seconds: number, speed: number): Flyer {
  const length = Math.max(1, Math.hypot(input.forward, input.right));
  const wanted = [input.forward / length, input.right / length, input.up].map((share) => share * speed);
  const follow = 1 - Math.exp(-seconds / SETTLE_S);
  const [forward = 0, right = 0, up = 0] = flyer.velocity.map((now, i) => now + ((wanted[i] ?? 0) - now) * follow);
  const { camera } = flyer;
  const yaw = wrapped(camera.yaw + input.yawDeg);
  const heading = radians(yaw);
  const [x, y, z] = camera.position;
  return {
    velocity: [forward, right, up],
    camera: {
      ...camera,
      yaw,
      pitch: clamp(camera.pitch + input.pitchDeg, -PITCH_DEG, PITCH_DEG),
      fov: clamp(camera.fov + input.zoomDeg, ...FOV_DEG),
      position: [
        x + (forward * Math.sin(heading) + right * Math.cos(heading)) * seconds,
        clamp(y + up * seconds, ...HEIGHT_M),
        z + (right * Math.sin(heading) - forward * Math.cos(heading)) * seconds,
      ],
    },
  };
}

export interface Tolerance {
  readonly metres: number;
  readonly degrees: number;
}

const DEFAULT_TOLERANCE: Tolerance = { metres: 0.08, degrees: 2.5 };

/**
 * Few keyframes whose spline stays near samples taken once a tick: starting from the two ends, the sample that the
 * spline misses most becomes a keyframe until all lie within the tolerance.
 */
export function simplified(samples: CameraPath, tolerance: Tolerance = DEFAULT_TOLERANCE): CameraPath {
  const all = settle(samples);
  if (all.length < 3) return all;
  const kept = new Set([0, all.length - 1]);
  for (;;) {
    const keys = all.filter((_, i) => kept.has(i));
    const worst = worstMiss(all, keys, tolerance);
    if (worst === null || kept.has(worst)) return keys;
    kept.add(worst);
  }
}

function worstMiss(all: CameraPath, keys: CameraPath, tolerance: Tolerance): number | null {
  const spline = makeSpline(keys, false);
  let [worst, most]: [number | null, number] = [null, 1];
  for (const [i, sample] of all.entries()) {
    const miss = missOf(sample, spline.at(sample.tick), tolerance);
    if (miss > most) [worst, most] = [i, miss];
  }
  return worst;
}

/** How far apart two cameras are, in tolerances. */
function missOf(a: CameraKey, b: CameraKey, tolerance: Tolerance): number {
  const metres = Math.hypot(...a.position.map((value, i) => value - (b.position[i] ?? 0)));
  const cosine = dot(direction(a.yaw, a.pitch), direction(b.yaw, b.pitch));
  const angle = (Math.acos(clamp(cosine, -1, 1)) * 180) / Math.PI;
  return Math.max(metres / tolerance.metres, angle / tolerance.degrees, Math.abs(a.fov - b.fov) / tolerance.degrees);
}
