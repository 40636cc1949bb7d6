import { describe, expect, it } from "vitest";
import {
  bound,
  inverted,
  loadMapping,
  movedSource,
  type PadState,
  readMapped,
  saveMapping,
  STANDARD,
  unbound,
  valueFor,
  withGain,
} from "../../widgets/gamepad/mapping";

function pad(axes: readonly number[] = [], pressed: Readonly<Record<number, number>> = {}): PadState {
  const buttons = Array.from({ length: 17 }, (_, i) => ({ value: pressed[i] ?? 0, pressed: (pressed[i] ?? 0) > 0 }));
  return { axes: [0, 0, 0, 0].map((rest, i) => axes[i] ?? rest), buttons };
}

describe("a gamepad", () => {
  it("moves, looks and walks in the standard layout, and rests in the dead zone", () => {
    const values = readMapped(pad([1, -1, 0.1, 0], { 6: 1, 12: 1, 13: 1 }), STANDARD);
    expect(Object.fromEntries(values)).toEqual({
      "move.right": 1,
      "move.forward": 1,
      "look.yaw": 0,
      "look.pitch": 0,
      "move.up": -1,
      "walk.forward": 0,
      "walk.turn": 0,
    });
  });

  it("learns what was moved from its rest, also for triggers that rest at -1", () => {
    expect(movedSource(pad(), pad([0, -0.9]))).toEqual({ kind: "axis", index: 1, sign: -1 });
    expect(movedSource(pad(), pad([], { 3: 1 }))).toEqual({ kind: "button", index: 3, sign: 1 });
    expect(movedSource(pad([-1]), pad([-1]))).toBeNull();
    expect(movedSource(pad(), pad([0.3]))).toBeNull();
  });

  it("binds an axis in the way it was pushed, and two buttons as a pair", () => {
    const pushed = bound(STANDARD, "4:speed", { kind: "axis", index: 3, sign: -1 }, 1);
    expect(readMapped(pad([0, 0, 0, -1]), pushed).get("4:speed")).toBe(1);
    const pair = bound(
      bound(STANDARD, "zoom", { kind: "button", index: 4, sign: 1 }, 1),
      "zoom",
      { kind: "button", index: 5, sign: 1 },
      -1,
    );
    expect(readMapped(pad([], { 5: 1 }), pair).get("zoom")).toBe(-1);
    expect(readMapped(pad([], { 4: 1 }), pair).get("zoom")).toBe(1);
    expect(readMapped(pad([], { 4: 1 }), unbound(pair, "zoom")).has("zoom")).toBe(false);
  });

  it("is turned round and made weaker", () => {
    expect(readMapped(pad([1]), inverted(STANDARD, "move.right")).get("move.right")).toBe(-1);
    expect(readMapped(pad([1]), withGain(STANDARD, "move.right", 0.5)).get("move.right")).toBe(0.5);
  });

  it("covers the range of an input", () => {
    const speed = { kind: "number", integer: false, ge: -45, le: 45 } as const;
    expect([-1, 0, 0.5].map((share) => valueFor(speed, share))).toEqual([-45, 0, 22.5]);
    const size = { kind: "number", integer: true, ge: 2, le: 8 } as const;
    expect([-1, 0, 1].map((share) => valueFor(size, share))).toEqual([2, 5, 8]);
    expect([0.2, 0.9].map((share) => valueFor({ kind: "toggle" }, share))).toEqual([false, true]);
    expect(valueFor({ kind: "text", multiline: false }, 1)).toBeNull();
  });

  it("is kept in the browser, and damaged notes give the standard layout", () => {
    const store = new Map<string, string>();
    const storage = {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => void store.set(key, value),
    };
    const changed = withGain(STANDARD, "look.yaw", 2);
    expect(saveMapping(changed, storage)).toBe(true);
    expect(loadMapping(storage)).toEqual(changed);
    store.set("nodegraph.gamepad", '{"bindings": [{}], "deadZone": 0.1}');
    expect(loadMapping(storage)).toEqual(STANDARD);
    store.set("nodegraph.gamepad", "{");
    expect(loadMapping(storage)).toEqual(STANDARD);
  });
});
