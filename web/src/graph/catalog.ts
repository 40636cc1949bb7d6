/** The node declarations of all installed packs, loaded once from the server. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { api } from "../lib/api";
import { errorText } from "../lib/error_text";
import type { NodeSchema } from "../protocol/schema";

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

export function setCatalog(nodes: readonly NodeSchema[]): void {
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

export function getNodeSchema(type: string): NodeSchema | undefined {
  return catalogStore.getState().byId.get(type);
}

export function useCatalog<T>(selector: (state: CatalogState) => T): T {
  return useStore(catalogStore, selector);
}

export function useNodeSchema(type: string): NodeSchema | undefined {
  return useStore(catalogStore, (state) => state.byId.get(type));
}
