/** Subgraphs taken out of one workflow and into another, each with the subgraphs it is made of. Pure. */
import { subgraphOf, type Subgraph, type WorkflowDocument } from "../document/types";

export interface Blueprint {
  /** The subgraph itself first, then all that it holds instances of. */
  readonly subgraphs: readonly [Subgraph, ...Subgraph[]];
}

/** A subgraph with all subgraphs inside it, itself first. */
export function withInner(doc: WorkflowDocument, id: string): readonly Subgraph[] {
  const found = new Map<string, Subgraph>();
  const visit = (one: string) => {
    const definition = doc.subgraphs.find((subgraph) => subgraph.id === one);
    if (!definition || found.has(one)) return;
    found.set(one, definition);
    for (const node of definition.nodes) {
      const inner = subgraphOf(node.type);
      if (inner !== null) visit(inner);
    }
  };
  visit(id);
  return [...found.values()];
}

export interface Adoption {
  /** The document's subgraphs with those that were missing. */
  readonly subgraphs: readonly Subgraph[];
  /** What the ids of the given ones became. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Take subgraphs over from elsewhere: equal ones are shared, others of the same id get a new one. */
export function adopt(doc: WorkflowDocument, given: readonly Subgraph[]): Adoption {
  const taken = new Set(doc.subgraphs.map((one) => one.id));
  const ids = new Map<string, string>();
  const fresh: Subgraph[] = [];
  for (const one of given) {
    const known = doc.subgraphs.find((other) => other.id === one.id);
    if (known && JSON.stringify(known) === JSON.stringify(one)) {
      ids.set(one.id, one.id);
      continue;
    }
    let id = one.id;
    for (let n = 2; taken.has(id); n++) id = `${one.id}-${n}`;
    taken.add(id);
    ids.set(one.id, id);
    fresh.push(one);
  }
  const renamed = fresh.map((one) => ({ ...one, id: ids.get(one.id) ?? one.id, nodes: retyped(one.nodes, ids) }));
  return { subgraphs: renamed.length === 0 ? doc.subgraphs : [...doc.subgraphs, ...renamed], ids };
}

/** Nodes whose instances point at the new ids. */
export function retyped<T extends { readonly type: string }>(
  nodes: readonly T[],
  ids: ReadonlyMap<string, string>,
): T[] {
  return nodes.map((node) => {
    const id = subgraphOf(node.type);
    const now = id === null ? undefined : ids.get(id);
    return now === undefined || now === id ? node : { ...node, type: `subgraph:${now}` };
  });
}
