/** What a user does to nodes. Each action is one named edit of the document. */
import type { Edit, NodePatch } from "../document/edits";
import { edit, openGraph } from "../document/store";
import { type NodeMode, subgraphOf, type WorkflowEdge, type WorkflowNode } from "../document/types";
import { t } from "../text";
import { toast } from "../lib/toast";
import type { NodeSchema } from "../protocol/schema";
import { adopt, retyped } from "./blueprints";
import { getNodeSchema } from "./catalog";
import { type Clip, clipOf, createIds, instantiate, readClip, writeClip } from "./clipboard";
import { refusal } from "./compat";
import { NODE_WIDTH, NOTE_TYPE, REROUTE_TYPE } from "./flow_model";
import { type Box, boxesOf, flowStore, selection, selectOnly } from "./flow_store";
import { type Alignment, align, arrange, bounds, distribute, frameAround, type Placement } from "./layout";
import type { Point } from "./point";
import { rememberNode } from "./recent";
import { mayHold } from "./subgraph_actions";
import { firstWire, replacement } from "./replace";
import type { LooseEnd } from "./search";

/** A node with the defaults of its schema; defaults are written down so that a workflow keeps its meaning. */
export function newNode(schema: NodeSchema, id: string, at: Point): WorkflowNode {
  const inputs: Record<string, unknown> = {};
  // An instance has the values inside its subgraph until it is given its own.
  for (const input of subgraphOf(schema.id) === null ? schema.inputs : []) {
    if (input.widget && input.default !== null && input.default !== undefined) inputs[input.name] = input.default;
  }
  return { id, type: schema.id, version: schema.version, inputs, pos: [Math.round(at.x), Math.round(at.y)] };
}

/** Add a node at a place of the canvas, wired to the loose end where one is given; returns its id. */
export function addNode(
  type: string,
  at: Point,
  end?: { readonly end: LooseEnd; readonly port: string },
): string | null {
  const schema = getNodeSchema(type);
  const inner = subgraphOf(type);
  if (!schema) return null;
  if (inner !== null && !mayHold(inner)) {
    toast({ kind: "error", title: t("graph.subgraph.inItself") });
    return null;
  }
  const id = createIds(openGraph())();
  const edges = end ? [edgeTo(end.end, id, end.port)] : [];
  edit(t("graph.edits.add", { name: schema.name }), { kind: "add", nodes: [newNode(schema, id, at)], edges });
  rememberNode(type);
  selectOnly([id]);
  return id;
}

/** Put a node of another type in the place of one, with its wires and values where they fit. */
export function replaceNode(id: string, type: string): void {
  const schema = getNodeSchema(type);
  const change = schema && replacement(openGraph(), getNodeSchema, id, newNode(schema, id, { x: 0, y: 0 }));
  if (!schema || !change) return;
  edit(t("graph.edits.replace", { name: schema.name }), change);
  rememberNode(type);
  selectOnly([id]);
}

/** Wire the selected nodes from left to right, each to the next, by their first fitting ports. */
export function connectSelection(): void {
  const order = [...boxesOf(selection().nodes)].sort((a, b) => a.x - b.x).map((box) => box.id);
  const edges = order.slice(1).flatMap((to, index) => {
    const wire = firstWire(openGraph(), getNodeSchema, order[index] ?? "", to);
    return wire ? [wire] : [];
  });
  if (edges.length > 0) edit(t("graph.edits.connect"), { kind: "add", nodes: [], edges });
  else toast({ kind: "info", title: t("graph.wire.nothingFits") });
}

function edgeTo(end: LooseEnd, id: string, port: string): WorkflowEdge {
  return end.side === "output"
    ? { from: [end.node, end.port], to: [id, port] }
    : { from: [id, port], to: [end.node, end.port] };
}

/** Connect two ports, or say why not. */
export function connect(edge: WorkflowEdge): boolean {
  const reason = refusal(openGraph(), getNodeSchema, edge);
  if (reason !== null) {
    toast({ kind: "error", title: t("graph.wire.refused"), detail: reason });
    return false;
  }
  edit(t("graph.edits.connect"), { kind: "add", nodes: [], edges: [edge] });
  return true;
}

