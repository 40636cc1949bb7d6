import { describe, expect, it } from "vitest";
import { applyEdit } from "../../document/edits";
import { endsOf, flatten } from "../../document/flatten";
import { parseDocument } from "../../document/parse";
import { graphAt, locate } from "../../document/scope";
import type { WorkflowDocument } from "../../document/types";
import { adopt } from "../../graph/blueprints";
import { refusal } from "../../graph/compat";
import { candidates, exposing, renaming } from "../../graph/exposure";
import { makeSubgraph, redefine, unpack } from "../../graph/subgraph_edits";
import { subgraphSchema } from "../../graph/subgraph_ports";
import type { NodeSchema } from "../../protocol/schema";

const number = (name: string, mode: "fixed" | "live" | "stream", widget = true) => ({
  name,
  type: "FLOAT",
  mode,
  required: true,
  default: 1,
  doc: "",
  widget: widget ? ({ kind: "number", integer: false } as const) : null,
});

const schema = (id: string, kind: NodeSchema["kind"], inputs: NodeSchema["inputs"], stream = false): NodeSchema => ({
  id,
  version: 1,
  name: id,
  category: "math",
  description: "",
  kind,
  output_node: false,
  pack: "test",
  inputs,
  outputs: [{ name: "out", type: "FLOAT", stream }],
});

const SCHEMAS: Record<string, NodeSchema> = {
  value: schema("value", "value", [number("x", "fixed")]),
  fly: schema("fly", "stream", [number("speed", "live"), number("start", "fixed")], true),
  scale: schema("scale", "stream", [number("values", "stream", false), number("factor", "live")], true),
};
const schemaOf = (type: string) => SCHEMAS[type];

const CHAIN = parseDocument({
  schema: 1,
  nodes: [
    { id: "1", type: "value", inputs: { x: 3 }, pos: [0, 0] },
    { id: "2", type: "fly", inputs: { speed: 2 }, pos: [300, 0] },
    { id: "3", type: "scale", inputs: {}, pos: [600, 0] },
    { id: "4", type: "scale", inputs: {}, pos: [900, 0] },
  ],
  edges: [
    { from: ["1", "out"], to: ["2", "start"] },
    { from: ["2", "out"], to: ["3", "values"] },
    { from: ["3", "out"], to: ["4", "values"] },
  ],
});

function made(doc: WorkflowDocument = CHAIN, ids = ["2", "3"]) {
  const { edit, instance } = makeSubgraph(doc, schemaOf, ids, { name: "Rig", at: [300, 0], groups: [] });
  return { ...applyEdit(doc, edit), instance };
}

describe("making a subgraph", () => {
  it("puts the nodes inside and one instance in their place, wired as they were", () => {
    const { doc, instance } = made();
    expect(doc.nodes.map((node) => node.id)).toEqual(["1", "4", instance]);
    expect(doc.edges).toEqual([
      { from: ["1", "out"], to: [instance, "start"] },
      { from: [instance, "out"], to: ["4", "values"] },
    ]);
    expect(doc.subgraphs[0]?.inputs.map((port) => port.name)).toEqual(["start", "speed", "factor"]);
  });

  it("runs as before: flat, it is the same graph under longer ids", () => {
    const { doc, instance } = made();
    const flat = flatten(doc);
    expect(flat.nodes.map((node) => node.id)).toEqual(["1", "4", `${instance}/2`, `${instance}/3`]);
    expect(flat.edges).toContainEqual({ from: ["1", "out"], to: [`${instance}/2`, "start"] });
    expect(flat.edges).toContainEqual({ from: [`${instance}/3`, "out"], to: ["4", "values"] });
  });

  it("is undone exactly", () => {
    const { doc, inverse } = made();
    expect(applyEdit(doc, inverse).doc).toEqual(CHAIN);
  });

  it("keeps the values inside and lets an instance have its own", () => {
    const { doc, instance } = made();
    const inner = (document: WorkflowDocument) =>
      flatten(document).nodes.find((node) => node.id === `${instance}/2`)?.inputs.speed;
    expect(inner(doc)).toBe(2);
    const own = applyEdit(doc, { kind: "set-input", node: instance, input: "speed", value: 7 }).doc;
    expect(inner(own)).toBe(7);
    expect(doc.subgraphs).toBe(own.subgraphs);
  });

  it("nests, and unpacks to what it was", () => {
    const first = made();
    const second = made(first.doc, [first.instance, "4"]);
    expect(flatten(second.doc).nodes.map((node) => node.id)).toContain(`${second.instance}/${first.instance}/2`);
    const outer = unpack(second.doc, second.instance);
    const opened = applyEdit(second.doc, outer?.edit ?? { kind: "batch", edits: [] }).doc;
    expect(flatten(opened).edges).toHaveLength(3);
  });
});

