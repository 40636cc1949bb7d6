/** What differs between two graphs, node by node. Pure. */
import type { WorkflowDocument } from "../../document/types";
import { graphFingerprint, type SchemaOf } from "../control/bindings";

export type Graph = Pick<WorkflowDocument, "nodes" | "edges">;

/** Nodes that were added, changed, rewired or whose neighbour went away, in the order of the new graph. */
export function changedNodes(before: Graph, after: Graph, schemaOf: SchemaOf): string[] {
  const old = new Map(before.nodes.map((node) => [node.id, signature(before, node.id, schemaOf)]));
  return after.nodes.filter(({ id }) => old.get(id) !== signature(after, id, schemaOf)).map(({ id }) => id);
}

function signature({ nodes, edges }: Graph, id: string, schemaOf: SchemaOf): string {
  return graphFingerprint(
    { nodes: nodes.filter((node) => node.id === id), edges: edges.filter(({ to }) => to[0] === id) },
    schemaOf,
  );
}
