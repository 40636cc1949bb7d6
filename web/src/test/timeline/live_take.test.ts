import { expect, it } from "vitest";
import { grown, withTicks } from "../../timeline/live_take";
import { entry, take } from "./fixtures";

it("grows a take by the messages of its run", () => {
  const before = take("a", { held: { exact: [], latents: null, video: null } });
  const stats = { type: "take_tick" as const, data: { run_id: "r", tick: 61, stats: { luma: 0.5 }, alarm: null } };
  const after = grown(before, stats);
  expect(after).toMatchObject({ ticks: 62, summary: { first: 0, last: 61, count: 62 } });
  expect(after.held.video).toEqual([0, 61]);
  expect(after.stats.values.luma?.[61]).toBe(0.5);
  expect(after.stats.values.luma?.[60]).toBeNull();
  const held = grown(after, { type: "state_held", data: { run_id: "r", ticks: [0, 24], bytes: 9 } });
  expect(held.held.exact).toEqual([0, 24]);
  expect(grown(held, { type: "queue_changed", data: {} })).toBe(held);
});

it("changes the list of takes only when a take has grown", () => {
  const takes = [entry("a", { ticks: 5 })];
  expect(withTicks(takes, "a", 5)).toBe(takes);
  expect(withTicks(takes, "a", 6)[0]?.ticks).toBe(6);
});
