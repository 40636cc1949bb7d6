import { expect, it } from "vitest";
import { wiresThrough } from "../../graph/into_wire";
import type { NodeSchema } from "../../protocol/schema";
import { documentOf, node } from "../fixtures/documents";
import { input, output, schema } from "../fixtures/nodes";

const SCHEMAS: Record<string, NodeSchema> = {
  one: schema("one", { inputs: [input("a", "FLOAT")], outputs: [output("out", "FLOAT")] }),
  words: schema("words", { inputs: [input("text", "STRING")], outputs: [output("text", "STRING")] }),
};
const schemaOf = (type: string) => SCHEMAS[type];
const DOC = documentOf([node("1", "one"), node("2", "one"), node("3", "one"), node("4", "words")], ["1.out -> 2.a"]);
const WIRE = DOC.edges[0];
if (!WIRE) throw new Error("no wire");

it("a node whose ports fit goes into the wire", () => {
  expect(wiresThrough(DOC, schemaOf, WIRE, "3")).toEqual([
    { from: ["1", "out"], to: ["3", "a"] },
    { from: ["3", "out"], to: ["2", "a"] },
  ]);
});

it("one whose ports do not fit stays out of it", () => {
  expect(wiresThrough(DOC, schemaOf, WIRE, "4")).toBeNull();
});
