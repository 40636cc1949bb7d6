/** The stage's controls as one object: devices go in, control messages for the bound inputs come out. */
import { type ActionBinding, type Binding, type Bindings, NO_BINDINGS } from "./control/bindings";
import { createKeyState, digit } from "./control/keys";
import { type Axis, createMixer, type Mixer } from "./control/mixer";

export interface Steering {
  readonly mixer: Mixer;
  /** The workflow changed: steer its inputs from now on. */
  bind(bindings: Bindings): void;
  /** True when the key meant something. */
  keyDown(code: string): boolean;
  keyUp(code: string): void;
  chooseAction(place: number): boolean;
  setDriveCharacter(on: boolean): void;
  keypoints(value: unknown): void;
  /** One notch of the wheel: zoom for a moment. */
  wheel(direction: 1 | -1): void;
  releaseAll(): void;
}

export interface SteeringOptions {
  send: (binding: Binding, value: unknown) => void;
  /** Told which axes are held, for the on-screen display. */
  moved?: (axis: Axis, value: number) => void;
  chosen?: (action: string) => void;
}

const WHEEL_MS = 160;

export function createSteering({ send, moved, chosen }: SteeringOptions): Steering {
  let bindings = NO_BINDINGS;
  let driveCharacter = false;
  let wheelTimer: ReturnType<typeof setTimeout> | undefined;

  const mixer = createMixer((axis, value) => {
    for (const binding of bindings.axes[axis] ?? []) send(binding, value);
    moved?.(axis, value);
  });
  const keys = createKeyState(mixer);

  function choose(binding: ActionBinding, place: number): boolean {
    const option = binding.options[place];
    if (option === undefined) return false;
    send(binding, option);
    chosen?.(option);
    return true;
  }

  function chooseAction(place: number): boolean {
    return bindings.actions.map((binding) => choose(binding, place)).some(Boolean);
  }

  return {
    mixer,
    bind(next) {
      bindings = next;
    },
    keyDown(code) {
      const place = digit(code);
      if (place !== null) return chooseAction(place);
      return keys.down(code, driveCharacter);
    },
    keyUp: (code) => keys.up(code),
    chooseAction,
    setDriveCharacter(on) {
      driveCharacter = on;
      keys.clear();
    },
    keypoints(value) {
      for (const binding of bindings.keypoints) send(binding, value);
    },
    wheel(direction) {
      mixer.set("wheel", "zoom", direction);
      clearTimeout(wheelTimer);
      wheelTimer = setTimeout(() => mixer.release("wheel"), WHEEL_MS);
    },
    releaseAll() {
      clearTimeout(wheelTimer);
      keys.clear();
      mixer.releaseAll();
    },
  };
}
