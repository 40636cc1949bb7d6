import { describe, expect, it } from "vitest";
import { DocumentError, formatDocument, parseDocument } from "../../document/parse";
import { linkFor, workflowFromHash } from "../../document/share";
import { documentOf, edge, node } from "../fixtures/documents";

const DOC = {
  ...documentOf(
    [node("1", "prompt.text", { inputs: { text: "Zug \u2192 Stadt" } }), node("2", "x")],
    ["1.prompt -> 2.prompt"],
  ),
  groups: [{ id: "g", title: "G", bounds: [0, 0, 5, 5] as const }],
};

describe("parseDocument", () => {
  it("reads back what formatDocument wrote", () => {
    expect(parseDocument(JSON.parse(formatDocument(DOC)))).toEqual(DOC);
  });

  it.each<[string, unknown]>([
    ["a list", []],
    ["nothing", null],
    ["an object without nodes", { schema: 1 }],
    ["a newer schema", { schema: 99, nodes: [] }],
    ["a node without a type", { nodes: [{ id: "1" }] }],
    ["a node that is text", { nodes: ["1"] }],
  ])("refuses %s with a sentence", (_, value) => {
    expect(() => parseDocument(value)).toThrow(DocumentError);
  });

  it("leaves out wires that end nowhere and doubled ids, and keeps unknown node types", () => {
    const doc = parseDocument({
      nodes: [node("1", "gone.node"), node("1", "again")],
      edges: [edge("1.a -> 7.b"), { from: "x" }, null, edge("1.a -> 1.b")],
    });
    expect(doc.nodes.map(({ type }) => type)).toEqual(["gone.node"]);
    expect(doc.edges).toEqual([edge("1.a -> 1.b")]);
  });

  it("mends wrong numbers instead of failing", () => {
    const doc = parseDocument({
      nodes: [{ id: 3, type: "a", pos: ["x", null] }],
      view: { zoom: "big" },
      run: { ticks: -4 },
    });
    expect(doc.nodes[0]?.id).toBe("3");
    expect(doc.nodes[0]?.pos).toEqual([0, 0]);
    expect(doc.view.zoom).toBe(1);
    expect(doc.run.ticks).toBeNull();
  });
});

describe("share link", () => {
  it("carries the whole workflow in the fragment", async () => {
    const link = await linkFor(DOC, "http://127.0.0.1:8188/?x=1#old");
    expect(link.startsWith("http://127.0.0.1:8188/?x=1#w=")).toBe(true);
    expect(await workflowFromHash(new URL(link).hash)).toEqual(DOC);
  });

  it("says that a cut link is damaged", async () => {
    const { hash } = new URL(await linkFor(DOC, "http://h/"));
    await expect(workflowFromHash(hash.slice(0, hash.length / 2))).rejects.toThrow(DocumentError);
    await expect(workflowFromHash("#w=%%%")).rejects.toThrow(DocumentError);
  });

  it("refuses a link that unpacks to more than the limit", async () => {
    const bomb = documentOf([node("1", "a", { inputs: { text: "a".repeat(64 * 1024) } })]);
    const { hash } = new URL(await linkFor(bomb, "http://h/"));
    expect(hash.length).toBeLessThan(1000);
    await expect(workflowFromHash(hash, 64 * 1024)).rejects.toThrow(DocumentError);
    expect(await workflowFromHash(hash, 65 * 1024)).toEqual(bomb);
  });

  it("leaves other fragments alone", async () => {
    expect(await workflowFromHash("#section")).toBeNull();
  });
});
