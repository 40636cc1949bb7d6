/** The takes that were opened from bundles in this window, by the id of the workflow that came with them. */
import { createStore } from "zustand/vanilla";
import { getWorkflow } from "../document/store";
import type { SharedTake } from "./bundle";

export const sharedStore = createStore<{ readonly takes: Readonly<Record<string, SharedTake>> }>(() => ({ takes: {} }));

export function rememberShared(workflow: string, take: SharedTake): void {
  sharedStore.setState(({ takes }) => ({ takes: { ...takes, [workflow]: take } }));
}

/** The take that the workflow in front came with, while this window remembers it. */
export function sharedTake(): SharedTake | null {
  return sharedStore.getState().takes[getWorkflow().id] ?? null;
}
