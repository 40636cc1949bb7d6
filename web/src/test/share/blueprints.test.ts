import { describe, expect, it } from "vitest";
import type { Subgraph } from "../../document/types";
import type { Blueprint } from "../../graph/blueprints";
import { merged, readBlueprint } from "../../share/blueprint_library";

const subgraph = (name: string, more: Partial<Subgraph> = {}): Subgraph => ({
  id: name,
  name,
  nodes: [],
  edges: [],
  groups: [],
  inputs: [],
  outputs: [],
  ...more,
});
const blueprint = (name: string, more: Partial<Subgraph> = {}): Blueprint => ({ subgraphs: [subgraph(name, more)] });

describe("blueprints of browser and server", () => {
  it("are one list by name that says where each lives", () => {
    const list = merged(
      [blueprint("here"), blueprint("same"), blueprint("other", { description: "mine" })],
      [blueprint("there"), blueprint("same"), blueprint("other")],
    );
    expect(list.map(({ name, place }) => [name, place])).toEqual([
      ["here", "browser"],
      ["other", "differs"],
      ["same", "both"],
      ["there", "server"],
    ]);
    expect(list.find(({ name }) => name === "other")?.subgraphs[0].description).toBe("mine");
  });

  it("stand alone while the server does not answer", () => {
    expect(merged([blueprint("a")], null).map(({ place }) => place)).toEqual(["browser"]);
  });

  it("from outside are checked: what is none is left out", () => {
    for (const broken of [null, 3, {}, { subgraphs: [] }, { subgraphs: [1] }, { subgraphs: [{ nodes: [{}] }] }]) {
      expect(readBlueprint(broken)).toEqual([]);
    }
    expect(readBlueprint({ name: "x", subgraphs: [subgraph("x")] })[0]?.subgraphs[0].name).toBe("x");
  });
});
