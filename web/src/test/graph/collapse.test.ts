import { expect, it } from "vitest";
import { toFlowNodes } from "../../graph/flow_model";
import { documentOf, node } from "../fixtures/documents";

const schemaOf = () => undefined;
const DOC = {
  ...documentOf([node("in", "one", { pos: [50, 60] }), node("out", "one", { pos: [900, 60] })]),
  groups: [{ id: "g", title: "Group", bounds: [0, 0, 400, 300] as const }],
};
const closed = { ...DOC, groups: DOC.groups.map((group) => ({ ...group, collapsed: true })) };
const hidden = (doc: typeof DOC, before = toFlowNodes(DOC, schemaOf, [])) =>
  toFlowNodes(doc, schemaOf, before).flatMap((one) => (one.hidden ? [one.id] : []));

it("a collapsed group hides what stands in it and nothing else, and shows it again", () => {
  expect(hidden(DOC)).toEqual([]);
  expect(hidden(closed)).toEqual(["in"]);
  expect(hidden(DOC, toFlowNodes(closed, schemaOf, []))).toEqual([]);
});

it("a collapsed group is as high as its title bar, and keeps the height it had", () => {
  const [frame] = toFlowNodes(closed, schemaOf, []);
  expect(frame?.height).toBeLessThan(60);
  const [open] = toFlowNodes(DOC, schemaOf, toFlowNodes(closed, schemaOf, []));
  expect(open?.height).toBe(300);
});
