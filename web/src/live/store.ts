/** The store of live runs and renders. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { randomId } from "./random_id";
import { controlKey, IDLE_NODE, initialState, type LiveRun, type LiveState, type NodeState } from "./state";

const CLIENT_ID_KEY = "nodegraph.client-id";

/** One id per tab; a reload keeps it, so that a running run still belongs to this page. */
function clientId(): string {
  const known = sessionStorage.getItem(CLIENT_ID_KEY);
  if (known) return known;
  const created = randomId();
  sessionStorage.setItem(CLIENT_ID_KEY, created);
  return created;
}

export const liveStore = createStore<LiveState>(() => initialState(clientId()));

export function useLive<T>(selector: (state: LiveState) => T): T {
  return useStore(liveStore, selector);
}

export const useLiveRun = (): LiveRun => useLive((state) => state.run);

/** What a node on the canvas is doing; the same object until it changes. */
export const useNodeState = (nodeId: string): NodeState =>
  useLive((state) => (state.foreign ? IDLE_NODE : (state.nodes[nodeId] ?? IDLE_NODE)));

/** The value that stage steering last sent for an input, or undefined. */
export const useControlValue = (nodeId: string, input: string): unknown =>
  useLive((state) => (state.foreign ? undefined : state.values[controlKey(nodeId, input)]));
