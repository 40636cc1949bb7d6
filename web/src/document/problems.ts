/** What is wrong with the open workflow, by node. `hard` problems stopped a run; the others are hints from validation. */
import { createStore } from "zustand/vanilla";
import type { Problem } from "../lib/api";

export type { Problem } from "../lib/api";

export interface ProblemState {
  readonly problems: readonly Problem[];
  readonly byNode: ReadonlyMap<string, readonly Problem[]>;
  readonly hard: boolean;
}

export const problemStore = createStore<ProblemState>(() => ({ problems: [], byNode: new Map(), hard: false }));

/** Show the problems that stopped a run or a queue request. */
export function showProblems(problems: readonly Problem[]): void {
  setProblems(problems, true);
}

/** Show what validation found while editing, before anybody pressed Run. */
export function hintProblems(problems: readonly Problem[]): void {
  setProblems(problems, false);
}

export function clearProblems(): void {
  setProblems([], false);
}

function setProblems(problems: readonly Problem[], hard: boolean): void {
  const byNode = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (problem.node == null) continue;
    byNode.set(problem.node, [...(byNode.get(problem.node) ?? []), problem]);
  }
  problemStore.setState({ problems, byNode, hard });
}
