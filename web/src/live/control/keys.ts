/** Which key moves which axis. Physical keys (KeyboardEvent.code), so that WASD sits at the same place on every layout. */
import type { Axis, Mixer } from "./mixer";

export interface KeyMove {
  axis: Axis;
  value: 1 | -1;
}

const CAMERA_KEYS: Record<string, KeyMove> = {
  KeyW: { axis: "move.forward", value: 1 },
  KeyS: { axis: "move.forward", value: -1 },
  KeyD: { axis: "move.right", value: 1 },
  KeyA: { axis: "move.right", value: -1 },
  KeyE: { axis: "move.up", value: 1 },
  KeyQ: { axis: "move.up", value: -1 },
  Equal: { axis: "zoom", value: 1 },
  NumpadAdd: { axis: "zoom", value: 1 },
  Minus: { axis: "zoom", value: -1 },
  NumpadSubtract: { axis: "zoom", value: -1 },
  KeyI: { axis: "walk.forward", value: 1 },
  KeyK: { axis: "walk.forward", value: -1 },
  KeyL: { axis: "walk.turn", value: 1 },
  KeyJ: { axis: "walk.turn", value: -1 },
};

const ARROWS_LOOK: Record<string, KeyMove> = {
  ArrowUp: { axis: "look.pitch", value: 1 },
  ArrowDown: { axis: "look.pitch", value: -1 },
  ArrowRight: { axis: "look.yaw", value: 1 },
  ArrowLeft: { axis: "look.yaw", value: -1 },
};

const ARROWS_WALK: Record<string, KeyMove> = {
  ArrowUp: { axis: "walk.forward", value: 1 },
  ArrowDown: { axis: "walk.forward", value: -1 },
  ArrowRight: { axis: "walk.turn", value: 1 },
  ArrowLeft: { axis: "walk.turn", value: -1 },
};

/** With `driveCharacter` the arrow keys walk instead of turning the camera. */
export function keyMove(code: string, driveCharacter: boolean): KeyMove | null {
  return (driveCharacter ? ARROWS_WALK : ARROWS_LOOK)[code] ?? CAMERA_KEYS[code] ?? null;
}

/** Number keys 1-9 choose the option of that place; null for other keys. */
export function digit(code: string): number | null {
  const match = /^(?:Digit|Numpad)([1-9])$/.exec(code);
  return match ? Number(match[1]) - 1 : null;
}

/** The keys held at the moment, as axis values in a mixer. */
export function createKeyState(mixer: Mixer) {
  const held = new Map<string, KeyMove>();

  function apply(axis: Axis): void {
    let sum = 0;
    for (const move of held.values()) if (move.axis === axis) sum += move.value;
    mixer.set("keys", axis, Math.max(-1, Math.min(1, sum)));
  }

  return {
    /** True when the key moves something. */
    down(code: string, driveCharacter: boolean): boolean {
      const move = keyMove(code, driveCharacter);
      if (!move) return false;
      held.set(code, move);
      apply(move.axis);
      return true;
    },
    up(code: string): void {
      const move = held.get(code);
      if (!move) return;
      held.delete(code);
      apply(move.axis);
    },
    clear(): void {
      held.clear();
      mixer.release("keys");
    },
    held: (code: string) => held.has(code),
  };
}

export type KeyState = ReturnType<typeof createKeyState>;
