import { describe, expect, it } from "vitest";
import { formatDocument, parseDocument } from "../../document/parse";
import { linkFor } from "../../document/share";
import type { WorkflowDocument } from "../../document/types";

const SHIPPED = import.meta.glob<WorkflowDocument>("../../../../workflows/*.json", { eager: true, import: "default" });
const LINK_CHARS_AT_MOST = 4000;

describe("shipped workflows", () => {
  it("are found", () => {
    expect(Object.keys(SHIPPED).length).toBeGreaterThanOrEqual(6);
  });

  it.each(Object.entries(SHIPPED))("%s loses nothing on its way through the editor", (_, shipped) => {
    const doc = parseDocument(JSON.parse(formatDocument(parseDocument(shipped))));
    expect(doc.nodes).toEqual(shipped.nodes);
    expect(doc.edges).toEqual(shipped.edges);
    expect(doc.groups).toEqual(shipped.groups ?? []);
    expect(doc.name).toBe(shipped.name);
  });

  it.each(Object.entries(SHIPPED))("%s fits into a link that a messenger takes", async (_, shipped) => {
    const link = await linkFor(parseDocument(shipped), "http://127.0.0.1:8188/");
    expect(link.length).toBeLessThan(LINK_CHARS_AT_MOST);
  });
});
