/** Which wire is allowed, and why another is not. Pure: a document, schemas, two ends in; a reason or null out. */
import { endsOf, flatten, hasInstances, sourceOf } from "../document/flatten";
import type { WorkflowDocument, WorkflowEdge } from "../document/types";
import { t } from "../text";
import type { InputSchema, NodeSchema, OutputSchema } from "../protocol/schema";

export type SchemaOf = (type: string) => NodeSchema | undefined;

/** The type rule: equal types fit, INT fits FLOAT, "*" fits everything. */
export function typesFit(from: string, to: string): boolean {
  return from === to || from === "*" || to === "*" || (from === "INT" && to === "FLOAT");
}

/** Whether an output's items may feed an input of a node, given whether the output changes every tick. */
export function modeFits(streams: boolean, input: InputSchema, consumer: NodeSchema): boolean {
  return !streams || input.mode !== "fixed" || consumer.kind === "value";
}

/** The reason why a wire is refused, as a sentence; null when it is fine. Instances of subgraphs are looked into. */
export function refusal(doc: WorkflowDocument, schemaOf: SchemaOf, edge: WorkflowEdge): string | null {
  if (!hasInstances(doc)) return plainRefusal(doc, schemaOf, edge);
  const from = sourceOf(doc, doc, edge.from);
  const ends = endsOf(doc, doc, edge.to);
  if (from === null || ends.length === 0) return t("graph.wire.unknownPort");
  const flat = flatten(doc);
  for (const to of ends) {
    const reason = plainRefusal(flat, schemaOf, { from, to });
    if (reason !== null) return reason;
  }
  return null;
}

function plainRefusal(doc: WorkflowDocument, schemaOf: SchemaOf, edge: WorkflowEdge): string | null {
  const [fromId, outputName] = edge.from;
  const [toId, inputName] = edge.to;
  if (fromId === toId) return t("graph.wire.sameNode");
  const source = findPort(doc, schemaOf, fromId, (schema) => schema.outputs, outputName);
  const target = findPort(doc, schemaOf, toId, (schema) => schema.inputs, inputName);
  if (!source || !target) return t("graph.wire.unknownPort");
  const type = source.port.type === "*" ? passedType(doc, schemaOf, fromId) : source.port.type;
  if (!typesFit(type, target.port.type)) return t("graph.wire.types", { from: type, to: target.port.type });
  if (reaches(doc, toId, fromId)) return t("graph.wire.cycle");
  if (closes(source.schema, source.port) && target.schema.kind !== "value") return t("graph.wire.closing");
  const streams = source.port.stream || streamingNodes(doc, schemaOf).has(fromId);
  return modeFits(streams, target.port, target.schema) ? null : t("graph.wire.fixed", { input: inputName });
}

/** Whether an output exists only after the streams have ended, like the file of a finished video. */
function closes(schema: NodeSchema, port: OutputSchema): boolean {
  return schema.kind !== "value" && !port.stream;
}

function findPort<P extends InputSchema | OutputSchema>(
  doc: WorkflowDocument,
  schemaOf: SchemaOf,
  id: string,
  ports: (schema: NodeSchema) => readonly P[],
  name: string,
): { schema: NodeSchema; port: P } | null {
  const node = doc.nodes.find((one) => one.id === id);
  const schema = node && schemaOf(node.type);
  const port = schema && ports(schema).find((one) => one.name === name);
  return schema && port ? { schema, port } : null;
}

/** What flows through a "*" output: the type that the node's "*" input is wired to, through any number of reroutes. */
export function passedType(doc: WorkflowDocument, schemaOf: SchemaOf, id: string): string {
  const seen = new Set<string>();
  for (let at = id; !seen.has(at); ) {
    seen.add(at);
    const node = doc.nodes.find((one) => one.id === at);
    const wild = node && schemaOf(node.type)?.inputs.find((input) => input.type === "*");
    const edge = wild && doc.edges.find((one) => one.to[0] === at && one.to[1] === wild.name);
    const source = edge && findPort(doc, schemaOf, edge.from[0], (schema) => schema.outputs, edge.from[1]);
    if (!source) return "*";
    if (source.port.type !== "*") return source.port.type;
    at = edge.from[0];
  }
  return "*";
}

/** Whether a path of wires leads from one node to another. */
export function reaches(doc: WorkflowDocument, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const edge of doc.edges) next.set(edge.from[0], [...(next.get(edge.from[0]) ?? []), edge.to[0]]);
  const seen = new Set<string>([from]);
  const queue = [from];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === to) return true;
    for (const after of next.get(id) ?? []) if (!seen.has(after) && seen.add(after)) queue.push(after);
  }
  return false;
}

/** Value nodes that a stream has been wired into: they are evaluated every tick, so their outputs stream too. */
export function streamingNodes(doc: WorkflowDocument, schemaOf: SchemaOf): ReadonlySet<string> {
  const schemas = new Map(doc.nodes.map((node) => [node.id, schemaOf(node.type)]));
  const streaming = new Set<string>();
  const queue: string[] = [];
  const mark = (id: string) => {
    if (!streaming.has(id)) queue.push(id);
    streaming.add(id);
  };
  const out = new Map<string, WorkflowEdge[]>();
  for (const edge of doc.edges) {
    out.set(edge.from[0], [...(out.get(edge.from[0]) ?? []), edge]);
    const port = schemas.get(edge.from[0])?.outputs.find((output) => output.name === edge.from[1]);
    if (port?.stream && schemas.get(edge.to[0])?.kind === "value") mark(edge.to[0]);
  }
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const edge of out.get(id) ?? []) if (schemas.get(edge.to[0])?.kind === "value") mark(edge.to[0]);
  }
  return streaming;
}
