import { expect, it } from "vitest";
import { changedNodes } from "../../live/follow/changes";
import { documentOf, node } from "../fixtures/documents";

const schemaOf = () => undefined;

it("names nodes that were added, changed or rewired, and no others", () => {
  const before = documentOf([node("1", "a"), node("2", "b"), node("3", "c")], ["1.x -> 2.x"]);
  const after = documentOf(
    [node("1", "a"), node("2", "b"), node("3", "c", { inputs: { size: 2 } }), node("4", "d")],
    ["1.x -> 2.y"],
  );
  expect(changedNodes(before, after, schemaOf)).toEqual(["2", "3", "4"]);
  expect(changedNodes(before, before, schemaOf)).toEqual([]);
});

it("does not count a node that was only moved", () => {
  const before = documentOf([node("1", "a")]);
  expect(changedNodes(before, documentOf([node("1", "a", { pos: [50, 60] })]), schemaOf)).toEqual([]);
});
