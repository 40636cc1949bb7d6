import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { type Problem, problemStore } from "../document/problems";

const NONE: readonly Problem[] = [];

/** The problems of one node, and whether they stopped a run. */
export function useNodeProblems(path: string): { readonly problems: readonly Problem[]; readonly hard: boolean } {
  return useStore(
    problemStore,
    useShallow((state) => ({ problems: state.byNode.get(path) ?? NONE, hard: state.hard })),
  );
}
