/** The node declarations of all installed packs, loaded once from the server. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { documentStore } from "../document/store";
import { subgraphOf, type WorkflowDocument } from "../document/types";
import { api } from "../lib/api";
import { errorText } from "../lib/error_text";
import type { NodeSchema } from "../protocol/schema";
import { subgraphSchema } from "./subgraph_ports";

export interface CatalogState {
  readonly status: "loading" | "ready" | "failed";
  readonly error: string | null;
  readonly nodes: readonly NodeSchema[];
  readonly byId: ReadonlyMap<string, NodeSchema>;
}

export const catalogStore = createStore<CatalogState>(() => ({
  status: "loading",
  error: null,
  nodes: [],
  byId: new Map(),
}));

/** A declaration without the inputs that are for programs only. */
function visible(node: NodeSchema): NodeSchema {
  return node.inputs.some((input) => input.hidden)
    ? { ...node, inputs: node.inputs.filter((input) => !input.hidden) }
    : node;
}

export function setCatalog(declared: readonly NodeSchema[]): void {
  const nodes = declared.map(visible);
  catalogStore.setState({
    status: "ready",
    error: null,
    nodes,
    byId: new Map(nodes.map((node) => [node.id, node])),
  });
}

export async function loadCatalog(): Promise<boolean> {
  catalogStore.setState({ status: "loading", error: null });
  try {
    setCatalog((await api<{ nodes: readonly NodeSchema[] }>("GET", "/api/nodes")).nodes);
    return true;
  } catch (error) {
    catalogStore.setState({ status: "failed", error: errorText(error) });
    return false;
  }
}

/** The schema of a node type, or of the instances of a subgraph of the open document. */
export function getNodeSchema(type: string): NodeSchema | undefined {
  return schemaIn(catalogStore.getState().byId, documentStore.getState().doc, type);
}

type Known = ReadonlyMap<string, NodeSchema>;
const made = new WeakMap<
  WorkflowDocument["subgraphs"],
  { readonly byId: Known; readonly found: Map<string, NodeSchema> }
>();

/** Schemas of instances are made once for every state of the document's subgraphs. */
function schemaIn(byId: Known, doc: WorkflowDocument, type: string): NodeSchema | undefined {
  const id = subgraphOf(type);
  if (id === null) return byId.get(type);
  let cache = made.get(doc.subgraphs);
  if (cache?.byId !== byId) {
    cache = { byId, found: new Map() };
    made.set(doc.subgraphs, cache);
  }
  const definition = doc.subgraphs.find((one) => one.id === id);
  const known = cache.found.get(id);
  if (known || !definition) return known;
  // An instance of itself inside would never end: it has no schema while its own is being made.
  const { found } = cache;
  if (pending.has(id)) return undefined;
  pending.add(id);
  const schema = subgraphSchema(doc, definition, (inner) => schemaIn(byId, doc, inner));
  pending.delete(id);
  found.set(id, schema);
  return schema;
}

const pending = new Set<string>();

export function useCatalog<T>(selector: (state: CatalogState) => T): T {
  return useStore(catalogStore, selector);
}

export function useNodeSchema(type: string): NodeSchema | undefined {
  const byId = useStore(catalogStore, (state) => state.byId);
  const subgraphs = useStore(documentStore, (state) => (subgraphOf(type) === null ? null : state.doc.subgraphs));
  return subgraphs === null ? byId.get(type) : getNodeSchema(type);
}
