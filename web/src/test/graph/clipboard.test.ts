import { describe, expect, it } from "vitest";
import { clipOf, createIds, instantiate, readClip, writeClip } from "../../graph/clipboard";
import { documentOf, edge, node } from "../fixtures/documents";

const DOC = documentOf(
  [node("1", "a", { pos: [10, 10] }), node("2", "b", { pos: [110, 60] }), node("7", "c")],
  ["1.out -> 2.in", "7.out -> 2.more"],
);

describe("clipboard", () => {
  it("survives the trip through text", () => {
    const clip = clipOf(DOC, ["1", "2"]);
    expect(readClip(writeClip(clip))).toEqual(clip);
  });

  it.each(["", "hello", "{}", '{"format":"nodegraph/nodes"}', '{"format":"nodegraph/nodes","nodes":[1]}'])(
    "reads nothing from %j",
    (content) => {
      expect(readClip(content)).toBeNull();
    },
  );

  it("gives new ids, moves to the place and wires the copies among themselves", () => {
    const { nodes, edges } = instantiate(DOC, clipOf(DOC, ["1", "2"]), { x: 500, y: 300 }, false);
    expect(nodes.map(({ id, pos }) => [id, pos])).toEqual([
      ["8", [500, 300]],
      ["9", [600, 350]],
    ]);
    expect(edges).toEqual([edge("8.out -> 9.in")]);
  });

  it("keeps wires from outside when asked, but only from nodes that exist", () => {
    const clip = clipOf(DOC, ["2"]);
    expect(instantiate(DOC, clip, { x: 0, y: 0 }, true).edges).toHaveLength(2);
    expect(instantiate(documentOf([]), clip, { x: 0, y: 0 }, true).edges).toEqual([]);
  });

  it("hands out ids beyond the highest number, whatever other ids there are", () => {
    const next = createIds(documentOf([node("12", "a"), node("main", "b"), node("3", "c")]));
    expect([next(), next()]).toEqual(["13", "14"]);
  });
});
