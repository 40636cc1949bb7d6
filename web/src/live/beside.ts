/** A second live run beside the first: two branches from one moment, watched and steered together. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

export type Steered = "a" | "b" | "both";

export interface Beside {
  readonly runId: string | null;
  readonly takeId: string | null;
  /** Which of the two runs the controls go to. */
  readonly steered: Steered;
}

const NONE: Beside = { runId: null, takeId: null, steered: "both" };

export const besideStore = createStore<Beside>(() => NONE);

export function useBeside<T>(selector: (state: Beside) => T): T {
  return useStore(besideStore, selector);
}

/** The screen of a node of the second run. */
export const besideKey = (nodeId: string): string => `beside/${nodeId}`;

export function forgetBeside(): void {
  besideStore.setState(NONE);
}
