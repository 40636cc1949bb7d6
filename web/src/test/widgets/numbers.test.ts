import { describe, expect, it } from "vitest";
import { evaluate } from "../../graph/widgets/arithmetic";
import { asColor } from "../../graph/widgets/color";
import { dragged, fillOf, finenessOf, formatNumber, limit, onStep, stepOf } from "../../graph/widgets/number_drag";
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

  it("reaches both limits within two hundred pixels, finely with Shift, finer still with Alt", () => {
    const range = widget({ ge: -1, le: 1, step: 0.01 });
    expect(dragged(range, 0, 100, 1)).toBe(1);
    expect(dragged(range, 0, -500, 1)).toBe(-1);
    expect(dragged(range, 0, 100, 0.1)).toBe(0.1);
    expect(dragged(range, 0, 15, 0.1)).toBe(0.015);
    expect(dragged(range, 0, 15, 0.01)).toBe(0.0015);
    expect([finenessOf({ shiftKey: true, altKey: false }), finenessOf({ shiftKey: true, altKey: true })]).toEqual([
      0.1, 0.01,
    ]);
    expect(dragged(widget({ ge: 0, le: 100, integer: true }), 10, 15, 0.1)).toBe(11);
  });

  it("slides over the soft range only, while typed numbers go up to the limits", () => {
    const soft = widget({ ge: -1e12, le: 1e12, soft: [-10, 10], step: 0.1 });
    expect(dragged(soft, 0, 50, 1)).toBe(5);
    expect(dragged(soft, 0, 5000, 1)).toBe(10);
    expect(dragged(soft, 500, 50, 1)).toBe(500);
    expect(limit(soft, 500)).toBe(500);
    expect(fillOf(soft, 5)).toEqual([0.5, 0.75]);
  });

  it("fills from zero where the range holds it", () => {
    expect(fillOf(widget({ ge: -1, le: 1 }), 0.5)).toEqual([0.5, 0.75]);
    expect(fillOf(widget({ ge: -1, le: 1 }), -1)).toEqual([0, 0.5]);
    expect(fillOf(widget({ ge: 2, le: 4 }), 3)).toEqual([0, 0.5]);
    expect(fillOf(widget(), 3)).toBeNull();
  });

  it("writes numbers as people do", () => {
    expect([1.5, 2, 100, 0.12345, 0.0015].map(formatNumber)).toEqual(["1.5", "2", "100", "0.123", "0.0015"]);
  });
});

describe("arithmetic in a field", () => {
  it.each([
    ["2*3", 6],
    ["1,5", 1.5],
    [" -3 ", -3],
    ["2+3*4", 14],
    ["(2+3)*4", 20],
    ["2^3^2", 512],
    ["-2^2", -4],
    ["10/4-.5", 2],
    ["0.1+0.2", 0.3],
    ["2**10", 1024],
    ["pi*2", 6.28318530718],
    ["1e3", 1000],
  ])("%s is %d", (typed, value) => {
    expect(evaluate(typed)).toBe(value);
  });

  it.each(["", "x", "2+", "(2", "2)", "1/0", "2 3", "1.2.3", "--"])("%j is no number", (typed) => {
    expect(evaluate(typed)).toBeNull();
  });

  it("takes the field's own unit", () => {
    expect(evaluate("2.5 m/s", "m/s")).toBe(2.5);
    expect(evaluate("2*3m", "m")).toBe(6);
    expect(evaluate("2 kg", "m")).toBeNull();
  });
});

describe("colours", () => {
  it("are read with or without #, long or short", () => {
    expect(["#3B82F6", "3b82f6", "#abc", " f00 "].map(asColor)).toEqual(["#3b82f6", "#3b82f6", "#aabbcc", "#ff0000"]);
    expect(["red", "#12345", ""].map(asColor)).toEqual([null, null, null]);
  });
});
