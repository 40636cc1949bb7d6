/** From world points to the picture of a camera: the pinhole that the generator's conditions use as well. Pure. */
import type { CameraKey, CameraPath } from "./path";
import { trace } from "./spline";
import { apply, fromYawPitch, radians, subtract, transpose, type Vec3 } from "./vector";

/** A place in the picture: fractions of its width and height from the top left, and the depth in metres. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

export interface Eye {
  readonly position: Vec3;
  readonly yaw: number;
  readonly pitch: number;
  readonly fov: number;
}

const NEAR_M = 0.05;

/** The coordinates of a point as the camera sees it: x right, y up, -z ahead. */
export function toCamera(eye: Eye, point: Vec3): Vec3 {
  return apply(transpose(fromYawPitch(eye.yaw, eye.pitch)), subtract(point, eye.position));
}

function onPicture(eye: Eye, aspect: number, [x, y, z]: Vec3): Projected {
  const half = Math.tan(radians(eye.fov) / 2);
  return { x: 0.5 + x / (-z * 2 * half * aspect), y: 0.5 - y / (-z * 2 * half), depth: -z };
}

/** Where a point appears, or null behind the camera. `aspect` is width divided by height. */
export function project(eye: Eye, aspect: number, point: Vec3): Projected | null {
  const seen = toCamera(eye, point);
  return -seen[2] < NEAR_M ? null : onPicture(eye, aspect, seen);
}

/** A line as the camera sees it, cut where it passes behind; null when all of it is behind. */
export function projectLine(eye: Eye, aspect: number, from: Vec3, to: Vec3): readonly [Projected, Projected] | null {
  let [a, b] = [toCamera(eye, from), toCamera(eye, to)];
  const [depthA, depthB] = [-a[2] - NEAR_M, -b[2] - NEAR_M];
  if (depthA < 0 && depthB < 0) return null;
  if (depthA < 0) a = cut(a, b, depthA, depthB);
  else if (depthB < 0) b = cut(b, a, depthB, depthA);
  return [onPicture(eye, aspect, a), onPicture(eye, aspect, b)];
}

function cut(behind: Vec3, ahead: Vec3, depthBehind: number, depthAhead: number): Vec3 {
  const share = depthBehind / (depthBehind - depthAhead);
  const mix = (i: 0 | 1 | 2) => behind[i] + (ahead[i] - behind[i]) * share;
  return [mix(0), mix(1), mix(2)];
}

export interface PathOverlay {
  /** Pieces of the curve that lie ahead, each a list of points in fractions of the picture. */
  readonly lines: readonly (readonly Projected[])[];
  /** Keyframes that lie ahead, with their place in the list. */
  readonly keys: readonly (Projected & { readonly index: number })[];
}

/**
 * A camera path as it appears in the picture of `eye`, to be drawn over the stage: fractions of the picture from the
 * top left. Points may lie outside 0..1; whoever draws clips them.
 */
export function projectPath(path: CameraPath, loop: boolean, eye: Eye, aspect: number): PathOverlay {
  const lines: Projected[][] = [];
  let open: Projected[] | null = null;
  for (const { position } of trace(path, loop)) {
    const point = project(eye, aspect, position);
    if (point === null) open = null;
    else if (open) open.push(point);
    else {
      open = [point];
      lines.push(open);
    }
  }
  const keys = path.flatMap((key: CameraKey, index) => {
    const point = project(eye, aspect, key.position);
    return point ? [{ ...point, index }] : [];
  });
  return { lines: lines.filter((line) => line.length > 1), keys };
}
