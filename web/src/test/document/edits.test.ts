import { describe, expect, it } from "vitest";
import { applyEdit, type Edit } from "../../document/edits";
import type { WorkflowDocument } from "../../document/types";
import { documentOf, edge, node } from "../fixtures/documents";

const START: WorkflowDocument = {
  ...documentOf(
    [node("1", "a", { inputs: { text: "hi" } }), node("2", "b", { title: "Two" }), node("3", "c")],
    ["1.out -> 2.in", "2.out -> 3.in"],
  ),
  groups: [{ id: "g1", title: "G", bounds: [0, 0, 10, 10] }],
};

const EDITS: Readonly<Record<string, Edit>> = {
  "add a node with a wire": { kind: "add", nodes: [node("4", "d")], edges: [edge("3.out -> 4.in")] },
  "a wire into a taken input": { kind: "add", nodes: [], edges: [edge("1.out -> 3.in")] },
  "remove a node with its wires": { kind: "remove", nodes: ["2"], edges: [] },
  "remove a wire": { kind: "remove", nodes: [], edges: [edge("1.out -> 2.in")] },
  "move and rename": { kind: "patch-nodes", patches: new Map([["2", { pos: [5, 6] as const, title: undefined }]]) },
  mute: { kind: "patch-nodes", patches: new Map([["1", { mode: "muted" as const }]]) },
  "set a value": { kind: "set-input", node: "1", input: "text", value: "there" },
  "set a value for the first time": { kind: "set-input", node: "3", input: "n", value: 3 },
  "add a group": { kind: "add-groups", groups: [{ id: "g2", title: "H", bounds: [1, 1, 2, 2] }] },
  "remove a group": { kind: "remove-groups", ids: ["g1"] },
  "move a group": { kind: "patch-groups", patches: new Map([["g1", { bounds: [3, 3, 4, 4] as const }]]) },
  "rename the document": { kind: "patch-document", patch: { name: "New" } },
  "replace everything": { kind: "replace", document: documentOf([node("9", "z")]) },
};

/** Order of nodes and edges means nothing, so both are sorted before comparing. */
function canonical(doc: WorkflowDocument): unknown {
  const sorted = <T>(list: readonly T[]) => [...list].map((one) => JSON.stringify(one)).sort();
  return { ...doc, nodes: sorted(doc.nodes), edges: sorted(doc.edges), groups: sorted(doc.groups) };
}

describe("applyEdit", () => {
  it.each(Object.entries(EDITS))("%s: changes the document, and its inverse restores it", (_, change) => {
    const { doc, inverse } = applyEdit(START, change);
    expect(canonical(doc)).not.toEqual(canonical(START));
    expect(canonical(applyEdit(doc, inverse).doc)).toEqual(canonical(START));
  });

  it.each(Object.entries(EDITS))("%s: the inverse's inverse leads forth again", (_, change) => {
    const first = applyEdit(START, change);
    const back = applyEdit(first.doc, first.inverse);
    expect(canonical(applyEdit(back.doc, back.inverse).doc)).toEqual(canonical(first.doc));
  });

  it("undoes a batch in reverse order", () => {
    const all: Edit = { kind: "batch", edits: Object.values(EDITS).slice(0, -1) };
    const { doc, inverse } = applyEdit(START, all);
    expect(canonical(applyEdit(doc, inverse).doc)).toEqual(canonical(START));
  });

  it("never changes the document it was given", () => {
    const before = JSON.stringify(START);
    for (const change of Object.values(EDITS)) applyEdit(START, change);
    expect(JSON.stringify(START)).toBe(before);
  });

  it.each<[string, Edit]>([
    ["an unknown node", { kind: "remove", nodes: ["77"], edges: [] }],
    ["an equal value", { kind: "set-input", node: "1", input: "text", value: "hi" }],
    ["an equal title", { kind: "patch-nodes", patches: new Map([["2", { title: "Two" }]]) }],
    ["an empty batch", { kind: "batch", edits: [] }],
  ])("returns the same object for %s", (_, change) => {
    expect(applyEdit(START, change).doc).toBe(START);
  });

  it("keeps untouched nodes identical, so that only the changed one redraws", () => {
    const { doc } = applyEdit(START, { kind: "set-input", node: "1", input: "text", value: "x" });
    expect(doc.nodes[1]).toBe(START.nodes[1]);
    expect(doc.edges).toBe(START.edges);
  });

  it("puts the old wire back when a new one took its input", () => {
    const { doc, inverse } = applyEdit(START, { kind: "add", nodes: [], edges: [edge("1.out -> 3.in")] });
    expect(doc.edges).toHaveLength(2);
    expect(applyEdit(doc, inverse).doc.edges).toContainEqual(edge("2.out -> 3.in"));
  });
});
