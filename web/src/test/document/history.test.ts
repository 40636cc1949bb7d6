import { describe, expect, it } from "vitest";
import type { Edit } from "../../document/edits";
import { NO_HISTORY, record, redo, type Timeline, undo } from "../../document/history";
import { documentOf, node } from "../fixtures/documents";

const start: Timeline = { doc: documentOf([node("1", "a", { inputs: { v: 0 } })]), history: NO_HISTORY };
const set = (value: number, input = "v"): Edit => ({ kind: "set-input", node: "1", input, value });
const held = (timeline: Timeline, input = "v") => timeline.doc.nodes[0]?.inputs[input];

function drag(timeline: Timeline, values: readonly number[], from_ms: number): Timeline {
  return values.reduce(
    (now, value, index) => record(now, set(value), { name: "Change v", merge: "v", now_ms: from_ms + index * 16 }),
    timeline,
  );
}

describe("history", () => {
  it("goes back and forth under the name of each mark", () => {
    const done = record(start, set(5), { name: "Change v", now_ms: 0 });
    expect(done.history.undo.at(-1)?.name).toBe("Change v");
    expect(held(undo(done))).toBe(0);
    expect(held(redo(undo(done)))).toBe(5);
  });

  it("makes one mark of a slider being dragged", () => {
    const done = drag(start, [1, 2, 3, 4], 0);
    expect(done.history.undo).toHaveLength(1);
    expect(held(undo(done))).toBe(0);
    expect(held(redo(undo(done)))).toBe(4);
  });

  it("starts a new mark after a pause, for another input, and after an undo", () => {
    const paused = drag(drag(start, [1, 2], 0), [3], 5000);
    expect(paused.history.undo).toHaveLength(2);
    const other = record(paused, set(1, "w"), { name: "Change w", merge: "w", now_ms: 5001 });
    expect(other.history.undo).toHaveLength(3);
    const undone = undo(drag(start, [1, 2], 0));
    expect(held(undo(drag(redo(undone), [3], 20)))).toBe(2);
  });

  it("merges other edits with the same key by running all of them back", () => {
    const move = (x: number): Edit => ({ kind: "patch-nodes", patches: new Map([["1", { pos: [x, 0] as const }]]) });
    const once = record(start, move(10), { name: "Move", merge: "move:1", now_ms: 0 });
    const twice = record(once, move(20), { name: "Move", merge: "move:1", now_ms: 10 });
    expect(twice.history.undo).toHaveLength(1);
    expect(undo(twice).doc.nodes[0]?.pos).toEqual([0, 0]);
    expect(redo(undo(twice)).doc.nodes[0]?.pos).toEqual([20, 0]);
  });

  it("forgets what was undone once something else is done", () => {
    const branched = record(undo(drag(start, [1], 0)), set(9), { name: "Change v", now_ms: 10 });
    expect(branched.history.redo).toEqual([]);
    expect(redo(branched)).toBe(branched);
  });

  it("leads back to the beginning after two thousand changes, exactly", () => {
    let now = start;
    for (let n = 1; n <= 2000; n++) now = record(now, set(n), { name: "Change v", now_ms: n });
    while (now.history.undo.length > 0) now = undo(now);
    expect(now.history.redo).toHaveLength(2000);
    expect(now.doc).toEqual(start.doc);
  });

  it("records nothing when nothing changed", () => {
    expect(record(start, set(0), { name: "Change v", now_ms: 0 })).toBe(start);
    expect(undo(start)).toBe(start);
  });
});