export function disconnect(edges: readonly WorkflowEdge[]): void {
  edit(t("graph.edits.disconnect"), { kind: "remove", nodes: [], edges });
}

/** Take a wire off one input and put it on another. */
export function moveWire(edge: WorkflowEdge, to: readonly [string, string]): void {
  const moved: WorkflowEdge = { from: edge.from, to };
  const reason = refusal(openGraph(), getNodeSchema, moved);
  if (reason !== null) {
    toast({ kind: "error", title: t("graph.wire.refused"), detail: reason });
    return;
  }
  const steps: Edit[] = [
    { kind: "remove", nodes: [], edges: [edge] },
    { kind: "add", nodes: [], edges: [moved] },
  ];
  edit(t("graph.edits.connect"), { kind: "batch", edits: steps });
}

/** Put a reroute into the middle of a wire. */
export function insertReroute(edge: WorkflowEdge, at: Point): void {
  const schema = getNodeSchema(REROUTE_TYPE);
  const [input, output] = [schema?.inputs[0], schema?.outputs[0]];
  if (!schema || !input || !output) return;
  const id = createIds(openGraph())();
  const edges: WorkflowEdge[] = [
    { from: edge.from, to: [id, input.name] },
    { from: [id, output.name], to: edge.to },
  ];
  edit(t("graph.edits.reroute"), { kind: "add", nodes: [newNode(schema, id, at)], edges });
}

export function deleteSelection(): void {
  const { nodes, groups, edges } = selection();
  const wires = edges.map(edgeOfFlow);
  const total = nodes.length + groups.length + wires.length;
  if (total === 0) return;
  const edits: Edit[] = [
    { kind: "remove", nodes, edges: wires },
    { kind: "remove-groups", ids: groups },
  ];
  edit(t("graph.edits.remove", { n: total }), { kind: "batch", edits });
}

export function edgeOfFlow(edge: {
  source: string;
  sourceHandle?: string | null;
  target: string;
  targetHandle?: string | null;
}): WorkflowEdge {
  return { from: [edge.source, edge.sourceHandle ?? ""], to: [edge.target, edge.targetHandle ?? ""] };
}

export function selectAll(): void {
  selectOnly(flowStore.getState().nodes.map((node) => node.id));
}

/** The selected nodes as text for the clipboard, or null when none is selected. */
export function copySelection(): string | null {
  const { nodes } = selection();
  return nodes.length === 0 ? null : writeClip(clipOf(openGraph(), nodes));
}

export function pasteText(content: string, at: Point, keepIncoming: boolean): boolean {
  const clip = readClip(content);
  if (clip === null || clip.nodes.length === 0) return false;
  place(clip, at, keepIncoming, t("graph.edits.paste", { n: clip.nodes.length }));
  return true;
}

export function duplicateSelection(): void {
  const { nodes } = selection();
  if (nodes.length === 0) return;
  const corner = bounds(boxesOf(nodes));
  place(
    clipOf(openGraph(), nodes),
    { x: corner.x + 40, y: corner.y + 40 },
    true,
    t("graph.edits.duplicate", { n: nodes.length }),
  );
}

function place(clip: Clip, at: Point, keepIncoming: boolean, name: string): void {
  const doc = openGraph();
  const { subgraphs, ids } = adopt(doc, clip.subgraphs);
  const { nodes, edges } = instantiate(doc, { ...clip, nodes: retyped(clip.nodes, ids) }, at, keepIncoming);
  const loop = nodes.some((node) => {
    const inner = subgraphOf(node.type);
    return inner !== null && !mayHold(inner);
  });
  if (loop) {
    toast({ kind: "error", title: t("graph.subgraph.inItself") });
    return;
  }
  const edits: Edit[] = [
    { kind: "set-subgraphs", subgraphs },
    { kind: "add", nodes, edges },
  ];
  edit(name, { kind: "batch", edits });
  selectOnly(nodes.map((node) => node.id));
}

export function patchNodes(name: string, ids: readonly string[], patch: NodePatch): void {
  if (ids.length > 0) edit(name, { kind: "patch-nodes", patches: new Map(ids.map((id) => [id, patch])) });
}

