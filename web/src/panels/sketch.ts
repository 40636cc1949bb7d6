/** Geometry of a workflow's small drawing, in the document's own units. Pure. */
import type { Workflow } from "../protocol/messages.gen";

export interface SketchBox {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly category: string;
}

export interface Sketch {
  readonly viewBox: string;
  readonly boxes: readonly SketchBox[];
  readonly wires: readonly { readonly key: string; readonly path: string }[];
}

const NODE_WIDTH = 220;
const NODE_HEIGHT = 120;
const MARGIN = 40;
/** Node type prefixes whose colours have another name. */
const CATEGORY_OF: Readonly<Record<string, string>> = { view: "output", save: "output" };

export function sketch({ nodes, edges }: Pick<Workflow, "nodes" | "edges">): Sketch {
  const boxes = nodes.map(({ id, type, pos: [x, y], size }): SketchBox => {
    const prefix = type.split(".")[0] ?? "";
    const [width, height] = size ?? [NODE_WIDTH, NODE_HEIGHT];
    return { id, x, y, width, height, category: CATEGORY_OF[prefix] ?? prefix };
  });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const wires = edges.flatMap(({ from, to }) => {
    const [a, b] = [byId.get(from[0]), byId.get(to[0])];
    if (!a || !b) return [];
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + b.height / 2];
    const bend = Math.max(40, Math.abs(x2 - x1) / 2);
    return [
      { key: [...from, ...to].join(" "), path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}` },
    ];
  });
  if (boxes.length === 0) return { viewBox: "0 0 5 3", boxes, wires };
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
  return { viewBox: `${left} ${top} ${right - left} ${bottom - top}`, boxes, wires };
}
