/** A node that is dropped on a wire goes into it, where its ports fit. */
import { edit, openGraph } from "../document/store";
import type { WorkflowDocument, WorkflowEdge } from "../document/types";
import { t } from "../text";
import { getNodeSchema } from "./catalog";
import { refusal, type SchemaOf } from "./compat";
import { flowStore } from "./flow_store";

/** Where a wire is looked for on the node's middle line, the middle first. */
const DOWN = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/** The two wires that lead through a node instead of one past it; null where no ports fit. Pure. */
export function wiresThrough(
  doc: WorkflowDocument,
  schemaOf: SchemaOf,
  edge: WorkflowEdge,
  id: string,
): readonly [WorkflowEdge, WorkflowEdge] | null {
  const schema = schemaOf(doc.nodes.find((node) => node.id === id)?.type ?? "");
  const without = { ...doc, edges: doc.edges.filter((one) => one !== edge) };
  const wired = new Set(without.edges.filter(({ to }) => to[0] === id).map(({ to }) => to[1]));
  const input = schema?.inputs.find(
    ({ name }) => !wired.has(name) && refusal(without, schemaOf, { from: edge.from, to: [id, name] }) === null,
  );
  if (!schema || !input) return null;
  const first: WorkflowEdge = { from: edge.from, to: [id, input.name] };
  const half = { ...without, edges: [...without.edges, first] };
  const output = schema.outputs.find(({ name }) => refusal(half, schemaOf, { from: [id, name], to: edge.to }) === null);
  return output ? [first, { from: [id, output.name], to: edge.to }] : null;
}

/** After a drag: put a node that has no wires yet into the wire that crosses its middle line. */
export function dropIntoWire(id: string): void {
  const doc = openGraph();
  if (doc.edges.some(({ from, to }) => from[0] === id || to[0] === id)) return;
  const edge = wireUnder(id, doc);
  const wires = edge && wiresThrough(doc, getNodeSchema, edge, id);
  if (!edge || !wires) return;
  const node = doc.nodes.find((one) => one.id === id);
  const name = node?.title ?? getNodeSchema(node?.type ?? "")?.name ?? "";
  edit(t("graph.edits.intoWire", { name }), {
    kind: "batch",
    edits: [
      { kind: "remove", nodes: [], edges: [edge] },
      { kind: "add", nodes: [], edges: wires },
    ],
  });
}

function wireUnder(id: string, doc: WorkflowDocument): WorkflowEdge | undefined {
  const box = document.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.getBoundingClientRect();
  if (!box) return undefined;
  for (const share of DOWN) {
    const found = document
      .elementsFromPoint(box.left + box.width / 2, box.top + box.height * share)
      .map((element) => element.closest<HTMLElement>(".react-flow__edge")?.dataset.id)
      .find((one) => one !== undefined);
    const flow = flowStore.getState().edges.find((one) => one.id === found);
    if (flow) {
      return doc.edges.find(({ to }) => to[0] === flow.target && to[1] === flow.targetHandle);
    }
  }
  return undefined;
}
