/** Placing nodes: align, distribute, a box around some, and the automatic arrangement. Pure. */
import type { WorkflowEdge } from "../document/types";
import type { Box } from "./flow_store";

export type Alignment = "left" | "right" | "top" | "bottom";
export type Placement = ReadonlyMap<string, readonly [number, number]>;

const COLUMN_GAP = 70;
const ROW_GAP = 36;

export function bounds(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { id: "", x, y, width: right - x, height: bottom - y };
}

export function align(boxes: readonly Box[], side: Alignment): Placement {
  const all = bounds(boxes);
  return new Map(
    boxes.map((box) => {
      if (side === "left") return [box.id, [all.x, box.y]];
      if (side === "right") return [box.id, [all.x + all.width - box.width, box.y]];
      if (side === "top") return [box.id, [box.x, all.y]];
      return [box.id, [box.x, all.y + all.height - box.height]];
    }),
  );
}

/** Equal gaps between neighbours along one axis; the outermost boxes stay. */
export function distribute(boxes: readonly Box[], axis: "x" | "y"): Placement {
  const length = axis === "x" ? "width" : "height";
  const sorted = [...boxes].sort((a, b) => a[axis] - b[axis]);
  const all = bounds(boxes);
  const used = sorted.reduce((sum, box) => sum + box[length], 0);
  const gap = sorted.length > 1 ? (all[length] - used) / (sorted.length - 1) : 0;
  const placed = new Map<string, readonly [number, number]>();
  let at = all[axis];
  for (const box of sorted) {
    placed.set(box.id, axis === "x" ? [Math.round(at), box.y] : [box.x, Math.round(at)]);
    at += box[length] + gap;
  }
  return placed;
}

/** Columns from left to right along the wires (dagre, loaded when first needed); keeps the top left corner. */
export async function arrange(boxes: readonly Box[], edges: readonly WorkflowEdge[]): Promise<Placement> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: ROW_GAP, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(boxes.map((box) => box.id));
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height });
  for (const { from, to } of edges) if (known.has(from[0]) && known.has(to[0])) graph.setEdge(from[0], to[0]);
  layout(graph);
  const placed = boxes.map((box) => {
    const { x = 0, y = 0 } = graph.node(box.id) as { x?: number; y?: number };
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  const [before, after] = [bounds(boxes), bounds(placed)];
  const shift = { x: before.x - after.x, y: before.y - after.y };
  return new Map(placed.map((box) => [box.id, [Math.round(box.x + shift.x), Math.round(box.y + shift.y)]]));
}
