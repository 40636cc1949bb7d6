/** Which graph of a document is open: the outermost one, or the inside of a subgraph. Pure. */
import { type Subgraph, subgraphOf, type WorkflowDocument } from "./types";

/** Ids of the instances that were opened one inside the other; empty is the outermost graph. */
export type Scope = readonly string[];

export const OUTERMOST: Scope = [];

/** The subgraph that a scope leads to, or null at the outermost graph and where an instance no longer exists. */
export function definitionAt(doc: WorkflowDocument, scope: Scope): Subgraph | null {
  let found: Subgraph | null = null;
  for (const id of scope) {
    const nodes: WorkflowDocument["nodes"] = (found ?? doc).nodes;
    const inner = subgraphOf(nodes.find((node) => node.id === id)?.type ?? "");
    found = doc.subgraphs.find((one) => one.id === inner) ?? null;
    if (found === null) return null;
  }
  return found;
}

/** The longest beginning of a scope that still exists. */
export function existingScope(doc: WorkflowDocument, scope: Scope): Scope {
  for (let depth = scope.length; depth > 0; depth--) {
    if (definitionAt(doc, scope.slice(0, depth)) !== null)
      return depth === scope.length ? scope : scope.slice(0, depth);
  }
  return OUTERMOST;
}

const views = new WeakMap<WorkflowDocument, Map<string, WorkflowDocument>>();

/** The graph at a scope as a document of its own; the same object as long as the document is the same. */
export function graphAt(doc: WorkflowDocument, scope: Scope): WorkflowDocument {
  const definition = definitionAt(doc, scope);
  if (definition === null) return doc;
  const known = views.get(doc) ?? new Map<string, WorkflowDocument>();
  views.set(doc, known);
  const { nodes, edges, groups } = definition;
  const view = known.get(definition.id) ?? { ...doc, nodes, edges, groups };
  known.set(definition.id, view);
  return view;
}

/** Where a node is that is named by its path, such as "7/3". */
export function locate(doc: WorkflowDocument, path: string): { readonly scope: Scope; readonly node: string } {
  const ids = path.split("/");
  const scope = ids.slice(0, -1);
  // An id may hold a slash itself, in graphs made from the API format.
  if (scope.length === 0 || definitionAt(doc, scope) === null) return { scope: OUTERMOST, node: path };
  return { scope, node: ids.at(-1) ?? path };
}
