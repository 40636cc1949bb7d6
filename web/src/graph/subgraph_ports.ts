/** What an instance of a subgraph looks like from outside: a schema made of the ports that are exposed. */
import { endsOf, flatten } from "../document/flatten";
import { documentStore } from "../document/store";
import type { End, Subgraph, SubgraphInput, SubgraphOutput, WorkflowDocument } from "../document/types";
import { t } from "../text";
import type { InputSchema, NodeSchema, OutputSchema } from "../protocol/schema";
import { type SchemaOf, streamingNodes } from "./compat";

export const SUBGRAPH_CATEGORY = "subgraph";

/** The schema of a subgraph's instances. `schemaOf` answers for the nodes inside. */
export function subgraphSchema(doc: WorkflowDocument, definition: Subgraph, schemaOf: SchemaOf): NodeSchema {
  const inside: WorkflowDocument = { ...doc, nodes: definition.nodes, edges: definition.edges };
  const flat = flatten(inside);
  const streaming = streamingNodes(flat, schemaOf);
  const kinds = flat.nodes.map((node) => schemaOf(node.type)?.kind ?? "value");
  return {
    id: `subgraph:${definition.id}`,
    version: 1,
    name: definition.name,
    category: SUBGRAPH_CATEGORY,
    description: definition.description ?? t("graph.subgraph.holds", { n: definition.nodes.length }),
    kind: kinds.every((kind) => kind === "value") ? "value" : "stream",
    output_node: false,
    pack: "",
    inputs: definition.inputs.map((port) => exposedInput(inside, port, schemaOf)),
    outputs: definition.outputs.map((port) => exposedOutput(inside, port, schemaOf, streaming)),
  };
}

function exposedInput(inside: WorkflowDocument, port: SubgraphInput, schemaOf: SchemaOf): InputSchema {
  const found = port.to.flatMap((end) => {
    const node = inside.nodes.find((one) => one.id === end[0]);
    const input = node && schemaOf(node.type)?.inputs.find((one) => one.name === end[1]);
    return node && input ? [{ input, value: node.inputs[end[1]] ?? input.default }] : [];
  });
  const first = found[0];
  if (!first) {
    return { name: port.name, type: "*", mode: "fixed", required: false, default: null, doc: "", widget: null };
  }
  const fixed = found.find(({ input }) => input.mode === "fixed");
  return {
    ...first.input,
    name: port.name,
    mode: (fixed ?? first).input.mode,
    default: first.value,
    required: first.input.required && (first.value === null || first.value === undefined),
  };
}

function exposedOutput(
  inside: WorkflowDocument,
  port: SubgraphOutput,
  schemaOf: SchemaOf,
  streaming: ReadonlySet<string>,
): OutputSchema {
  const node = inside.nodes.find((one) => one.id === port.from[0]);
  const output = node && schemaOf(node.type)?.outputs.find((one) => one.name === port.from[1]);
  return {
    name: port.name,
    type: output?.type ?? "*",
    stream: (output?.stream ?? false) || streaming.has(port.from[0]),
  };
}

/** Where a control of a node of the workflow goes: for an instance the inputs inside that it stands for. */
export function controlTargets(path: string, input: string): readonly End[] {
  const { doc } = documentStore.getState();
  return insideEnds(doc, [path, input]);
}

function insideEnds(doc: WorkflowDocument, [path, input]: End): readonly End[] {
  const ids = path.split("/");
  let graph: Pick<WorkflowDocument, "nodes" | "edges"> = doc;
  for (const id of ids.slice(0, -1)) {
    const type = graph.nodes.find((node) => node.id === id)?.type;
    const definition = doc.subgraphs.find((one) => `subgraph:${one.id}` === type);
    if (!definition) return [[path, input]];
    graph = definition;
  }
  const prefix = ids.length > 1 ? `${ids.slice(0, -1).join("/")}/` : "";
  const ends = endsOf(doc, graph, [ids.at(-1) ?? path, input], prefix);
  return ends;
}