describe("an open subgraph", () => {
  it("is a graph of its own, edited without touching the one outside", () => {
    const { doc, instance } = made();
    const inside = graphAt(doc, [instance]);
    expect(inside.nodes.map((node) => node.id)).toEqual(["2", "3"]);
    const id = doc.subgraphs[0]?.id ?? "";
    const moved = applyEdit(doc, {
      kind: "within",
      subgraph: id,
      edit: { kind: "remove", nodes: ["3"], edges: [] },
    });
    expect(graphAt(moved.doc, [instance]).nodes).toHaveLength(1);
    expect(moved.doc.nodes).toBe(doc.nodes);
    expect(applyEdit(moved.doc, moved.inverse).doc).toEqual(doc);
  });

  it("is found by the path of a node, and a slash in a plain id leads nowhere", () => {
    const { doc, instance } = made();
    expect(locate(doc, `${instance}/2`)).toEqual({ scope: [instance], node: "2" });
    expect(locate(doc, "a/b")).toEqual({ scope: [], node: "a/b" });
  });
});

describe("ports", () => {
  it("have the schema of what they stand for, with the value inside as the default", () => {
    const { doc } = made();
    const [definition] = doc.subgraphs;
    const found = definition && subgraphSchema(doc, definition, schemaOf);
    expect(found?.kind).toBe("stream");
    expect(found?.inputs.find((input) => input.name === "speed")).toMatchObject({ mode: "live", default: 2 });
    expect(found?.outputs).toEqual([{ name: "out", type: "FLOAT", stream: true }]);
  });

  it("are exposed, renamed and hidden; wires and values of instances follow", () => {
    const { doc, instance } = made();
    const [definition] = doc.subgraphs;
    if (!definition) throw new Error("no subgraph");
    const speed = candidates(definition, schemaOf).find((port) => port.port === "speed");
    if (!speed) throw new Error("no speed");
    const valued = applyEdit(doc, { kind: "set-input", node: instance, input: "speed", value: 5 }).doc;
    const next = renaming(definition, "input", "speed", "pace");
    if (!next) throw new Error("not renamed");
    const renamed = applyEdit(valued, redefine(valued, definition.id, next, new Map([["speed", "pace"]]))).doc;
    expect(renamed.nodes.at(-1)?.inputs).toEqual({ pace: 5 });
    const hidden = exposing(next, speed, false);
    const without = applyEdit(renamed, redefine(renamed, definition.id, hidden, new Map())).doc;
    expect(without.nodes.at(-1)?.inputs).toEqual({});
    expect(endsOf(without, without, [instance, "pace"])).toEqual([]);
  });

  it("take the wires that fit what is inside", () => {
    const { doc, instance } = made();
    expect(refusal(doc, schemaOf, { from: ["1", "out"], to: [instance, "speed"] })).toBeNull();
    expect(refusal(doc, schemaOf, { from: ["4", "out"], to: [instance, "start"] })).not.toBeNull();
    expect(refusal(doc, schemaOf, { from: ["1", "out"], to: [instance, "gone"] })).not.toBeNull();
  });
});

it("subgraphs from elsewhere get a new id where theirs is taken by another", () => {
  const { doc } = made();
  const [definition] = doc.subgraphs;
  if (!definition) throw new Error("no subgraph");
  expect(adopt(doc, [definition]).subgraphs).toBe(doc.subgraphs);
  const other = adopt(doc, [{ ...definition, name: "Other" }]);
  expect(other.subgraphs.map((one) => one.id)).toEqual([definition.id, `${definition.id}-2`]);
});
