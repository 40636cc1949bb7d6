import { describe, expect, it } from "vitest";
import { asKeyframes, byTick, readCell, tableOf, withNext, writeCell } from "../../graph/widgets/keyframes";
import { dragged, fillOf, formatNumber, onStep, parseNumber, stepOf } from "../../graph/widgets/number_drag";
import type { NumberWidget } from "../../protocol/schema";

const widget = (more: Partial<NumberWidget> = {}): NumberWidget => ({ kind: "number", integer: false, ...more });

describe("numbers", () => {
  it("chooses a step from the range when none is given", () => {
    expect(stepOf(widget({ integer: true }))).toBe(1);
    expect(stepOf(widget({ ge: -1, le: 1 }))).toBe(0.01);
    expect(stepOf(widget({ ge: 0, le: 100 }))).toBe(1);
    expect(stepOf(widget({ step: 0.25 }))).toBe(0.25);
  });

  it("keeps to steps and limits without floating dust", () => {
    expect(onStep(widget({ step: 0.1 }), 0.1 + 0.2)).toBe(0.3);
    expect(onStep(widget({ ge: 0, le: 1, step: 0.1 }), 7)).toBe(1);
    expect(onStep(widget({ integer: true }), 2.6)).toBe(3);
  });

  it("reaches both limits within two hundred pixels, finely with Shift", () => {
    const range = widget({ ge: -1, le: 1, step: 0.01 });
    expect(dragged(range, 0, 100, false)).toBe(1);
    expect(dragged(range, 0, -500, false)).toBe(-1);
    expect(dragged(range, 0, 100, true)).toBe(0.1);
  });

  it("fills from zero where the range holds it", () => {
    expect(fillOf(widget({ ge: -1, le: 1 }), 0.5)).toEqual([0.5, 0.75]);
    expect(fillOf(widget({ ge: -1, le: 1 }), -1)).toEqual([0, 0.5]);
    expect(fillOf(widget({ ge: 2, le: 4 }), 3)).toEqual([0, 0.5]);
    expect(fillOf(widget(), 3)).toBeNull();
  });

  it("reads and writes numbers as people do", () => {
    expect([formatNumber(1.5), formatNumber(2), formatNumber(100), formatNumber(0.12345)]).toEqual([
      "1.5",
      "2",
      "100",
      "0.123",
    ]);
    expect([parseNumber("1,5"), parseNumber(" -3 "), parseNumber("x"), parseNumber("")]).toEqual([1.5, -3, null, null]);
  });
});

describe("keyframes", () => {
  const camera = tableOf("camera_keyframes") ?? [];

  it("reads and writes one part of a position", () => {
    const y = camera[2];
    if (!y) throw new Error("the camera table has no third column");
    const frame = writeCell({ tick: 0, position: [1, 2, 3] }, y, 9);
    expect(frame).toEqual({ tick: 0, position: [1, 9, 3] });
    expect(readCell(frame, y)).toBe(9);
    expect(readCell({ tick: 0 }, y)).toBe(0);
  });

  it("shows the node's own default for a field of view that is not given", () => {
    const fov = camera.find(({ path }) => path[0] === "fov");
    expect(fov && readCell({ tick: 0 }, fov)).toBe(55);
  });

  it("adds two seconds after the last and sorts by tick", () => {
    const frames = withNext("prompt_keyframes", [{ tick: 6, text: "a" }]);
    expect(frames.at(-1)).toEqual({ tick: 18, text: "a" });
    expect(byTick([{ tick: 5 }, { tick: 1 }])).toEqual([{ tick: 1 }, { tick: 5 }]);
  });

  it("leaves other shapes to the JSON editor", () => {
    expect(asKeyframes("prompt_keyframes", { a: 1 })).toBeNull();
    expect(asKeyframes("prompt_keyframes", [1])).toBeNull();
    expect(asKeyframes("anything", [])).toBeNull();
    expect(asKeyframes("prompt_keyframes", null)).toEqual([]);
  });
});
