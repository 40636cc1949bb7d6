import { describe, expect, it } from "vitest";
import type { NodeSchema } from "../../protocol/schema";
import { paired, pinnable, pinsOf, toggled } from "../../live/pins";
import { documentOf, node } from "../fixtures/documents";

const A = { node: "4", input: "speed" };
const B = { node: "4", input: "yaw" };
const C = { node: "5", input: "pitch" };

function schema(inputs: readonly [string, string][]): NodeSchema {
  const number = { kind: "number" as const, integer: false, ge: 0, le: 1 };
  return {
    id: "x",
    version: 1,
    name: "X",
    category: "x",
    description: "",
    kind: "stream",
    output_node: false,
    pack: "x",
    outputs: [],
    inputs: inputs.map(([name, mode]) => ({
      name,
      type: "FLOAT",
      mode: mode as "live" | "fixed",
      required: false,
      default: 0,
      doc: "",
      widget: number,
    })),
  };
}

describe("pins", () => {
  it("are read from the document's own part, and what is none is left out", () => {
    const document = { ...documentOf([]), meta: { stage: { pins: [A, { node: 4 }, null, { ...B, y: C }] } } };
    expect(pinsOf(document)).toEqual([A, { ...B, y: C }]);
    expect(pinsOf({ ...document, meta: { stage: "text" } })).toEqual([]);
  });

  it("go on and off, and half of a pad that goes leaves the other half", () => {
    expect(toggled([], A)).toEqual([A]);
    expect(toggled([A, B], A)).toEqual([B]);
    expect(toggled([{ ...A, y: B }], B)).toEqual([A]);
    expect(toggled([{ ...A, y: B }], A)).toEqual([B]);
  });

  it("make one pad of two sliders and two sliders of one pad", () => {
    const pad = paired([A, B, C], A, B);
    expect(pad).toEqual([{ ...A, y: B }, C]);
    expect(paired(pad, A, null)).toEqual([A, B, C]);
  });

  it("are offered for live inputs without a wire only", () => {
    const document = documentOf([node("1", "x"), node("2", "x")], ["1.out -> 2.speed"]);
    const found = pinnable(document, () =>
      schema([
        ["speed", "live"],
        ["seed", "fixed"],
      ]),
    );
    expect(found.map((one) => [one.node, one.input])).toEqual([["1", "speed"]]);
  });
});
