/** Changes made in an editor of its own: each one is a step of undo, unlike the stream of values from a slider. */
import { edit, pathOf } from "../../document/store";
import { sendControl } from "../../live";
import { t } from "../../text";
import { controlTargets } from "../subgraph_ports";
import type { FieldPlace } from "./use_field";

/** Write an input and tell the live run. */
export function commitStep({ node, input }: FieldPlace, value: unknown): void {
  edit(t("graph.edits.change", { input: input.name }), { kind: "set-input", node: node.id, input: input.name, value });
  if (input.mode !== "live") return;
  for (const [target, name] of controlTargets(pathOf(node.id), input.name)) sendControl(target, name, value);
}

/** The way a field writes: step by step where it knows its place, otherwise as its owner does. */
export function stepwise(place: FieldPlace | null, otherwise: (value: unknown) => void): (value: unknown) => void {
  return place ? (value) => commitStep(place, value) : otherwise;
}
