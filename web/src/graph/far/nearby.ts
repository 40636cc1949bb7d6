/** Of a large graph only what stands near the view becomes elements. Pure. */
import type { NodeSchema } from "../../protocol/schema";
import type { FlowEdge, FlowNode } from "../flow_model";
import { overlaps, type Rect } from "./scene";
import { isGroup } from "../flow_model";
import { sizeOf } from "./sizes";

const CHOSEN_AT_MOST = 300;

/**
 * The part of the graph around the view, named by a key that changes only after the view has moved by a third of
 * itself: as long as the key is the same, so are the elements.
 */
export function regionKey(x: number, y: number, zoom: number, width: number, height: number): string {
  const step = 2 ** Math.round(Math.log2(zoom));
  const [stepX, stepY] = [Math.max(1, width) / 3 / step, Math.max(1, height) / 3 / step];
  return [step, Math.floor(-x / zoom / stepX), Math.floor(-y / zoom / stepY), width, height].join(" ");
}

export function regionOf(key: string): Rect {
  const [step = 1, column = 0, row = 0, width = 0, height = 0] = key.split(" ").map(Number);
  const [stepX, stepY] = [Math.max(1, width) / 3 / step, Math.max(1, height) / 3 / step];
  // The zoom may be up to the square root of two below `step`: the view is then as much larger.
  return { x: (column - 1) * stepX, y: (row - 1) * stepY, width: 6.5 * stepX, height: 6.5 * stepY };
}

export interface Nearby {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

/** The nodes in a region, the chosen ones, what they are wired to, and the wires among all these. */
export function nearby(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  region: Rect,
  schemaOf: (type: string) => NodeSchema | undefined,
): Nearby {
  const near = new Set<string>();
  let chosen = 0;
  for (const node of nodes) {
    const size = sizeOf(node, isGroup(node) ? undefined : schemaOf(node.data.node.type));
    const inside = overlaps({ ...node.position, ...size }, region);
    if (inside || (node.selected && ++chosen <= CHOSEN_AT_MOST) || node.dragging) near.add(node.id);
  }
  const kept = edges.filter((edge) => near.has(edge.source) || near.has(edge.target));
  const ends = new Set(near);
  for (const edge of kept) {
    ends.add(edge.source);
    ends.add(edge.target);
  }
  return { nodes: nodes.filter((node) => ends.has(node.id)), edges: kept };
}
