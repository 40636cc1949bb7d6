/** A gamepad with the standard mapping as axis values: left stick moves, right stick looks, triggers go down and up. */
import type { Axis, Mixer } from "./mixer";

/** The part of a Gamepad that is read. */
export interface PadState {
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
}

const DEAD_ZONE = 0.15;
const BUTTONS = { leftTrigger: 6, rightTrigger: 7, up: 12, down: 13, left: 14, right: 15 } as const;
/** A, B, X, Y, left and right shoulder choose the actions 1-6. */
export const ACTION_BUTTONS = [0, 1, 2, 3, 4, 5] as const;

function withoutDeadZone(value: number): number {
  const size = Math.abs(value);
  return size < DEAD_ZONE ? 0 : (Math.sign(value) * (size - DEAD_ZONE)) / (1 - DEAD_ZONE);
}

/** Axis values of one reading; the directional pad walks. */
export function readPad(pad: PadState): Partial<Record<Axis, number>> {
  const stick = (index: number) => withoutDeadZone(pad.axes[index] ?? 0);
  const button = (index: number) => pad.buttons[index]?.value ?? 0;
  return {
    "move.right": stick(0),
    "move.forward": -stick(1) || 0,
    "look.yaw": stick(2),
    "look.pitch": -stick(3) || 0,
    "move.up": button(BUTTONS.rightTrigger) - button(BUTTONS.leftTrigger),
    "walk.forward": button(BUTTONS.up) - button(BUTTONS.down),
    "walk.turn": button(BUTTONS.right) - button(BUTTONS.left),
  };
}

/** Places of the action buttons that went down between two readings. */
export function pressedActions(before: PadState | null, now: PadState): number[] {
  return ACTION_BUTTONS.filter((button) => now.buttons[button]?.pressed && !before?.buttons[button]?.pressed).map(
    (button) => ACTION_BUTTONS.indexOf(button),
  );
}

/** Poll the first standard gamepad, once per animation frame and only while one is connected. */
export function watchGamepad(mixer: Mixer, chooseAction: (place: number) => void): () => void {
  let frame = 0;
  let before: PadState | null = null;

  function firstPad(): Gamepad | null {
    return navigator.getGamepads().find((pad) => pad?.connected && pad.mapping === "standard") ?? null;
  }

  function poll(): void {
    const pad = firstPad();
    if (!pad) {
      stop();
      return;
    }
    for (const [axis, value] of Object.entries(readPad(pad))) mixer.set("gamepad", axis as Axis, value);
    const now = { axes: pad.axes, buttons: pad.buttons.map(({ pressed, value }) => ({ pressed, value })) };
    if (before) for (const place of pressedActions(before, now)) chooseAction(place);
    before = now;
    frame = requestAnimationFrame(poll);
  }

  function start(): void {
    if (frame === 0) frame = requestAnimationFrame(poll);
  }

  function stop(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    before = null;
    mixer.release("gamepad");
  }

  window.addEventListener("gamepadconnected", start);
  window.addEventListener("gamepaddisconnected", stop);
  if (firstPad()) start();
  return () => {
    stop();
    window.removeEventListener("gamepadconnected", start);
    window.removeEventListener("gamepaddisconnected", stop);
  };
}
