/** Placing nodes: align, distribute, a box around some, and the automatic arrangement. Pure. */
import type { WorkflowEdge } from "../document/types";
import type { Box } from "./flow_store";

export type Alignment = "left" | "right" | "top" | "bottom";
export type Placement = ReadonlyMap<string, readonly [number, number]>;

const COLUMN_GAP = 70;
const ROW_GAP = 36;
const FRAME = { side: 22, title: 52 };
const GROUP_KEY = "group:";

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

export interface Arrangement {
  readonly nodes: Placement;
  /** The frame of each group, drawn anew around its nodes. */
  readonly groups: ReadonlyMap<string, readonly [number, number, number, number]>;
}

/** The frame of a group around its nodes, with room for the title. */
export function frameAround(boxes: readonly Box[]): readonly [number, number, number, number] {
  const { x, y, width, height } = bounds(boxes);
  const { side, title } = FRAME;
  return [Math.round(x - side), Math.round(y - title), Math.round(width + 2 * side), Math.round(height + title + side)];
}

/**
 * Columns from left to right along the wires (dagre, loaded when first needed); keeps the top left corner.
 * `groupOf` names the group that each box stands in; groups stay together.
 */
export async function arrange(
  boxes: readonly Box[],
  edges: readonly WorkflowEdge[],
  groupOf: ReadonlyMap<string, string>,
): Promise<Arrangement> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: ROW_GAP, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(boxes.map((box) => box.id));
  for (const group of new Set(groupOf.values())) graph.setNode(GROUP_KEY + group, {});
  for (const box of boxes) {
    graph.setNode(box.id, { width: box.width, height: box.height });
    const group = groupOf.get(box.id);
    if (group !== undefined) graph.setParent(box.id, GROUP_KEY + group);
  }
  for (const { from, to } of edges) if (known.has(from[0]) && known.has(to[0])) graph.setEdge(from[0], to[0]);
  layout(graph);
  const placed = boxes.map((box) => {
    const { x = 0, y = 0 } = graph.node(box.id) as { x?: number; y?: number };
    return { ...box, x: x - box.width / 2, y: y - box.height / 2 };
  });
  return shifted(boxes, placed, groupOf);
}

function shifted(before: readonly Box[], after: readonly Box[], groupOf: ReadonlyMap<string, string>): Arrangement {
  const [old, now] = [bounds(before), bounds(after)];
  const boxes = after.map((box) => ({
    ...box,
    x: Math.round(box.x + old.x - now.x),
    y: Math.round(box.y + old.y - now.y),
  }));
  const members = new Map<string, Box[]>();
  for (const box of boxes) {
    const group = groupOf.get(box.id);
    if (group !== undefined) members.set(group, [...(members.get(group) ?? []), box]);
  }
  return {
    nodes: new Map(boxes.map((box) => [box.id, [box.x, box.y]])),
    groups: new Map([...members].map(([group, inside]) => [group, frameAround(inside)])),
  };
}
