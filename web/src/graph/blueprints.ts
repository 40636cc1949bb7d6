/** Subgraphs kept in this browser for use in any workflow, each with the subgraphs it is made of. */
import { createStore } from "zustand/vanilla";
import { subgraphOf, type Subgraph, type WorkflowDocument } from "../document/types";
import { isRecord, parseSubgraph } from "../document/parse";

export interface Blueprint {
  /** The subgraph itself first, then all that it holds instances of. */
  readonly subgraphs: readonly [Subgraph, ...Subgraph[]];
}

const KEY = "nodegraph.blueprints";

export const blueprintStore = createStore<{ readonly blueprints: readonly Blueprint[] }>(() => ({
  blueprints: load(),
}));

function load(): readonly Blueprint[] {
  try {
    const stored: unknown = JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.flatMap(read) : [];
  } catch {
    return [];
  }
}

function read(value: unknown): Blueprint[] {
  if (!isRecord(value) || !Array.isArray(value.subgraphs)) return [];
  const [first, ...rest] = value.subgraphs.filter(isRecord).map(parseSubgraph);
  return first ? [{ subgraphs: [first, ...rest] }] : [];
}

/** Keep a subgraph; one of the same name is replaced. Throws where the browser has no room. */
export function keepBlueprint(blueprint: Blueprint): void {
  const name = blueprint.subgraphs[0].name;
  const others = blueprintStore.getState().blueprints.filter((one) => one.subgraphs[0].name !== name);
  write([...others, blueprint]);
}

export function removeBlueprint(name: string): void {
  write(blueprintStore.getState().blueprints.filter((one) => one.subgraphs[0].name !== name));
}

function write(blueprints: readonly Blueprint[]): void {
  localStorage.setItem(KEY, JSON.stringify(blueprints));
  blueprintStore.setState({ blueprints });
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
