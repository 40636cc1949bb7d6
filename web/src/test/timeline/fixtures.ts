import type { TakeAnswer, TakeControl, TakeEntry } from "../../protocol/messages.gen";
import { documentOf } from "../fixtures/documents";

export function entry(take_id: string, more: Partial<TakeEntry> = {}): TakeEntry {
  return {
    take_id,
    root: more.root ?? more.parent ?? take_id,
    parent: null,
    parent_tick: null,
    name: `Take ${take_id}`,
    created: 1000,
    ticks: 60,
    status: "done",
    workflow_name: "Hello",
    seed: 7,
    thumb: null,
    bytes: 1,
    ...more,
  };
}

export function control(tick: number, input: string, value: unknown, node = "4"): TakeControl {
  return { tick, id: `${node}${input}${tick}`, node, input, value };
}

export function take(take_id: string, more: Partial<TakeAnswer> = {}): TakeAnswer {
  return {
    ...entry(take_id),
    document: documentOf([]) as unknown as TakeAnswer["document"],
    model: null,
    device: "cpu",
    size: [160, 96],
    versions: {},
    summary: { first: 0, last: 59, count: 60, ms: 120 },
    controls: [],
    edits: [],
    markers: [],
    held: { exact: [], latents: [0, 59], video: [0, 59] },
    stats: { first_tick: 0, values: {}, levels: {} },
    exact: true,
    torn: null,
    ...more,
  };
}
