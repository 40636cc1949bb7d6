/**
 * A graph without subgraphs: every instance replaced by what is inside it, under ids such as "7/3".
 * The server does the same before it runs a workflow; here it decides which wires fit and where a control goes.
 */
import {
  type End,
  type Subgraph,
  subgraphOf,
  type WorkflowDocument,
  type WorkflowEdge,
  type WorkflowNode,
} from "./types";

const DEPTH_AT_MOST = 32;

type Graph = Pick<WorkflowDocument, "nodes" | "edges">;

const flat = new WeakMap<WorkflowDocument, WorkflowDocument>();

export function hasInstances(graph: Graph): boolean {
  return graph.nodes.some((node) => subgraphOf(node.type) !== null);
}

/** The document with only ordinary nodes; instances of unknown subgraphs stay. */
export function flatten(doc: WorkflowDocument): WorkflowDocument {
  if (!hasInstances(doc)) return doc;
  const known = flat.get(doc);
  if (known) return known;
  const nodes: WorkflowNode[] = [];
  const edges: WorkflowEdge[] = [];
  expand(doc, doc, "", {}, nodes, edges, 0);
  const result = { ...doc, nodes, edges };
  flat.set(doc, result);
  return result;
}

function expand(
  doc: WorkflowDocument,
  graph: Graph,
  path: string,
  values: Readonly<Record<string, unknown>>,
  nodes: WorkflowNode[],
  edges: WorkflowEdge[],
  depth: number,
): void {
  for (const node of graph.nodes) {
    const definition = definitionOf(doc, node);
    const inputs = withValues(node, values);
    if (!definition || depth >= DEPTH_AT_MOST) {
      nodes.push(path === "" ? node : { ...node, id: path + node.id, inputs });
      continue;
    }
    const inner: Record<string, unknown> = {};
    for (const port of definition.inputs) {
      if (port.name in inputs) for (const end of port.to) inner[end.join("\u0000")] = inputs[port.name];
    }
    expand(doc, definition, `${path}${node.id}/`, inner, nodes, edges, depth + 1);
  }
  for (const edge of graph.edges) {
    const from = sourceOf(doc, graph, edge.from, path);
    if (from) edges.push(...endsOf(doc, graph, edge.to, path).map((to) => ({ from, to })));
  }
}

function withValues(node: WorkflowNode, values: Readonly<Record<string, unknown>>): WorkflowNode["inputs"] {
  const own = Object.entries(values).filter(([key]) => key.startsWith(`${node.id}\u0000`));
  if (own.length === 0) return node.inputs;
  return { ...node.inputs, ...Object.fromEntries(own.map(([key, value]) => [key.slice(node.id.length + 1), value])) };
}

/** The output of an ordinary node that an output of the graph stands for; null where it is not exposed. */
export function sourceOf(doc: WorkflowDocument, graph: Graph, [id, name]: End, path = "", depth = 0): End | null {
  const definition = definitionOf(
    doc,
    graph.nodes.find((node) => node.id === id),
  );
  if (!definition || depth >= DEPTH_AT_MOST) return [path + id, name];
  const port = definition.outputs.find((output) => output.name === name);
  return port ? sourceOf(doc, definition, port.from, `${path}${id}/`, depth + 1) : null;
}

/** The inputs of ordinary nodes that an input of the graph stands for. */
export function endsOf(doc: WorkflowDocument, graph: Graph, [id, name]: End, path = "", depth = 0): readonly End[] {
  const definition = definitionOf(
    doc,
    graph.nodes.find((node) => node.id === id),
  );
  if (!definition || depth >= DEPTH_AT_MOST) return [[path + id, name]];
  const port = definition.inputs.find((input) => input.name === name);
  return (port?.to ?? []).flatMap((end) => endsOf(doc, definition, end, `${path}${id}/`, depth + 1));
}

function definitionOf(doc: WorkflowDocument, node: WorkflowNode | undefined): Subgraph | undefined {
  const id = node && subgraphOf(node.type);
  return id == null ? undefined : doc.subgraphs.find((one) => one.id === id);
}

/** Whether a subgraph holds an instance of another one, or is it, at any depth: one inside the other would be a loop. */
export function contains(doc: WorkflowDocument, outer: string, inner: string, seen = new Set<string>()): boolean {
  if (outer === inner) return true;
  if (seen.has(outer)) return false;
  seen.add(outer);
  const nodes = doc.subgraphs.find((one) => one.id === outer)?.nodes ?? [];
  return nodes.some((node) => {
    const id = subgraphOf(node.type);
    return id !== null && contains(doc, id, inner, seen);
  });
}
