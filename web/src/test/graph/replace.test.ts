import { describe, expect, it } from "vitest";
import { applyEdit } from "../../document/edits";
import { firstWire, replacement } from "../../graph/replace";
import { documentOf, edge, node } from "../fixtures/documents";
import { schemaOf } from "../fixtures/nodes";

const DOC = documentOf(
  [
    node("cam", "camera.live", { pos: [5, 6], title: "Eye", inputs: { forward: 1 } }),
    node("step", "apt2.step"),
    node("prompt", "prompt.text"),
    node("calc", "math.calculate", { inputs: { a: 3 } }),
    node("wave", "math.wave"),
  ],
  ["cam.camera -> step.camera", "prompt.prompt -> step.prompt", "wave.value -> calc.b"],
);

function replaced(id: string, type: string) {
  const change = replacement(DOC, schemaOf, id, node(id, type, { inputs: { radius: 5 } }));
  if (!change) throw new Error("nothing to replace");
  return applyEdit(DOC, change);
}

describe("replacement", () => {
  it("keeps place, title and the wires that fit", () => {
    const { doc } = replaced("cam", "camera.orbit");
    expect(doc.nodes.find(({ id }) => id === "cam")).toMatchObject({ type: "camera.orbit", pos: [5, 6], title: "Eye" });
    expect(doc.edges).toContainEqual(edge("cam.camera -> step.camera"));
    expect(doc.nodes.find(({ id }) => id === "cam")?.inputs).toEqual({ radius: 5 });
  });

  it("drops wires that do not fit and brings them back on undo", () => {
    const { doc, inverse } = replaced("cam", "prompt.text");
    expect(doc.edges).toHaveLength(2);
    expect(applyEdit(doc, inverse).doc.edges).toContainEqual(edge("cam.camera -> step.camera"));
  });

  it("is nothing for a node or type that is not there", () => {
    expect(replacement(DOC, schemaOf, "none", node("none", "camera.orbit"))).toBeNull();
    expect(replacement(DOC, schemaOf, "cam", node("cam", "no.such"))).toBeNull();
  });
});

describe("firstWire", () => {
  it("finds the first free fitting input", () => {
    expect(firstWire(DOC, schemaOf, "wave", "calc")).toEqual(edge("wave.value -> calc.a"));
  });

  it("finds nothing where nothing fits or all is wired", () => {
    expect(firstWire(DOC, schemaOf, "prompt", "calc")).toBeNull();
    expect(firstWire(DOC, schemaOf, "prompt", "step")).toBeNull();
  });
});