/** Mute or bypass the selected nodes; when all are already, wake them. */
export function toggleMode(mode: Exclude<NodeMode, "active">, ids: readonly string[] = selection().nodes): void {
  const all = openGraph().nodes.filter((node) => ids.includes(node.id));
  const on = all.every((node) => node.mode === mode);
  patchNodes(mode === "muted" ? t("graph.edits.mute") : t("graph.edits.bypass"), ids, { mode: on ? undefined : mode });
}

export function toggleCollapsed(ids: readonly string[] = selection().nodes): void {
  const all = openGraph().nodes.filter((node) => ids.includes(node.id));
  const on = all.every((node) => node.collapsed);
  patchNodes(t("graph.edits.collapse"), ids, { collapsed: on ? undefined : true });
}

/** Pin the selected nodes in place; when all are already, free them. */
export function togglePinned(ids: readonly string[] = selection().nodes): void {
  const all = openGraph().nodes.filter((node) => ids.includes(node.id));
  const on = all.every((node) => node.pinned);
  patchNodes(t("graph.edits.pin"), ids, { pinned: on ? undefined : true });
}

export function groupSelection(): void {
  const { nodes } = selection();
  if (nodes.length === 0) return;
  const taken = new Set(openGraph().groups.map((group) => group.id));
  let number = taken.size + 1;
  while (taken.has(`g${number}`)) number++;
  const group = { id: `g${number}`, title: t("graph.group"), bounds: frameAround(boxesOf(nodes)) };
  edit(t("graph.edits.group"), { kind: "add-groups", groups: [group] });
}

export function alignSelection(side: Alignment): void {
  const boxes = boxesOf(selection().nodes);
  if (boxes.length > 1) movePlaces(t("graph.edits.align"), align(boxes, side));
}

export function distributeSelection(axis: "x" | "y"): void {
  const boxes = boxesOf(selection().nodes);
  if (boxes.length > 2) movePlaces(t("graph.edits.align"), distribute(boxes, axis));
}

/** Arrange the selected nodes, or all of them when fewer than two are selected. */
export async function arrangeNodes(): Promise<void> {
  const chosen = selection().nodes;
  const pinned = new Set(openGraph().nodes.flatMap((node) => (node.pinned ? [node.id] : [])));
  const wanted = chosen.length > 1 ? chosen : openGraph().nodes.map((node) => node.id);
  const ids = wanted.filter((id) => !pinned.has(id));
  const boxes = boxesOf(ids);
  if (boxes.length < 2) return;
  const placed = await arrange(boxes, openGraph().edges, groupsOf(boxes));
  const nodes = new Map([...placed.nodes].map(([id, pos]) => [id, { pos }] as const));
  const groups = new Map([...placed.groups].map(([id, frame]) => [id, { bounds: frame }] as const));
  const edits: Edit[] = [
    { kind: "patch-nodes", patches: nodes },
    { kind: "patch-groups", patches: groups },
  ];
  edit(t("graph.edits.arrange"), { kind: "batch", edits });
}

/** The group each box's middle stands in; of nested groups the smallest. */
function groupsOf(boxes: readonly Box[]): ReadonlyMap<string, string> {
  const groups = [...openGraph().groups].sort((a, b) => a.bounds[2] * a.bounds[3] - b.bounds[2] * b.bounds[3]);
  const found = new Map<string, string>();
  for (const box of boxes) {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const group = groups.find(({ bounds: [left, top, width, height] }) => {
      return x > left && y > top && x < left + width && y < top + height;
    });
    if (group) found.set(box.id, group.id);
  }
  return found;
}

function movePlaces(name: string, places: Placement): void {
  const pinned = new Set(openGraph().nodes.flatMap((node) => (node.pinned ? [node.id] : [])));
  const patches = new Map([...places].flatMap(([id, pos]) => (pinned.has(id) ? [] : [[id, { pos }] as const])));
  edit(name, { kind: "patch-nodes", patches });
}

export function addNote(at: Point): void {
  addNode(NOTE_TYPE, { x: at.x - NODE_WIDTH / 2, y: at.y - 40 });
}
