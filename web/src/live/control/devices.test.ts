import { describe, expect, it } from "vitest";
import { stickPosition } from "./drag";
import { type PadState, STANDARD } from "../../widgets/gamepad/mapping";
import { createPadReader, pressedActions } from "./gamepad";
import { digit, keyMove } from "./keys";
import { createMixer } from "./mixer";

describe("stickPosition", () => {
  it("is still in the middle, full at the rim and beyond, and up is up", () => {
    expect(stickPosition(3, -3, 100)).toEqual({ x: 0, y: 0 });
    expect(stickPosition(100, 0, 100)).toEqual({ x: 1, y: 0 });
    const beyond = stickPosition(0, -400, 100);
    expect(beyond.x).toBeCloseTo(0);
    expect(beyond.y).toBeCloseTo(1);
  });

  it("grows evenly from the edge of the still middle", () => {
    expect(stickPosition(11, 0, 100).x).toBeCloseTo(0.011, 2);
    expect(stickPosition(55, 0, 100).x).toBeCloseTo(0.5);
  });
});

function pad(axes: number[], pressed: number[] = []): PadState {
  const buttons = Array.from({ length: 17 }, (_, place) => {
    const down = pressed.includes(place);
    return { pressed: down, value: down ? 1 : 0 };
  });
  return { axes, buttons };
}

function reading(mapping = STANDARD) {
  const moved = new Map<string, number>();
  const chosen: number[] = [];
  const pushed: [string, number][] = [];
  const reader = createPadReader({
    mixer: createMixer((axis, value) => moved.set(axis, value)),
    mapping: () => mapping,
    chooseAction: (place) => chosen.push(place),
    push: (target, share) => pushed.push([target, share]),
  });
  return { reader, moved, chosen, pushed };
}

describe("a gamepad", () => {
  it("moves with the left stick, looks with the right, and rests when it is let go", () => {
    const { reader, moved } = reading();
    reader.read(pad([1, -1, -1, 1], [7]));
    expect(Object.fromEntries(moved)).toEqual({
      "move.right": 1,
      "move.forward": 1,
      "look.yaw": -1,
      "look.pitch": -1,
      "move.up": 1,
    });
    reader.release();
    expect([...moved.values()].every((value) => value === 0)).toBe(true);
  });

  it("pushes a Live input only when the stick has moved, and an action button only where it is free", () => {
    const mapping = {
      deadZone: 0.1,
      bindings: [
        { target: "4:speed", gain: 1, sources: [{ kind: "axis" as const, index: 0, sign: 1 as const }] },
        { target: "move.up", gain: 1, sources: [{ kind: "button" as const, index: 0, sign: 1 as const }] },
      ],
    };
    const { reader, chosen, pushed } = reading(mapping);
    reader.read(pad([1, 0, 0, 0]));
    reader.read(pad([1, 0, 0, 0], [0, 1]));
    expect(pushed).toEqual([["4:speed", 1]]);
    expect(chosen).toEqual([1]);
  });
});

it("chooses an action once per press", () => {
  const [up, down] = [pad([]), pad([], [1])];
  expect(pressedActions(up, down)).toEqual([1]);
  expect(pressedActions(down, down)).toEqual([]);
});

it("reads keys by their place on the keyboard", () => {
  expect(keyMove("KeyA", false)).toEqual({ axis: "move.right", value: -1 });
  expect(keyMove("ArrowUp", false)?.axis).toBe("look.pitch");
  expect(keyMove("ArrowUp", true)?.axis).toBe("walk.forward");
  expect(keyMove("Space", false)).toBeNull();
  expect([digit("Digit1"), digit("Numpad9"), digit("Digit0"), digit("KeyD")]).toEqual([0, 8, null, null]);
});
