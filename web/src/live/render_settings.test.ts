import { expect, it } from "vitest";
import { queueOptions, type RenderSettings } from "./render_settings";

const SETTINGS: RenderSettings = { count: 1, seedMode: "workflow", seed: 7, seconds: null };

it("leaves seed and length to the workflow unless told otherwise", () => {
  expect(queueOptions(SETTINGS)).toEqual({});
});

it("turns seconds into ticks of a sixth of a second", () => {
  expect(queueOptions({ ...SETTINGS, seconds: 4 })).toEqual({ ticks: 24 });
  expect(queueOptions({ ...SETTINGS, seconds: 0.01 })).toEqual({ ticks: 1 });
});

it("fixes the seed or draws one", () => {
  expect(queueOptions({ ...SETTINGS, seedMode: "fixed" })).toEqual({ seed: 7 });
  expect(queueOptions({ ...SETTINGS, seedMode: "random" }, () => 0.5)).toEqual({ seed: 1073741823 });
});
