import { describe, expect, it } from "vitest";
import { type Interpolation, makeCurve } from "../../widgets/curve/curve";
import {
  add,
  append,
  extentOf,
  gridLines,
  move,
  place,
  readCurve,
  roundStep,
  snapped,
} from "../../widgets/curve/model";
import { remove } from "../../widgets/keyframes";
import cases from "../fixtures/curves.json";

describe("a curve", () => {
  for (const { name, keyframes, interpolation, loop, samples } of cases) {
    it(`is the server's: ${name}`, () => {
      const at = makeCurve(keyframes, interpolation as Interpolation, loop);
      for (const [tick, value] of samples) expect(at(tick ?? 0)).toBeCloseTo(value ?? Number.NaN, 9);
    });
  }

  it("is 0 without keyframes", () => {
    expect(makeCurve([], "smooth", true)(5)).toBe(0);
  });
});

describe("keyframes of a curve", () => {
  const keys = [
    { tick: 0, value: 0 },
    { tick: 10, value: 4 },
    { tick: 20, value: 1 },
  ];

  it("never change places under the hand", () => {
    expect(move(keys, 1, { tick: 50, value: 2 }).keys[1]).toEqual({ tick: 19, value: 2 });
    expect(move(keys, 1, { tick: -5, value: 2 }).keys[1]).toEqual({ tick: 1, value: 2 });
    expect(move(keys, 2, { tick: 50.4, value: 2 }).keys[2]).toEqual({ tick: 50, value: 2 });
  });

  it("jump over others from the table, and step beside one that holds their tick", () => {
    const { keys: after, selected } = place(keys, 0, { tick: 10, value: 7 });
    expect(after.map(({ tick }) => tick)).toEqual([10, 11, 20]);
    expect(selected).toBe(1);
  });

  it("are added, replaced at their tick, appended and removed, but never all", () => {
    expect(add(keys, { tick: 5.2, value: 9 }).keys.map(({ tick }) => tick)).toEqual([0, 5, 10, 20]);
    expect(add(keys, { tick: 10, value: 9 }).keys[1]).toEqual({ tick: 10, value: 9 });
    expect(append(keys).keys.at(-1)).toEqual({ tick: 26, value: 1 });
    expect(append([]).keys).toEqual([{ tick: 0, value: 0 }]);
    expect(remove(keys, 2)).toEqual({ keys: keys.slice(0, 2), selected: 1 });
    expect(remove(keys.slice(0, 1), 0).keys).toHaveLength(1);
  });

  it("are read sorted, with whole ticks, each once", () => {
    expect(readCurve([{ tick: 7 }, { tick: 2, value: 1 }, { tick: 7, value: 3 }, 4])).toEqual([
      { tick: 2, value: 1 },
      { tick: 7, value: 0 },
      { tick: 8, value: 3 },
    ]);
    expect(readCurve(null)).toEqual([]);
  });
});

describe("the plane of a curve", () => {
  it("shows the range of what it drives, or all keyframes where they leave it", () => {
    const shown = extentOf([{ tick: 60, value: 3 }], [-45, 45]);
    expect(shown.ticks).toBe(69);
    expect(shown.low).toBeLessThan(-45);
    expect(extentOf([{ tick: 0, value: 100 }], [-45, 45]).high).toBeGreaterThan(100);
    expect(extentOf([], null)).toEqual({ ticks: 24, low: -0.08, high: 1.08 });
    expect(extentOf([{ tick: 0, value: 5 }], null).high).toBeGreaterThan(5);
  });

  it("has round lines and snaps to parts of them", () => {
    expect(roundStep(90, 6)).toBe(20);
    expect(roundStep(1.16, 6)).toBe(0.2);
    expect(gridLines(-0.3, 0.5, 0.2)).toEqual([-0.2, 0, 0.2, 0.4]);
    expect(snapped(0.1234, { ticks: 24, low: 0, high: 1 }, false)).toBe(0.12);
    expect(snapped(0.1234, { ticks: 24, low: 0, high: 1 }, true)).toBe(0.1234);
  });
});
