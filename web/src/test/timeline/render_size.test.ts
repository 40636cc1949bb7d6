import { expect, it } from "vitest";
import { renderSize } from "../../timeline/render_size";

it("renders as recorded where neither side is given", () => {
  expect(renderSize([256, 144], "", "")).toBeNull();
  expect(renderSize([256, 144], "-5", "x")).toBeNull();
});

it("lets a side that is left empty follow the take's shape, in whole steps", () => {
  expect(renderSize([256, 144], "512", "")).toEqual({ width: 512, height: 288 });
  expect(renderSize([256, 144], "", "300")).toEqual({ width: 528, height: 304 });
  expect(renderSize(null, "500", "")).toEqual({ width: 496, height: 496 });
});

it("keeps both sides that are given, within what can be rendered", () => {
  expect(renderSize([256, 144], "320", "320")).toEqual({ width: 320, height: 320 });
  expect(renderSize([256, 144], "99999", "3")).toEqual({ width: 4096, height: 16 });
});
