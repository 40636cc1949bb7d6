/** What a field may want to know of the node it stands in: sibling inputs, the default, where its output leads. */
import { useNodeId } from "@xyflow/react";
import { useDocument } from "../../document/hooks";
import { graphAt } from "../../document/scope";
import type { WorkflowDocument, WorkflowNode } from "../../document/types";
import type { InputSchema, NodeSchema, Widget } from "../../protocol/schema";
import { catalogStore, getNodeSchema } from "../catalog";

export interface FieldPlace {
  readonly node: WorkflowNode;
  readonly schema: NodeSchema;
  readonly input: InputSchema;
}

let listed: readonly NodeSchema[] = [];
let owners = new WeakMap<Widget, InputSchema>();

/** The input that declares a widget. Kept by catalog: number fields ask at every drawing. */
export function inputOf(widget: Widget): InputSchema | undefined {
  const { nodes } = catalogStore.getState();
  if (nodes !== listed) {
    listed = nodes;
    owners = new WeakMap();
    for (const input of nodes.flatMap((node) => node.inputs)) if (input.widget) owners.set(input.widget, input);
  }
  return owners.get(widget);
}

/** The node and input of a widget, or null where the field stands outside the canvas. */
export function usePlace(widget: Widget): FieldPlace | null {
  const id = useNodeId();
  const node = useDocument(({ doc, scope }) =>
    id === null ? undefined : graphAt(doc, scope).nodes.find((one) => one.id === id),
  );
  const schema = node && getNodeSchema(node.type);
  const input = schema?.inputs.find((one) => one.widget === widget);
  return node && schema && input ? { node, schema, input } : null;
}

/** The value of another input of the same node, as it stands in the document or by its default. */
export function sibling(place: FieldPlace | null, name: string): unknown {
  if (!place) return undefined;
  return place.node.inputs[name] ?? place.schema.inputs.find((input) => input.name === name)?.default;
}

/** The input that a node's first wire leads to. */
export function firstTarget(doc: WorkflowDocument, node: string): InputSchema | undefined {
  const edge = doc.edges.find(({ from }) => from[0] === node);
  const type = edge && doc.nodes.find(({ id }) => id === edge.to[0])?.type;
  return type === undefined ? undefined : getNodeSchema(type)?.inputs.find((input) => input.name === edge?.to[1]);
}
