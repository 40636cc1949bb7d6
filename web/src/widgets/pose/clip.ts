/** Pose clips as the server reads them (nodegraph/media/pose.py), for showing them. Pure. */
import { isRecord } from "../../document/parse";
import { BONES, indexOf } from "../../live/pose/landmarks";

export type Point = readonly [x: number, y: number, z: number];
export type Frame = readonly Point[];

export interface Clip {
  readonly fps: number;
  readonly space: "world" | "image";
  readonly frames: readonly Frame[];
}

const POINTS = 17;

/** The clip, or null where the data is none. The server is the judge; here it only must be drawable. */
export function readClip(data: unknown): Clip | null {
  if (!isRecord(data) || data.kind !== "pose_clip" || !Array.isArray(data.frames)) return null;
  const frames = data.frames.map(readFrame);
  const { fps, space } = data;
  if (frames.length === 0 || typeof fps !== "number" || !(fps > 0)) return null;
  if (space !== "world" && space !== "image") return null;
  return frames.every((frame) => frame !== null) ? { fps, space, frames } : null;
}

function readFrame(frame: unknown): Frame | null {
  if (!Array.isArray(frame) || frame.length !== POINTS) return null;
  const points = frame.map((point: unknown): Point | null => {
    if (!Array.isArray(point)) return null;
    const [x, y, z = 0] = point as readonly unknown[];
    return [x, y, z].every((part) => typeof part === "number" && Number.isFinite(part)) ? ([x, y, z] as Point) : null;
  });
  return points.every((point) => point !== null) ? points : null;
}

export function lengthOf(clip: Clip): number {
  return clip.frames.length / clip.fps;
}

/** The pose at a time, between two frames in proportion; without `loop` the last frame stays. */
export function poseAt(clip: Clip, seconds: number, loop: boolean): Frame {
  const count = clip.frames.length;
  const asked = Math.max(0, seconds) * clip.fps;
  const position = loop ? asked % count : Math.min(asked, count - 1);
  const first = Math.min(Math.floor(position), count - 1);
  const second = loop ? (first + 1) % count : Math.min(first + 1, count - 1);
  const share = position - first;
  const [a, b] = [clip.frames[first] ?? [], clip.frames[second] ?? []];
  return a.map((point, i) => {
    const to = b[i] ?? point;
    const mix = (part: 0 | 1 | 2) => point[part] + (to[part] - point[part]) * share;
    return [mix(0), mix(1), mix(2)];
  });
}

/** A view from the front, a little from the side and from above: to the right and downwards. */
const [VIEW_YAW, VIEW_TILT] = [0.5, 0.12];

export function seen([x, y, z]: Point, space: Clip["space"]): readonly [number, number] {
  if (space === "image") return [x, y];
  const side = x * Math.cos(VIEW_YAW) + z * Math.sin(VIEW_YAW);
  const depth = -x * Math.sin(VIEW_YAW) + z * Math.cos(VIEW_YAW);
  return [side, -y + depth * VIEW_TILT];
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The box that holds every pose of the clip, and the ground below it. */
export function boxOf(clip: Clip): Box {
  const points = clip.frames.flatMap((frame) => frame.map((point) => seen(point, clip.space)));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  }
  const room = 0.08 * Math.max(right - left, bottom - top, 0.1);
  return { left: left - room, top: top - room, width: right - left + 2 * room, height: bottom - top + 2 * room };
}

/** Bones as pairs of places in a frame. */
export const BONE_PAIRS: readonly (readonly [number, number])[] = BONES.map(([from, to]) => [
  indexOf(from),
  indexOf(to),
]);
export const HEAD = indexOf("nose");
