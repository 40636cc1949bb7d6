/**
 * Several devices move the same stage control (keys, drag, on-screen stick, gamepad). An axis is the sum of what they
 * ask for, limited to -1..1; letting one go leaves the others.
 */

export type Axis =
  | "move.forward"
  | "move.right"
  | "move.up"
  | "look.yaw"
  | "look.pitch"
  | "zoom"
  | "walk.forward"
  | "walk.turn";

export const AXES: readonly Axis[] = [
  "move.forward",
  "move.right",
  "move.up",
  "look.yaw",
  "look.pitch",
  "zoom",
  "walk.forward",
  "walk.turn",
];

export type Source = "keys" | "drag" | "stick-left" | "stick-right" | "gamepad" | "wheel";

export interface Mixer {
  set(source: Source, axis: Axis, value: number): void;
  /** Set every axis of a source to zero: key release, blur, pointer cancel, gamepad gone. */
  release(source: Source): void;
  releaseAll(): void;
  value(axis: Axis): number;
}

/** Two decimals: a hand does not aim finer, and equal values are not sent twice. */
const round = (value: number) => Math.round(value * 100) / 100 || 0;

export function createMixer(changed: (axis: Axis, value: number) => void): Mixer {
  const parts = new Map<Axis, Map<Source, number>>(AXES.map((axis) => [axis, new Map()]));
  const totals = new Map<Axis, number>();

  function update(axis: Axis): void {
    let sum = 0;
    for (const part of parts.get(axis)?.values() ?? []) sum += part;
    const total = round(Math.max(-1, Math.min(1, sum)));
    if ((totals.get(axis) ?? 0) === total) return;
    totals.set(axis, total);
    changed(axis, total);
  }

  function set(source: Source, axis: Axis, value: number): void {
    if (value === 0) parts.get(axis)?.delete(source);
    else parts.get(axis)?.set(source, value);
    update(axis);
  }

  const release = (source: Source) => {
    for (const axis of AXES) set(source, axis, 0);
  };

  return {
    set,
    release,
    releaseAll() {
      for (const axis of AXES) {
        parts.get(axis)?.clear();
        update(axis);
      }
    },
    value: (axis) => totals.get(axis) ?? 0,
  };
}
