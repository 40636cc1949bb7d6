/** Columns of the keyframe tables, by the schema that a Json widget names. Pure. */
import { isRecord } from "../../document/parse";

export interface Column {
  readonly path: readonly [string] | readonly [string, number];
  readonly label: string;
  readonly kind: "number" | "text";
  readonly step?: number;
  /** What the node takes where a keyframe says nothing. */
  readonly fallback?: number;
}

export type Keyframe = Readonly<Record<string, unknown>>;

const TICK: Column = { path: ["tick"], label: "tick", kind: "number", step: 1 };

const TABLES: Readonly<Record<string, { readonly columns: readonly Column[]; readonly first: Keyframe }>> = {
  prompt_keyframes: {
    columns: [TICK, { path: ["text"], label: "text", kind: "text" }],
    first: { tick: 0, text: "" },
  },
  camera_keyframes: {
    columns: [
      TICK,
      { path: ["position", 0], label: "x (m)", kind: "number", step: 0.1 },
      { path: ["position", 1], label: "y (m)", kind: "number", step: 0.1 },
      { path: ["position", 2], label: "z (m)", kind: "number", step: 0.1 },
      { path: ["yaw"], label: "yaw (deg)", kind: "number", step: 1 },
      { path: ["pitch"], label: "pitch (deg)", kind: "number", step: 1 },
      { path: ["fov"], label: "fov (deg)", kind: "number", step: 1, fallback: 55 },
    ],
    first: { tick: 0, position: [0, 1.5, 5], yaw: 0, pitch: 0, fov: 55 },
  },
};

const TICKS_APART = 12;

export function tableOf(schema: string): readonly Column[] | null {
  return TABLES[schema]?.columns ?? null;
}

/** The value as keyframes, or null when it has another shape and must be edited as JSON. */
export function asKeyframes(schema: string, value: unknown): readonly Keyframe[] | null {
  if (!TABLES[schema]) return null;
  if (value == null) return [];
  return Array.isArray(value) && value.every(isRecord) ? value : null;
}

export function readCell(frame: Keyframe, { path, kind, fallback = 0 }: Column): string | number {
  const outer = frame[path[0]];
  const value = path.length === 2 ? (Array.isArray(outer) ? (outer[path[1]] as unknown) : undefined) : outer;
  if (typeof value === "number" || typeof value === "string") return value;
  return kind === "number" ? fallback : "";
}

export function writeCell(frame: Keyframe, { path }: Column, value: string | number): Keyframe {
  if (path.length === 1) return { ...frame, [path[0]]: value };
  const before: readonly unknown[] = Array.isArray(frame[path[0]]) ? (frame[path[0]] as readonly unknown[]) : [];
  const list = [before[0] ?? 0, before[1] ?? 0, before[2] ?? 0];
  list[path[1]] = value;
  return { ...frame, [path[0]]: list };
}

/** One more keyframe, a copy of the last one two seconds later. */
export function withNext(schema: string, frames: readonly Keyframe[]): readonly Keyframe[] {
  const last = frames.at(-1);
  const tick = typeof last?.tick === "number" ? last.tick + TICKS_APART : 0;
  return [...frames, { ...(last ?? TABLES[schema]?.first ?? {}), tick }];
}

export function byTick(frames: readonly Keyframe[]): readonly Keyframe[] {
  return [...frames].sort((a, b) => Number(a.tick ?? 0) - Number(b.tick ?? 0));
}
