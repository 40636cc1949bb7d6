/** Putting another node in a node's place: wires and values go along wherever they fit. Pure. */
import type { Edit } from "../document/edits";
import type { WorkflowDocument, WorkflowEdge, WorkflowNode } from "../document/types";
import type { InputSchema, NodeSchema, OutputSchema } from "../protocol/schema";
import { refusal, type SchemaOf, typesFit } from "./compat";

/** The edit that swaps a node for `fresh`, which keeps the old one's id, place and title. */
export function replacement(doc: WorkflowDocument, schemaOf: SchemaOf, id: string, fresh: WorkflowNode): Edit | null {
  const old = doc.nodes.find((node) => node.id === id);
  const schema = schemaOf(fresh.type);
  const before = old && schemaOf(old.type);
  if (!old || !schema) return null;
  const node: WorkflowNode = {
    ...fresh,
    id,
    pos: old.pos,
    inputs: { ...fresh.inputs, ...keptValues(old, before, schema) },
    ...(old.title === undefined ? {} : { title: old.title }),
  };
  const bare = {
    ...doc,
    nodes: doc.nodes.map((one) => (one.id === id ? node : one)),
    edges: doc.edges.filter(({ from, to }) => from[0] !== id && to[0] !== id),
  };
  const edges = keptEdges(doc, schemaOf, id, schema).filter((edge) => refusal(bare, schemaOf, edge) === null);
  return {
    kind: "batch",
    edits: [
      { kind: "remove", nodes: [id], edges: [] },
      { kind: "add", nodes: [node], edges },
    ],
  };
}

/** Values of inputs that both nodes have under the same name and type. */
function keptValues(old: WorkflowNode, before: NodeSchema | undefined, after: NodeSchema): Record<string, unknown> {
  const types = new Map(before?.inputs.map((input) => [input.name, input.type]));
  const kept = after.inputs.filter(({ name, type }) => name in old.inputs && types.get(name) === type);
  return Object.fromEntries(kept.map(({ name }) => [name, old.inputs[name]]));
}

/** Each wire goes to the port of the same name, else to the first port of a fitting type that is still free. */
function keptEdges(doc: WorkflowDocument, schemaOf: SchemaOf, id: string, after: NodeSchema): readonly WorkflowEdge[] {
  const taken = new Set<string>();
  return doc.edges.flatMap((edge): WorkflowEdge[] => {
    if (edge.to[0] === id) {
      const type = typeOf(doc, schemaOf, edge.from, "outputs");
      const input = pick(after.inputs, edge.to[1], (port) => typesFit(type, port.type) && !taken.has(port.name));
      if (!input) return [];
      taken.add(input.name);
      return [{ from: edge.from, to: [id, input.name] }];
    }
    if (edge.from[0] !== id) return [];
    const type = typeOf(doc, schemaOf, edge.to, "inputs");
    const output = pick(after.outputs, edge.from[1], (port) => typesFit(port.type, type));
    return output ? [{ from: [id, output.name], to: edge.to }] : [];
  });
}

function pick<P extends InputSchema | OutputSchema>(
  ports: readonly P[],
  name: string,
  fits: (port: P) => boolean,
): P | undefined {
  const usable = ports.filter(fits);
  return usable.find((port) => port.name === name) ?? usable[0];
}

function typeOf(
  doc: WorkflowDocument,
  schemaOf: SchemaOf,
  [id, name]: readonly [string, string],
  side: "inputs" | "outputs",
): string {
  const node = doc.nodes.find((one) => one.id === id);
  const ports: readonly (InputSchema | OutputSchema)[] = (node && schemaOf(node.type)?.[side]) ?? [];
  return ports.find((port) => port.name === name)?.type ?? "*";
}

/** The first wire from one node to another that is allowed and takes a free input, or null. */
export function firstWire(doc: WorkflowDocument, schemaOf: SchemaOf, from: string, to: string): WorkflowEdge | null {
  const schemas = [from, to].map((id) => schemaOf(doc.nodes.find((node) => node.id === id)?.type ?? ""));
  const wired = new Set(doc.edges.filter((edge) => edge.to[0] === to).map((edge) => edge.to[1]));
  for (const output of schemas[0]?.outputs ?? []) {
    for (const input of schemas[1]?.inputs ?? []) {
      const edge: WorkflowEdge = { from: [from, output.name], to: [to, input.name] };
      if (!wired.has(input.name) && refusal(doc, schemaOf, edge) === null) return edge;
    }
  }
  return null;
}
