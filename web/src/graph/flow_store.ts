/**
 * What the canvas holds beyond the document: measured sizes, selection, positions while something is dragged.
 * It follows the document and the catalog; a finished drag is written back as one edit.
 */
import { applyEdgeChanges, applyNodeChanges, type EdgeChange, type NodeChange } from "@xyflow/react";
import { createStore } from "zustand/vanilla";
import type { GroupPatch, NodePatch } from "../document/edits";
import { graphAt } from "../document/scope";
import { documentStore, edit, openGraph } from "../document/store";
import { t } from "../text";
import { catalogStore, getNodeSchema } from "./catalog";
import { sizeOf } from "./far/sizes";
import { type FlowEdge, type FlowNode, groupIdOf, isGroup, toFlowEdges, toFlowNodes } from "./flow_model";

export interface FlowState {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

const HEAD_MIDDLE_PX = 18;

export const flowStore = createStore<FlowState>(() => ({ nodes: [], edges: [] }));

/** Keep the canvas in step with the document and the catalog; returns the function that stops it. */
export function followDocument(): () => void {
  const sync = () => {
    const doc = openGraph();
    const { nodes, edges } = flowStore.getState();
    flowStore.setState({
      nodes: toFlowNodes(doc, getNodeSchema, nodes),
      edges: toFlowEdges(doc, getNodeSchema, edges),
    });
  };
  sync();
  const stopDocument = documentStore.subscribe((state, before) => {
    const [now, then] = [graphAt(state.doc, state.scope), graphAt(before.doc, before.scope)];
    const same = now.nodes === then.nodes && now.edges === then.edges && now.subgraphs === then.subgraphs;
    if (state.scope !== before.scope) flowStore.setState({ nodes: [], edges: [] });
    if (!same || now.groups !== then.groups || state.scope !== before.scope) sync();
  });
  const stopCatalog = catalogStore.subscribe((state, before) => {
    if (state.byId !== before.byId) sync();
  });
  return () => {
    stopDocument();
    stopCatalog();
  };
}

export function changeNodes(changes: NodeChange<FlowNode>[]): void {
  const allowed = changes.filter((change) => change.type !== "remove");
  flowStore.setState((state) => ({ nodes: applyNodeChanges(allowed, state.nodes) }));
  if (allowed.some((change) => change.type === "position" && change.dragging === false))
    queueMicrotask(commitPositions);
}

export function changeEdges(changes: EdgeChange<FlowEdge>[]): void {
  const allowed = changes.filter((change) => change.type !== "remove");
  flowStore.setState((state) => ({ edges: applyEdgeChanges(allowed, state.edges) }));
}

/** Write positions that differ from the document's as one edit. */
export function commitPositions(): void {
  const doc = openGraph();
  const nodes = new Map<string, NodePatch>();
  const groups = new Map<string, GroupPatch>();
  const places = new Map(doc.nodes.map((node) => [node.id, node.pos]));
  for (const flow of flowStore.getState().nodes) {
    const { x, y } = roundedPosition(flow);
    if (isGroup(flow)) {
      const [left, top, width, height] = flow.data.group.bounds;
      if (left !== x || top !== y) groups.set(flow.data.group.id, { bounds: [x, y, width, height] });
      continue;
    }
    const place = places.get(flow.id);
    if (place && (place[0] !== x || place[1] !== y)) nodes.set(flow.id, { pos: [x, y] });
  }
  if (nodes.size + groups.size === 0) return;
  const edits = [{ kind: "patch-nodes", patches: nodes } as const, { kind: "patch-groups", patches: groups } as const];
  edit(
    t("graph.edits.move", { n: nodes.size + groups.size }),
    { kind: "batch", edits },
    `move:${[...nodes.keys(), ...groups.keys()].join()}`,
  );
}

function roundedPosition(flow: FlowNode): { x: number; y: number } {
  return { x: Math.round(flow.position.x), y: Math.round(flow.position.y) };
}

export function selectOnly(nodeIds: Iterable<string>): void {
  const wanted = new Set(nodeIds);
  flowStore.setState((state) => ({
    nodes: state.nodes.map((node) =>
      (node.selected ?? false) === wanted.has(node.id) ? node : { ...node, selected: wanted.has(node.id) },
    ),
    edges: state.edges.map((edge) => (edge.selected ? { ...edge, selected: false } : edge)),
  }));
}

export interface Selection {
  readonly nodes: readonly string[];
  readonly groups: readonly string[];
  readonly edges: readonly FlowEdge[];
}

export function selection(): Selection {
  const { nodes, edges } = flowStore.getState();
  const chosen = nodes.filter((node) => node.selected);
  return {
    nodes: chosen.filter((node) => !isGroup(node)).map((node) => node.id),
    groups: chosen.map((node) => groupIdOf(node.id)).filter((id) => id !== null),
    edges: edges.filter((edge) => edge.selected),
  };
}

export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where nodes stand and how large they are drawn. */
export function boxesOf(ids: Iterable<string>): readonly Box[] {
  const wanted = new Set(ids);
  return flowStore
    .getState()
    .nodes.filter((node) => wanted.has(node.id))
    .map((node) => ({
      id: node.id,
      x: node.position.x,
      y: node.position.y,
      ...sizeOf(node, isGroup(node) ? undefined : getNodeSchema(node.data.node.type)),
    }));
}

/** The nodes that stand in a group and are not chosen themselves. */
export function insideGroup(groupId: string): readonly string[] {
  const { nodes } = flowStore.getState();
  const frame = nodes.find((node) => node.id === groupId);
  return frame ? nodes.filter((node) => !node.selected && isInside(node, frame)).map((node) => node.id) : [];
}

/** While a group is dragged its nodes go with it: who was inside when the drag began, and where the group was. */
export function createGroupDrag(groupId: string): { update(): void } {
  const { nodes } = flowStore.getState();
  const frame = nodes.find((node) => node.id === groupId);
  if (!frame || !isGroup(frame)) return { update: () => undefined };
  const inside = new Map(
    nodes.filter((node) => !node.selected && isInside(node, frame)).map((node) => [node.id, node.position]),
  );
  const start = frame.position;
  return {
    update() {
      flowStore.setState((state) => {
        const now = state.nodes.find((node) => node.id === groupId)?.position ?? start;
        const shift = { x: now.x - start.x, y: now.y - start.y };
        return {
          nodes: state.nodes.map((node) => {
            const from = inside.get(node.id);
            return from ? { ...node, position: { x: from.x + shift.x, y: from.y + shift.y } } : node;
          }),
        };
      });
    },
  };
}

function isInside(node: FlowNode, frame: FlowNode): boolean {
  if (node.id === frame.id || !isGroup(frame)) return false;
  const size = sizeOf(node, isGroup(node) ? undefined : getNodeSchema(node.data.node.type));
  const x = node.position.x + size.width / 2;
  // A hidden node was never measured; that its head is inside is what hid it.
  const y = node.position.y + (node.hidden ? HEAD_MIDDLE_PX : size.height / 2);
  const { x: left, y: top } = frame.position;
  const [, , width, height] = frame.data.group.bounds;
  return x > left && y > top && x < left + width && y < top + height;
}
