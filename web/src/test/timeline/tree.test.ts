import { expect, it } from "vitest";
import { lastTick, treeRows } from "../../timeline/tree";
import { entry } from "./fixtures";

it("puts branches below their parent, by the tick where they left, and the newest tree first", () => {
  const rows = treeRows([
    entry("old", { created: 1 }),
    entry("root", { created: 2 }),
    entry("late", { parent: "root", parent_tick: 40, created: 4 }),
    entry("early", { parent: "root", parent_tick: 12, created: 5 }),
    entry("twig", { parent: "early", parent_tick: 20, created: 6, ticks: 90 }),
  ]);
  expect(rows.map(({ take, depth, parentRow }) => [take.take_id, depth, parentRow])).toEqual([
    ["root", 0, null],
    ["early", 1, 0],
    ["twig", 2, 1],
    ["late", 1, 0],
    ["old", 0, null],
  ]);
  expect(rows[2]).toMatchObject({ from: 20, to: 90 });
  expect(lastTick(rows)).toBe(90);
});

it("shows a branch whose parent was deleted as a tree of its own", () => {
  const [row] = treeRows([entry("orphan", { parent: "gone", parent_tick: 30, ticks: 36 })]);
  expect(row).toMatchObject({ depth: 0, parentRow: null, from: 30, to: 36 });
});
