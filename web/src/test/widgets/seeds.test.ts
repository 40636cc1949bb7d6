import { describe, expect, it } from "vitest";
import { applyEdit } from "../../document/edits";
import { emptyDocument, type WorkflowDocument } from "../../document/types";
import { nextSeeds, seedMode, withSeedMode } from "../../widgets/seeds/seed_modes";

const DOC: WorkflowDocument = {
  ...emptyDocument("d", "D"),
  nodes: ["1", "2", "3"].map((id) => ({ id, type: "value.seed", version: 1, inputs: { seed: 7 }, pos: [0, 0] })),
  edges: [{ from: ["1", "seed"], to: ["3", "seed"] }],
  meta: { other: "kept" },
};
const isSeed = (_: string, input: string) => input === "seed";

function withModes(modes: Readonly<Record<string, "increment" | "random" | "fixed">>): WorkflowDocument {
  return Object.entries(modes).reduce(
    (doc, [node, mode]) => applyEdit(doc, withSeedMode(doc, node, "seed", mode)).doc,
    DOC,
  );
}

describe("what a seed does at the next run", () => {
  it("is kept in the document, and leaves no trace when it is fixed again", () => {
    const doc = withModes({ 1: "random", 2: "increment" });
    expect([seedMode(doc, "1", "seed"), seedMode(doc, "2", "seed"), seedMode(doc, "3", "seed")]).toEqual([
      "random",
      "increment",
      "fixed",
    ]);
    expect(
      applyEdit(applyEdit(doc, withSeedMode(doc, "1", "seed", "fixed")).doc, { kind: "batch", edits: [] }).doc.meta,
    ).toEqual({
      other: "kept",
      seed_modes: { 2: { seed: "increment" } },
    });
    expect(withModes({ 1: "random" }).meta.other).toBe("kept");
    const cleared = withModes({ 1: "random" });
    expect(applyEdit(cleared, withSeedMode(cleared, "1", "seed", "fixed")).doc.meta).toEqual({ other: "kept" });
  });

  it("counts up or draws anew; fixed and wired seeds stay", () => {
    const doc = withModes({ 1: "increment", 2: "random", 3: "random" });
    expect(nextSeeds(doc, isSeed, () => 0.5)).toEqual([
      { path: "1", input: "seed", value: 8 },
      { path: "2", input: "seed", value: 2 ** 31 },
    ]);
    expect(nextSeeds(DOC, isSeed)).toEqual([]);
    expect(nextSeeds(withModes({ 3: "random", gone: "random" }), isSeed)).toEqual([]);
  });
});
