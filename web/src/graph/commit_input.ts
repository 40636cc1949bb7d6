/** Changing a widget: into the document, and to the live run where the input can be steered. */
import { flatten } from "../document/flatten";
import { documentStore, pathOf, redoEdit, setInput, undoEdit } from "../document/store";
import type { WorkflowDocument } from "../document/types";
import { sendControl } from "../live";
import type { InputSchema } from "../protocol/schema";
import { getNodeSchema } from "./catalog";
import { controlTargets } from "./subgraph_ports";

export function commitInput(node: string, input: InputSchema, value: unknown): void {
  const path = pathOf(node);
  setInput(path, input.name, value);
  if (input.mode === "live") control(path, input.name, value);
}

function control(path: string, input: string, value: unknown): void {
  for (const [node, name] of controlTargets(path, input)) sendControl(node, name, value);
}

/** Undo, and take the run along: live inputs that went back are sent as controls. */
export function undoWithRun(): string | null {
  return steppedWithRun(undoEdit);
}

export function redoWithRun(): string | null {
  return steppedWithRun(redoEdit);
}

function steppedWithRun(step: () => string | null): string | null {
  const before = documentStore.getState().doc;
  const name = step();
  for (const change of liveChanges(flatten(before), flatten(documentStore.getState().doc))) {
    sendControl(change.node, change.input, change.value);
  }
  return name;
}

interface LiveChange {
  readonly node: string;
  readonly input: string;
  readonly value: unknown;
}

function liveChanges(before: WorkflowDocument, after: WorkflowDocument): readonly LiveChange[] {
  const old = new Map(before.nodes.map((node) => [node.id, node]));
  return after.nodes.flatMap((node) => {
    const was = old.get(node.id);
    if (!was || was === node) return [];
    const live = getNodeSchema(node.type)?.inputs.filter((input) => input.mode === "live") ?? [];
    return live
      .filter(({ name }) => !Object.is(was.inputs[name], node.inputs[name]))
      .map((input) => ({ node: node.id, input: input.name, value: node.inputs[input.name] ?? input.default }));
  });
}
