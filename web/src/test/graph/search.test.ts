import { describe, expect, it } from "vitest";
import { fittingPort, type LooseEnd, searchNodes } from "../../graph/search";
import { NODES, schemaOf } from "../fixtures/nodes";

const ids = (query: string, options = {}) => searchNodes(NODES, query, options).map(({ schema }) => schema.id);
const end = (more: Partial<LooseEnd>): LooseEnd => ({
  side: "output",
  node: "1",
  port: "p",
  type: "PROMPT",
  streams: false,
  ...more,
});

describe("searchNodes", () => {
  it("puts names that start with the word first", () => {
    expect(ids("prompt")[0]).toBe("prompt.text");
    expect(ids("cam").slice(0, 2).sort()).toEqual(["camera.live", "camera.orbit"]);
  });

  it("wants every word somewhere, in any order", () => {
    expect(ids("camera live")).toEqual(["camera.live"]);
    expect(ids("live camera nothing")).toEqual([]);
  });

  it("finds words of the description and letters left out", () => {
    expect(ids("describe")).toEqual(["prompt.text"]);
    expect(ids("clclt")).toEqual(["math.calculate"]);
  });

  it("lists everything without a query, recent ones first", () => {
    expect(ids("")).toHaveLength(NODES.length);
    expect(ids("", { recent: ["math.wave", "value.seed"] }).slice(0, 2)).toEqual(["math.wave", "value.seed"]);
  });

  it("treats signs in the query as signs", () => {
    expect(ids("a(b")).toEqual([]);
  });
});

describe("a loose wire", () => {
  it("lists only nodes that fit, exact types before anything-goes", () => {
    const hits = searchNodes(NODES, "", { end: end({}) });
    expect(hits.map(({ schema }) => schema.id)).toEqual(["apt2.step", "util.reroute"]);
    expect(hits[0]?.port).toBe("prompt");
  });

  it("from an input lists what gives its type", () => {
    const found = searchNodes(NODES, "", { end: end({ side: "input", type: "CAMERA", streams: true }) });
    expect(found.map(({ schema }) => schema.id)).toEqual(["camera.live", "camera.orbit", "util.reroute"]);
  });

  it("does not offer fixed inputs to a stream", () => {
    const orbit = schemaOf("camera.orbit");
    expect(orbit && fittingPort(orbit, end({ type: "FLOAT", streams: true }))).toBe("speed");
    expect(orbit && fittingPort(orbit, end({ type: "FLOAT" }))).toBe("radius");
  });
});
