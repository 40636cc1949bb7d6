/** Making a subgraph of some nodes, taking one apart, exposing and hiding its ports. Pure: a document in, an edit out. */
import type { Edit } from "../document/edits";
import {
  type End,
  instanceType,
  type Subgraph,
  type SubgraphInput,
  type SubgraphOutput,
  subgraphOf,
  type WorkflowDocument,
  type WorkflowEdge,
  type WorkflowGroup,
  type WorkflowNode,
} from "../document/types";
import { createIds } from "./clipboard";
import type { SchemaOf } from "./compat";

export interface Making {
  readonly name: string;
  readonly at: readonly [number, number];
  /** Frames that stand around chosen nodes only; they go inside. */
  readonly groups: readonly WorkflowGroup[];
}

export interface Made {
  readonly edit: Edit;
  readonly instance: string;
}

/**
 * Put the chosen nodes of a graph into a new subgraph with one instance in their place. Wires over the border become
 * exposed ports; live inputs with a widget and no wire are exposed too, so that they can still be steered.
 */
export function makeSubgraph(doc: WorkflowDocument, schemaOf: SchemaOf, ids: readonly string[], how: Making): Made {
  const chosen = new Set(ids);
  const inner = doc.edges.filter(({ from, to }) => chosen.has(from[0]) && chosen.has(to[0]));
  const entering = doc.edges.filter(({ from, to }) => !chosen.has(from[0]) && chosen.has(to[0]));
  const leaving = doc.edges.filter(({ from, to }) => chosen.has(from[0]) && !chosen.has(to[0]));
  const nodes = doc.nodes.filter((node) => chosen.has(node.id));
  const inputs = portsOf(
    entering,
    (edge) => edge.from,
    (edge) => edge.to,
  );
  const outputs = portsOf(
    leaving,
    (edge) => edge.from,
    (edge) => edge.to,
    (edge) => edge.from[1],
  );
  const id = freeId(doc);
  const definition: Subgraph = {
    id,
    name: how.name,
    nodes,
    edges: inner,
    groups: how.groups,
    inputs: [...inputs.map(({ name, ends }) => ({ name, to: ends })), ...steerable(doc, schemaOf, nodes, inputs)],
    outputs: outputs.map(({ name, key }) => ({ name, from: key })),
  };
  const instance = createIds(doc)();
  const node: WorkflowNode = { id: instance, type: instanceType(id), version: 1, inputs: {}, pos: how.at };
  const edges: WorkflowEdge[] = [
    ...inputs.map(({ name, key }) => ({ from: key, to: [instance, name] as const })),
    ...outputs.flatMap(({ name, ends }) => ends.map((to) => ({ from: [instance, name] as const, to }))),
  ];
  const edits: Edit[] = [
    { kind: "set-subgraphs", subgraphs: [...doc.subgraphs, definition] },
    { kind: "remove-groups", ids: how.groups.map((group) => group.id) },
    { kind: "remove", nodes: ids, edges: [] },
    { kind: "add", nodes: [node], edges },
  ];
  return { edit: { kind: "batch", edits }, instance };
}

interface Border {
  readonly name: string;
  readonly key: End;
  readonly ends: End[];
}

/** One port for each output that wires over the border come from, named after the first port it leads to. */
function portsOf(
  edges: readonly WorkflowEdge[],
  keyOf: (edge: WorkflowEdge) => End,
  endOf: (edge: WorkflowEdge) => End,
  nameOf: (edge: WorkflowEdge) => string = (edge) => edge.to[1],
): readonly Border[] {
  const ports = new Map<string, Border>();
  const taken = new Set<string>();
  for (const edge of edges) {
    const key = keyOf(edge).join("\u0000");
    const known = ports.get(key);
    if (known) known.ends.push(endOf(edge));
    else ports.set(key, { name: freeName(nameOf(edge), taken), key: keyOf(edge), ends: [endOf(edge)] });
  }
  return [...ports.values()];
}

function steerable(
  doc: WorkflowDocument,
  schemaOf: SchemaOf,
  nodes: readonly WorkflowNode[],
  known: readonly Border[],
): readonly SubgraphInput[] {
  const taken = new Set(known.map((port) => port.name));
  const wired = new Set(doc.edges.map((edge) => edge.to.join("\u0000")));
  return nodes.flatMap((node) => {
    const live = schemaOf(node.type)?.inputs.filter((input) => input.mode === "live" && input.widget !== null) ?? [];
    return live
      .filter((input) => !wired.has(`${node.id}\u0000${input.name}`))
      .map((input): SubgraphInput => ({ name: freeName(input.name, taken), to: [[node.id, input.name]] }));
  });
}

