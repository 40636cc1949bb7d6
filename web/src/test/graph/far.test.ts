import { describe, expect, it } from "vitest";
import { nearby, regionKey, regionOf } from "../../graph/far/nearby";
import { FRAME_TITLE_PX, overlaps, sceneOf, shapeAt, shapesIn } from "../../graph/far/scene";
import { toFlowEdges, toFlowNodes } from "../../graph/flow_model";
import { documentOf, node } from "../fixtures/documents";
import { NODES } from "../fixtures/nodes";

const schemaOf = (type: string) => NODES.find((schema) => schema.id === type);

const DOC = {
  ...documentOf(
    [
      node("1", "prompt.text", { pos: [0, 0] }),
      node("2", "prompt.text", { pos: [5000, 0], title: "Far off" }),
      node("3", "camera.orbit", { pos: [10_000, 4000] }),
    ],
    ["1.prompt -> 2.text"],
  ),
  groups: [{ id: "g", title: "Group", bounds: [-50, -100, 400, 600] as const }],
};
const FLOW = toFlowNodes(DOC, schemaOf, []);
const EDGES = toFlowEdges(DOC, schemaOf, []);
const SCENE = sceneOf(FLOW, EDGES, schemaOf);

describe("the far view", () => {
  it("has a shape for every node and group and a line for every wire", () => {
    expect(SCENE.shapes.map((shape) => shape.id)).toEqual(["group:g", "1", "2", "3"]);
    expect(SCENE.shapes[2]?.title).toBe("Far off");
    expect(SCENE.lines).toHaveLength(1);
  });

  it("tints nodes by their part of the time, and no group", () => {
    const tinted = sceneOf(FLOW, EDGES, schemaOf, (id) => (id === "2" ? 0.75 : 0));
    expect(tinted.shapes.map((shape) => shape.heat)).toEqual([0, 0, 0.75, 0]);
    expect(SCENE.shapes.every((shape) => shape.heat === 0)).toBe(true);
  });

  it("picks the topmost node, a group only by its title bar", () => {
    expect(shapeAt(SCENE, 10, 10)?.id).toBe("1");
    expect(shapeAt(SCENE, -40, -100 + FRAME_TITLE_PX - 1)?.id).toBe("group:g");
    expect(shapeAt(SCENE, -40, -100 + FRAME_TITLE_PX + 1)).toBeNull();
    expect(shapeAt(SCENE, 3000, 10)).toBeNull();
  });

  it("finds what a frame touches", () => {
    expect(shapesIn(SCENE, { x: 4900, y: -10, width: 200, height: 50 }).map((shape) => shape.id)).toEqual(["2"]);
  });
});

describe("what becomes elements", () => {
  it("is what stands in the region, what it is wired to, and what is chosen", () => {
    const region = { x: -100, y: -100, width: 800, height: 800 };
    expect(nearby(FLOW, EDGES, region, schemaOf).nodes.map((one) => one.id)).toEqual(["group:g", "1", "2"]);
    const chosen = FLOW.map((one) => (one.id === "3" ? { ...one, selected: true } : one));
    expect(nearby(chosen, EDGES, region, schemaOf).nodes).toHaveLength(4);
  });

  it("covers the view wherever it stands and however near it is", () => {
    for (let n = 0; n < 400; n++) {
      const [x, y, zoom] = [(n * 733) % 9000, -((n * 391) % 7000), 0.2 + ((n * 37) % 200) / 100];
      const region = regionOf(regionKey(x, y, zoom, 900, 800));
      const view = { x: -x / zoom, y: -y / zoom, width: 900 / zoom, height: 800 / zoom };
      expect(region.x).toBeLessThanOrEqual(view.x);
      expect(region.y).toBeLessThanOrEqual(view.y);
      expect(region.x + region.width).toBeGreaterThanOrEqual(view.x + view.width);
      expect(region.y + region.height).toBeGreaterThanOrEqual(view.y + view.height);
      expect(overlaps(region, view)).toBe(true);
    }
  });
});
