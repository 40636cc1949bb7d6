/** A gamepad steers by its mapping: stage controls through the mixer, Live inputs by "node:input", buttons choose actions. */
import { type PadMapping, type PadState, readMapped } from "../../widgets/gamepad/mapping";
import { AXES, type Axis, type Mixer } from "./mixer";

/** A, B, X, Y, left and right shoulder choose the actions 1-6, where the mapping leaves them free. */
export const ACTION_BUTTONS = [0, 1, 2, 3, 4, 5] as const;
/** A Live input follows a stick only when it moved by more than this. */
const MOVED = 0.004;

export interface PadReader {
  /** Take one reading; call once per animation frame. */
  read(pad: PadState): void;
  release(): void;
}

export interface PadReaderOptions {
  readonly mixer: Mixer;
  readonly mapping: () => PadMapping;
  readonly chooseAction: (place: number) => void;
  /** A Live input ("node:input") is pushed, -1..1. */
  readonly push: (target: string, share: number) => void;
}

/** Places of the action buttons that went down between two readings. */
export function pressedActions(before: PadState | null, now: PadState): number[] {
  return ACTION_BUTTONS.filter((button) => now.buttons[button]?.pressed && !before?.buttons[button]?.pressed).map(
    (button) => ACTION_BUTTONS.indexOf(button),
  );
}

const isAxis = (target: string): target is Axis => (AXES as readonly string[]).includes(target);

function boundButtons({ bindings }: PadMapping): ReadonlySet<number> {
  const sources = bindings.flatMap((binding) => binding.sources);
  return new Set(sources.flatMap(({ kind, index }) => (kind === "button" ? [index] : [])));
}

export function createPadReader({ mixer, mapping, chooseAction, push }: PadReaderOptions): PadReader {
  let before: PadState | null = null;
  let shares = new Map<string, number>();

  function pushInputs(values: ReadonlyMap<string, number>): void {
    for (const [target, share] of values) {
      if (isAxis(target) || Math.abs(share - (shares.get(target) ?? 0)) < MOVED) continue;
      shares.set(target, share);
      push(target, share);
    }
  }

  return {
    read(pad) {
      const map = mapping();
      const values = readMapped(pad, map);
      for (const axis of AXES) mixer.set("gamepad", axis, values.get(axis) ?? 0);
      pushInputs(values);
      const used = boundButtons(map);
      if (before) {
        for (const place of pressedActions(before, pad)) {
          if (!used.has(ACTION_BUTTONS[place] ?? -1)) chooseAction(place);
        }
      }
      before = { axes: pad.axes, buttons: pad.buttons.map(({ pressed, value }) => ({ pressed, value })) };
    },
    release() {
      before = null;
      shares = new Map();
      mixer.release("gamepad");
    },
  };
}

/** Poll the first gamepad, once per animation frame and only while one is connected. */
export function watchGamepad(reader: PadReader): () => void {
  let frame = 0;
  const firstPad = () => navigator.getGamepads().find((pad) => pad?.connected) ?? null;

  function poll(): void {
    const pad = firstPad();
    if (!pad) {
      stop();
      return;
    }
    reader.read(pad);
    frame = requestAnimationFrame(poll);
  }
  function start(): void {
    if (frame === 0) frame = requestAnimationFrame(poll);
  }
  function stop(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    reader.release();
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
