import { describe, expect, it } from "vitest";
import type { WorkflowDocument, WorkflowNode } from "../../document/types";
import { emptyDocument } from "../../document/types";
import type { InputSchema, NodeSchema, Widget } from "../../protocol/schema";
import { findBindings, graphFingerprint, screenNodes } from "./bindings";

function input(name: string, widget: Widget | null, change: Partial<InputSchema> = {}): InputSchema {
  return { name, type: "FLOAT", mode: "live", required: false, default: 0, doc: "", widget, ...change };
}

const axis = (bind: string): Widget => ({ kind: "number", integer: false, ge: -1, le: 1, bind });

function spec(id: string, inputs: InputSchema[], outputNode = false): NodeSchema {
  return {
    id,
    version: 1,
    name: `The ${id}`,
    category: "test",
    description: "",
    kind: "stream",
    output_node: outputNode,
    pack: "test",
    inputs,
    outputs: [],
  };
}

const SPECS: Record<string, NodeSchema> = {
  camera: spec("camera", [
    input("forward", axis("move.forward")),
    input("speed", { kind: "number", integer: false, ge: 0, le: 5 }, { default: 2 }),
    input("size", axis("zoom"), { mode: "fixed" }),
  ]),
  pose: spec("pose", [
    input("action", { kind: "choice", options: ["stand", "wave"], bind: "action" }, { default: "stand" }),
    input("keypoints", { kind: "json", bind: "pose.keypoints" }, { default: null }),
    input("odd", axis("not.a.control")),
  ]),
  prompt: spec("prompt", [input("text", { kind: "text", multiline: true }, { type: "STRING", default: "" })]),
  "view.preview": spec("view.preview", [input("frames", null, { type: "FRAMES", mode: "stream" })], true),
  "save.video": spec("save.video", [input("frames", null, { type: "FRAMES", mode: "stream" })], true),
};

const schemaOf = (type: string) => SPECS[type];

function node(id: string, type: string, change: Partial<WorkflowNode> = {}): WorkflowNode {
  return { id, type, version: 1, inputs: {}, pos: [0, 0], ...change };
}

function graph(nodes: WorkflowNode[], edges: WorkflowDocument["edges"] = []): WorkflowDocument {
  return { ...emptyDocument("d", "D"), nodes, edges };
}

describe("findBindings", () => {
  it("binds live inputs whose widget names a stage control", () => {
    const found = findBindings(graph([node("1", "camera"), node("2", "camera"), node("3", "pose")]), schemaOf);
    expect(found.axes).toEqual({
      "move.forward": [
        { node: "1", input: "forward" },
        { node: "2", input: "forward" },
      ],
    });
    expect(found.actions).toEqual([{ node: "3", input: "action", options: ["stand", "wave"], value: "stand" }]);
    expect(found.keypoints).toEqual([{ node: "3", input: "keypoints" }]);
  });

  it("leaves wired, muted and bypassed inputs alone", () => {
    const wired = graph([node("1", "camera")], [{ from: ["9", "value"], to: ["1", "forward"] }]);
    expect(findBindings(wired, schemaOf).axes).toEqual({});
    for (const mode of ["muted", "bypassed"] as const) {
      expect(findBindings(graph([node("1", "camera", { mode })]), schemaOf).axes).toEqual({});
    }
  });

  it("offers live texts as prompts with the value of the document", () => {
    const found = findBindings(graph([node("1", "prompt", { inputs: { text: "a robot" }, title: "Scene" })]), schemaOf);
    const prompt = { node: "1", input: "text", title: "Scene", value: "a robot", multiline: true, directed: false };
    expect(found.prompts).toEqual([prompt]);
  });

  it("offers the other live inputs as parameters, and no fixed one", () => {
    const found = findBindings(graph([node("1", "camera")]), schemaOf);
    expect(found.parameters.map(({ input: name, value }) => [name, value])).toEqual([["speed", 2]]);
  });

  it("knows nothing of nodes that are not installed", () => {
    expect(findBindings(graph([node("1", "gone")]), schemaOf).parameters).toEqual([]);
  });
});

it("puts previews on the stage before savers", () => {
  const document = graph([node("1", "save.video"), node("2", "camera"), node("3", "view.preview")]);
  expect(screenNodes(document, schemaOf)).toEqual(["3", "1"]);
});

describe("graphFingerprint", () => {
  const edges: WorkflowDocument["edges"] = [{ from: ["1", "camera"], to: ["2", "camera"] }];
  const before = graphFingerprint(graph([node("1", "camera"), node("2", "view.preview")], edges), schemaOf);
  const changed = (nodes: WorkflowNode[], wires = edges) => graphFingerprint(graph(nodes, wires), schemaOf);

  it("stays the same when nodes are moved or steered", () => {
    const moved = node("1", "camera", { pos: [50, 5], inputs: { speed: 3, forward: 1 } });
    expect(changed([moved, node("2", "view.preview")])).toBe(before);
  });

  it("changes with a wire, a node, a mode or a fixed value", () => {
    const [camera, view] = [node("1", "camera"), node("2", "view.preview")];
    expect(changed([camera, view], [])).not.toBe(before);
    expect(changed([camera])).not.toBe(before);
    expect(changed([node("1", "camera", { mode: "muted" }), view])).not.toBe(before);
    expect(changed([node("1", "camera", { inputs: { size: 1 } }), view])).not.toBe(before);
  });
});
