/** What can be steered in a take: the live inputs of its graph, subgraphs opened, as its log names them. Pure. */
import { flatten } from "../document/flatten";
import type { WorkflowDocument } from "../document/types";
import type { SchemaOf } from "../live/control/bindings";
import { type PinControl, pinnable } from "../live/pins";
import type { TakeAnswer, TakeControl } from "../protocol/messages.gen";

export function liveInputs({ document }: Pick<TakeAnswer, "document">, schemaOf: SchemaOf): readonly PinControl[] {
  return pinnable(flatten(document as unknown as WorkflowDocument), schemaOf);
}

/** The value in force at a tick: of the last control before it, else the graph's own. */
export function valueAt({ node, input, value }: PinControl, log: readonly TakeControl[], tick: number): unknown {
  const before = log.filter((one) => one.node === node && one.input === input && one.tick <= tick);
  return (
    before.reduce<TakeControl | null>((last, one) => (last && last.tick > one.tick ? last : one), null)?.value ?? value
  );
}
