import { describe, expect, it } from "vitest";
import { type Interpolation, makeCurve } from "../../widgets/curve/curve";
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
