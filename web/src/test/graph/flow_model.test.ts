import { describe, expect, it } from "vitest";
import { applyEdit } from "../../document/edits";
import { toFlowEdges, toFlowNodes } from "../../graph/flow_model";
import { documentOf, edge, node } from "../fixtures/documents";
import { schemaOf } from "../fixtures/nodes";

const DOC = {
  ...documentOf(
    [node("1", "prompt.text"), node("2", "util.reroute"), node("3", "apt2.step", { pos: [9, 9] })],
    ["1.prompt -> 2.value", "2.value -> 3.prompt"],
  ),
  groups: [{ id: "1", title: "G", bounds: [0, 0, 50, 60] as const }],
};

describe("toFlowNodes", () => {
  it("gives groups ids of their own, below the nodes", () => {
    const flow = toFlowNodes(DOC, schemaOf, []);
    expect(flow.map(({ id, type }) => [id, type])).toEqual([
      ["group:1", "frame"],
      ["1", "node"],
      ["2", "reroute"],
      ["3", "node"],
    ]);
    expect(flow[0]?.zIndex).toBeLessThan(-1000);
  });

  it("keeps the objects of nodes that did not change, with their selection and size", () => {
    const before = toFlowNodes(DOC, schemaOf, []).map((one) => ({ ...one, selected: true, measured: { width: 7 } }));
    const { doc } = applyEdit(DOC, { kind: "set-input", node: "1", input: "text", value: "x" });
    const after = toFlowNodes(doc, schemaOf, before);
    expect(after[2]).toBe(before[2]);
    expect(after[1]).not.toBe(before[1]);
    expect(after[1]).toMatchObject({ selected: true, measured: { width: 7 } });
  });

  it("redraws a node when one of its inputs gets or loses a wire", () => {
    const before = toFlowNodes(DOC, schemaOf, []);
    const { doc } = applyEdit(DOC, { kind: "remove", nodes: [], edges: [edge("2.value -> 3.prompt")] });
    const after = toFlowNodes(doc, schemaOf, before);
    expect(after[3]).not.toBe(before[3]);
    expect(after[1]).toBe(before[1]);
  });

  it("leaves a node where a drag has put it until the document moves it", () => {
    const dragged = toFlowNodes(DOC, schemaOf, []).map((one) =>
      one.id === "3" ? { ...one, position: { x: 50, y: 50 } } : one,
    );
    const edited = applyEdit(DOC, { kind: "set-input", node: "3", input: "seed", value: 1 }).doc;
    expect(toFlowNodes(edited, schemaOf, dragged)[3]?.position).toEqual({ x: 50, y: 50 });
    const patches = new Map([["3", { pos: [1, 2] as const }]]);
    const moved = applyEdit(edited, { kind: "patch-nodes", patches }).doc;
    expect(toFlowNodes(moved, schemaOf, dragged)[3]?.position).toEqual({ x: 1, y: 2 });
  });
});

describe("toFlowEdges", () => {
  it("colours a wire by what flows through it, also behind a reroute", () => {
    const edges = toFlowEdges(DOC, schemaOf, []);
    expect(edges.map(({ data }) => data?.type)).toEqual(["PROMPT", "PROMPT"]);
    expect(toFlowEdges(DOC, schemaOf, edges)[0]).toBe(edges[0]);
  });
});
