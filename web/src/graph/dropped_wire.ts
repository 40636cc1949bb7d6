/** What happens to a wire that was let go: menu on empty space, first fitting port on a node, refusal with its reason. */
import type { Handle, InternalNodeBase } from "@xyflow/system";
import { openGraph } from "../document/store";
import { edgeInto } from "../document/edits";
import type { WorkflowEdge } from "../document/types";
import { t } from "../text";
import { toast } from "../lib/toast";
import { connect, disconnect, moveWire } from "./actions";
import type { Point } from "./point";
import { getNodeSchema } from "./catalog";
import { passedType, streamingNodes } from "./compat";
import { openMenu } from "./menu_store";
import { fittingPort, type LooseEnd } from "./search";

export interface DroppedWire {
  readonly isValid: boolean | null;
  readonly fromHandle: Handle | null;
  readonly fromNode: InternalNodeBase | null;
  readonly toHandle: Handle | null;
}

export function droppedWire(
  event: MouseEvent | TouchEvent,
  { isValid, fromHandle, fromNode, toHandle }: DroppedWire,
): void {
  if (isValid || !fromHandle?.id || !fromNode) return;
  const end = looseEnd(fromNode.id, fromHandle.id, fromHandle.type === "source" ? "output" : "input");
  if (end === null) return;
  if (toHandle?.id) refuseOrMove(end, toHandle);
  else dropOnSpace(end, pointOf(event));
}

export function looseEnd(node: string, port: string, side: LooseEnd["side"]): LooseEnd | null {
  const doc = openGraph();
  const type = doc.nodes.find((one) => one.id === node)?.type;
  const schema = type === undefined ? undefined : getNodeSchema(type);
  if (!schema) return null;
  if (side === "output") {
    const output = schema.outputs.find((one) => one.name === port);
    if (!output) return null;
    const streams = output.stream || streamingNodes(doc, getNodeSchema).has(node);
    const shown = output.type === "*" ? passedType(doc, getNodeSchema, node) : output.type;
    return { side, node, port, type: shown, streams };
  }
  const input = schema.inputs.find((one) => one.name === port);
  return input
    ? { side, node, port, type: input.type, streams: input.mode !== "fixed" || schema.kind === "value" }
    : null;
}

function refuseOrMove(end: LooseEnd, to: Handle): void {
  const target = [to.nodeId, to.id ?? ""] as const;
  const sameSide = (to.type === "source" ? "output" : "input") === end.side;
  const held = end.side === "input" ? edgeInto(openGraph(), end.node, end.port) : undefined;
  if (sameSide && end.side === "input" && held) {
    if (to.nodeId !== end.node || to.id !== end.port) moveWire(held, target);
  } else if (sameSide) toast({ kind: "error", title: t("graph.wire.refused"), detail: t("graph.wire.direction") });
  else connect(edgeBetween(end, target));
}

function edgeBetween(end: LooseEnd, other: readonly [string, string]): WorkflowEdge {
  const own = [end.node, end.port] as const;
  return end.side === "output" ? { from: own, to: other } : { from: other, to: own };
}

/** On a node: its first fitting port. On nothing: a wired input lets its wire go, anything else opens the menu. */
function dropOnSpace(end: LooseEnd, at: Point): void {
  const below = document.elementFromPoint(at.x, at.y)?.closest<HTMLElement>(".react-flow__node");
  const nodeId = below?.dataset.id;
  const doc = openGraph();
  if (nodeId === end.node) return;
  const node = doc.nodes.find((one) => one.id === nodeId);
  if (node) {
    const schema = getNodeSchema(node.type);
    const port = schema ? fittingPort(schema, end) : null;
    if (port === null)
      toast({ kind: "error", title: t("graph.wire.refused"), detail: t("graph.wire.noPort", { type: end.type }) });
    else connect(edgeBetween(end, [node.id, port]));
    return;
  }
  const held = end.side === "input" ? edgeInto(doc, end.node, end.port) : undefined;
  if (held) disconnect([held]);
  else openMenu({ kind: "search", at, end });
}

function pointOf(event: MouseEvent | TouchEvent): Point {
  const touch = "changedTouches" in event ? event.changedTouches[0] : event;
  return touch ? { x: touch.clientX, y: touch.clientY } : { x: 0, y: 0 };
}
