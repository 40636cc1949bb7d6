/** Camera keyframes as they stand in a workflow, and the edits of the editor. Pure: each returns a new list. */
import { isRecord } from "../../document/parse";
import { type Edited, inOrder, inserted, MAX_TICK } from "../keyframes";
import { clamp, type Vec3 } from "./vector";
import { sampleAt } from "./spline";

/** One keyframe: metres and degrees; a tick is a sixth of a second. */
export interface CameraKey {
  readonly tick: number;
  readonly position: Vec3;
  readonly yaw: number;
  readonly pitch: number;
  readonly fov: number;
}

export type CameraPath = readonly CameraKey[];

/** What the node takes; nodes/_keyframes.py refuses anything beyond. */
export const LIMITS = { distance: 1000, pitch: 89, fov: [10, 120] as const, tick: MAX_TICK };
export const TICKS_A_SECOND = 6;
export const FIRST_KEY: CameraKey = { tick: 0, position: [0, 1.5, 4], yaw: 0, pitch: 0, fov: 55 };
const TICKS_APART = 12;

const number = (value: unknown, fallback: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : fallback;

/** Read a widget's value; what is missing gets the node's own default, what is no keyframe is left out. */
export function readPath(value: unknown): CameraPath {
  if (!Array.isArray(value)) return [];
  return settle(value.filter(isRecord).map(readKey));
}

function readKey(key: Readonly<Record<string, unknown>>): CameraKey {
  const place: readonly unknown[] = Array.isArray(key.position) ? key.position : [];
  return {
    tick: number(key.tick, 0),
    position: [number(place[0], 0), number(place[1], 1.5), number(place[2], 4)],
    yaw: number(key.yaw, 0),
    pitch: number(key.pitch, 0),
    fov: number(key.fov, 55),
  };
}

const round = (value: number, decimals: number) => Number(value.toFixed(decimals)) || 0;

/** A keyframe inside the node's limits, rounded to millimetres and hundredths of a degree. */
export function withinLimits(key: CameraKey): CameraKey {
  const metres = (value: number) => round(clamp(value, -LIMITS.distance, LIMITS.distance), 3);
  return {
    tick: Math.round(clamp(key.tick, 0, LIMITS.tick)),
    position: [metres(key.position[0]), metres(key.position[1]), metres(key.position[2])],
    yaw: round(wrapped(key.yaw), 2),
    pitch: round(clamp(key.pitch, -LIMITS.pitch, LIMITS.pitch), 2),
    fov: round(clamp(key.fov, ...LIMITS.fov), 2),
  };
}

/** A yaw within -180..180; 180 itself stays. */
export function wrapped(deg: number): number {
  if (deg >= -180 && deg <= 180) return deg;
  return ((((deg + 180) % 360) + 360) % 360) - 180;
}

/** Inside the limits and by rising tick, each tick once. */
export function settle(keys: readonly CameraKey[]): CameraPath {
  return inOrder(keys.map(withinLimits));
}

/** Change one keyframe. A tick that another keyframe holds is refused by standing one beside it. */
export function change(path: CameraPath, index: number, patch: Partial<CameraKey>): Edited<CameraKey> {
  const before = path[index];
  if (!before) return { keys: path, selected: index };
  const others = path.filter((_, at) => at !== index);
  const key = withinLimits({ ...before, ...patch });
  const tick = freeTick(others, key.tick, before.tick);
  return inserted(others, { ...key, tick });
}

function freeTick(others: CameraPath, wanted: number, now: number): number {
  const taken = new Set(others.map((key) => key.tick));
  if (!taken.has(wanted)) return wanted;
  const step = wanted >= now ? 1 : -1;
  let tick = wanted;
  while (taken.has(tick)) tick += step;
  if (tick >= 0) return tick;
  tick = wanted;
  while (taken.has(tick)) tick += 1;
  return tick;
}

/** A keyframe on the path at a tick: where the camera is then, so that the path keeps its shape. */
export function addAt(path: CameraPath, tick: number, loop: boolean): Edited<CameraKey> {
  const at = Math.round(clamp(tick, 0, LIMITS.tick));
  const here = path.findIndex((key) => key.tick === at);
  if (here >= 0) return { keys: path, selected: here };
  const last = path.at(-1);
  if (!last) return inserted([], { ...FIRST_KEY, tick: at });
  const from = at > last.tick ? { ...last, tick: at } : { ...sampleAt(path, at, loop), tick: at };
  return inserted(path, withinLimits(from));
}

/** A copy two seconds after the last keyframe. */
export function duplicate(path: CameraPath, index: number): Edited<CameraKey> {
  const [key, last] = [path[index], path.at(-1)];
  if (!key || !last) return { keys: path, selected: index };
  return inserted(path, withinLimits({ ...key, tick: last.tick + TICKS_APART }));
}
