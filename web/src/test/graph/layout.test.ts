import { describe, expect, it } from "vitest";
import type { Box } from "../../graph/flow_store";
import { align, arrange, distribute, frameAround } from "../../graph/layout";
import { edge } from "../fixtures/documents";

const box = (id: string, x: number, y: number, width = 100, height = 50): Box => ({ id, x, y, width, height });
const BOXES = [box("a", 0, 0), box("b", 300, 40, 60), box("c", 120, 90)];

describe("align and distribute", () => {
  it("puts edges on one line", () => {
    expect([...align(BOXES, "left").values()].map(([x]) => x)).toEqual([0, 0, 0]);
    expect(align(BOXES, "right").get("b")).toEqual([300, 40]);
    expect(align(BOXES, "bottom").get("a")).toEqual([0, 90]);
  });

  it("makes gaps equal and leaves the outer boxes", () => {
    const placed = distribute(BOXES, "x");
    expect([placed.get("a"), placed.get("c"), placed.get("b")]).toEqual([
      [0, 0],
      [150, 90],
      [300, 40],
    ]);
  });
});

describe("arrange", () => {
  it("lays wires from left to right without overlaps, from the same corner", async () => {
    const { nodes } = await arrange(BOXES, [edge("c.o -> a.i"), edge("a.o -> b.i")], new Map());
    const [a = [0, 0], b = [0, 0], c = [0, 0]] = ["a", "b", "c"].map((id) => nodes.get(id));
    expect(c[0] + 100).toBeLessThan(a[0]);
    expect(a[0] + 100).toBeLessThan(b[0]);
    expect(Math.min(a[0], b[0], c[0])).toBe(0);
  });

  it("draws each group's frame around its nodes", async () => {
    const groupOf = new Map([
      ["a", "g"],
      ["b", "g"],
    ]);
    const { nodes, groups } = await arrange(BOXES, [edge("a.o -> b.i")], groupOf);
    const members = BOXES.filter(({ id }) => id !== "c").map((one) => {
      const [x = 0, y = 0] = nodes.get(one.id) ?? [];
      return { ...one, x, y };
    });
    expect(groups.get("g")).toEqual(frameAround(members));
  });

  it("does not mind loops and loose nodes", async () => {
    const { nodes } = await arrange(BOXES, [edge("a.o -> b.i"), edge("b.o -> a.i"), edge("x.o -> a.i")], new Map());
    expect(nodes.size).toBe(3);
  });
});