/** The name, or the name with a number behind it; it counts as taken from now on. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}_${n}`;
  taken.add(free);
  return free;
}

function freeId(doc: WorkflowDocument): string {
  const taken = new Set(doc.subgraphs.map((one) => one.id));
  return freeName(`s${doc.subgraphs.length + 1}`, taken);
}

/** Put what is inside an instance in its place, with the instance's values and wires. */
export function unpack(
  doc: WorkflowDocument,
  id: string,
): { readonly edit: Edit; readonly nodes: readonly string[] } | null {
  const instance = doc.nodes.find((node) => node.id === id);
  const definition = doc.subgraphs.find((one) => one.id === subgraphOf(instance?.type ?? ""));
  if (!instance || !definition) return null;
  const next = createIds(doc);
  const ids = new Map(definition.nodes.map((node) => [node.id, next()]));
  const end = ([node, port]: End): End => [ids.get(node) ?? node, port];
  const [left, top] = [0, 1].map((axis) => Math.min(...definition.nodes.map((node) => node.pos[axis] ?? 0)));
  const shift = [instance.pos[0] - (left ?? 0), instance.pos[1] - (top ?? 0)] as const;
  const nodes = definition.nodes.map(
    (node): WorkflowNode => ({
      ...node,
      id: ids.get(node.id) ?? node.id,
      inputs: { ...node.inputs, ...valuesFor(definition, instance, node.id) },
      pos: [node.pos[0] + shift[0], node.pos[1] + shift[1]],
      ...(instance.mode ? { mode: instance.mode } : {}),
    }),
  );
  const edges: WorkflowEdge[] = [
    ...definition.edges.map((edge) => ({ from: end(edge.from), to: end(edge.to) })),
    ...doc.edges
      .filter((edge) => edge.to[0] === id)
      .flatMap((edge) => {
        const port = definition.inputs.find((input) => input.name === edge.to[1]);
        return (port?.to ?? []).map((to) => ({ from: edge.from, to: end(to) }));
      }),
    ...doc.edges
      .filter((edge) => edge.from[0] === id)
      .flatMap((edge) => {
        const port = definition.outputs.find((output) => output.name === edge.from[1]);
        return port ? [{ from: end(port.from), to: edge.to }] : [];
      }),
  ];
  const groups = definition.groups.map(
    (group, index): WorkflowGroup => ({
      ...group,
      id: freeName(`g${doc.groups.length + index + 1}`, new Set(doc.groups.map((one) => one.id))),
      bounds: [group.bounds[0] + shift[0], group.bounds[1] + shift[1], group.bounds[2], group.bounds[3]],
    }),
  );
  const edits: Edit[] = [
    { kind: "remove", nodes: [id], edges: [] },
    { kind: "add", nodes, edges },
    { kind: "add-groups", groups },
  ];
  return { edit: { kind: "batch", edits }, nodes: nodes.map((node) => node.id) };
}

function valuesFor(definition: Subgraph, instance: WorkflowNode, inner: string): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const port of definition.inputs) {
    if (!(port.name in instance.inputs)) continue;
    for (const [node, name] of port.to) if (node === inner) values[name] = instance.inputs[port.name];
  }
  return values;
}

/** Change a definition; the wires and values of its instances follow ports that are renamed and leave those that go. */
export function redefine(
  doc: WorkflowDocument,
  id: string,
  next: Subgraph,
  renamed: ReadonlyMap<string, string>,
): Edit {
  const type = instanceType(id);
  const inputs = new Set(next.inputs.map((port) => port.name));
  const outputs = new Set(next.outputs.map((port) => port.name));
  const follow = <G extends Pick<WorkflowDocument, "nodes" | "edges">>(graph: G): G => {
    const mine = new Set(graph.nodes.filter((node) => node.type === type).map((node) => node.id));
    if (mine.size === 0) return graph;
    const now = (name: string) => renamed.get(name) ?? name;
    return {
      ...graph,
      nodes: graph.nodes.map((node) =>
        mine.has(node.id) ? { ...node, inputs: keep(node.inputs, now, inputs) } : node,
      ),
      edges: graph.edges.flatMap((edge) => {
        const from: End = mine.has(edge.from[0]) ? [edge.from[0], now(edge.from[1])] : edge.from;
        const to: End = mine.has(edge.to[0]) ? [edge.to[0], now(edge.to[1])] : edge.to;
        const lost = (mine.has(from[0]) && !outputs.has(from[1])) || (mine.has(to[0]) && !inputs.has(to[1]));
        return lost ? [] : [{ from, to }];
      }),
    };
  };
  const subgraphs = doc.subgraphs.map((one) => (one.id === id ? next : follow(one)));
  const root = follow(doc);
  return { kind: "replace", document: { ...root, subgraphs } };
}

function keep(
  values: WorkflowNode["inputs"],
  now: (name: string) => string,
  known: ReadonlySet<string>,
): WorkflowNode["inputs"] {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (known.has(now(name)) ? [[now(name), value]] : [])),
  );
}

export type { Subgraph, SubgraphInput, SubgraphOutput };
