import { describe, expect, it } from "vitest";
import { stickPosition } from "./drag";
import { type PadState, pressedActions, readPad } from "./gamepad";
import { digit, keyMove } from "./keys";

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

describe("readPad", () => {
  it("ignores sticks that do not quite rest", () => {
    expect(Object.values(readPad(pad([0.1, -0.12, 0.05, 0.14]))).every((value) => value === 0)).toBe(true);
  });

  it("moves with the left stick, looks with the right and walks with the directional pad", () => {
    const values = readPad(pad([1, -1, -1, 1], [12, 15, 7]));
    expect(values).toEqual({
      "move.right": 1,
      "move.forward": 1,
      "look.yaw": -1,
      "look.pitch": -1,
      "move.up": 1,
      "walk.forward": 1,
      "walk.turn": 1,
    });
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
