/** The document as React Flow's nodes and edges. Objects are reused where nothing changed, so that only those redraw. */
import type { Edge, Node } from "@xyflow/react";
import { edgeKey, type WorkflowDocument, type WorkflowGroup, type WorkflowNode } from "../document/types";
import { passedType, type SchemaOf } from "./compat";
import { portColor } from "./colors";

export type GraphNodeData = { readonly node: WorkflowNode; readonly wired: string; readonly passes: string | null };
export type GroupData = { readonly group: WorkflowGroup };
export type GraphFlowNode = Node<GraphNodeData, "node" | "note" | "reroute">;
export type GroupFlowNode = Node<GroupData, "frame">;
export type FlowNode = GraphFlowNode | GroupFlowNode;
export type FlowEdge = Edge<{ readonly type: string }>;

export const NOTE_TYPE = "util.note";
export const REROUTE_TYPE = "util.reroute";
export const NODE_WIDTH = 264;
const HEAD_MIDDLE_PX = 18;
/** A collapsed group is its title bar. */
const COLLAPSED_GROUP_PX = 44;

/** Below everything, also when selected: React Flow lifts selected nodes by a thousand. */
const GROUP_DEPTH = -2000;

const GROUP_PREFIX = "group:";

export function groupNodeId(id: string): string {
  return `${GROUP_PREFIX}${id}`;
}

export function groupIdOf(flowId: string): string | null {
  return flowId.startsWith(GROUP_PREFIX) ? flowId.slice(GROUP_PREFIX.length) : null;
}

export function isGroup(node: FlowNode): node is GroupFlowNode {
  return node.type === "frame";
}

export function toFlowNodes(doc: WorkflowDocument, schemaOf: SchemaOf, before: readonly FlowNode[]): FlowNode[] {
  const old = new Map(before.map((node) => [node.id, node]));
  const wired = wiredInputs(doc);
  const groups = doc.groups.map((group) => groupNode(group, old.get(groupNodeId(group.id))));
  const closed = doc.groups.filter((group) => group.collapsed).map((group) => group.bounds);
  const nodes = doc.nodes.map((node) => {
    const hidden = closed.length > 0 && closed.some((bounds) => standsIn(node, bounds));
    const passes = node.type === REROUTE_TYPE ? passedType(doc, schemaOf, node.id) : null;
    return graphNode({ node, wired: wired.get(node.id) ?? "", passes }, old.get(node.id), hidden);
  });
  return [...groups, ...nodes];
}

function groupNode(group: WorkflowGroup, old: FlowNode | undefined): GroupFlowNode {
  if (old && isGroup(old) && old.data.group === group) return old;
  const [x, y, width, height] = group.bounds;
  return {
    ...(old && isGroup(old) ? old : {}),
    id: groupNodeId(group.id),
    type: "frame",
    position: { x, y },
    width,
    height: group.collapsed ? COLLAPSED_GROUP_PX : height,
    zIndex: GROUP_DEPTH,
    style: { pointerEvents: "none" },
    dragHandle: ".gn-group-title",
    data: { group },
  };
}

/** Whether a node's top left part, which every node has, stands in a frame. */
function standsIn(node: WorkflowNode, [x, y, width, height]: WorkflowGroup["bounds"]): boolean {
  const middle = node.pos[0] + (node.size?.[0] ?? NODE_WIDTH) / 2;
  const top = node.pos[1] + HEAD_MIDDLE_PX;
  return middle > x && top > y && middle < x + width && top < y + height;
}

function graphNode(data: GraphNodeData, old: FlowNode | undefined, hidden: boolean): GraphFlowNode {
  const { node } = data;
  const kept = old && !isGroup(old) ? old : undefined;
  const same =
    kept?.data.node === node &&
    (kept.hidden ?? false) === hidden &&
    kept.data.wired === data.wired &&
    kept.data.passes === data.passes;
  if (kept && same) return kept;
  const moved = kept?.data.node.pos !== node.pos;
  return {
    ...kept,
    id: node.id,
    type: node.type === NOTE_TYPE ? "note" : node.type === REROUTE_TYPE ? "reroute" : "node",
    position: kept && !moved ? kept.position : { x: node.pos[0], y: node.pos[1] },
    ...sizeOf(node),
    draggable: !node.pinned,
    hidden,
    data,
  };
}

function sizeOf(node: WorkflowNode): { width?: number; height?: number } {
  if (node.type === REROUTE_TYPE) return {};
  if (node.type === NOTE_TYPE) return { width: node.size?.[0] ?? 240, height: node.size?.[1] ?? 130 };
  return { width: node.size?.[0] ?? NODE_WIDTH };
}

function wiredInputs(doc: WorkflowDocument): ReadonlyMap<string, string> {
  const wired = new Map<string, string>();
  for (const { to } of doc.edges) wired.set(to[0], `${wired.get(to[0]) ?? ""}${to[1]}\n`);
  return wired;
}

export function toFlowEdges(doc: WorkflowDocument, schemaOf: SchemaOf, before: readonly FlowEdge[]): FlowEdge[] {
  const old = new Map(before.map((edge) => [edge.id, edge]));
  const types = new Map(doc.nodes.map((node) => [node.id, node]));
  return doc.edges.map((edge) => {
    const id = edgeKey(edge);
    const source = types.get(edge.from[0]);
    const port = source && schemaOf(source.type)?.outputs.find((output) => output.name === edge.from[1]);
    const type = port?.type === "*" && source ? passedType(doc, schemaOf, source.id) : (port?.type ?? "*");
    const kept = old.get(id);
    const same = kept?.source === edge.from[0] && kept.sourceHandle === edge.from[1] && kept.data?.type === type;
    if (kept && same) return kept;
    return {
      ...(kept?.selected ? { selected: true } : {}),
      id,
      source: edge.from[0],
      sourceHandle: edge.from[1],
      target: edge.to[0],
      targetHandle: edge.to[1],
      style: { stroke: portColor(type) },
      data: { type },
    };
  });
}
