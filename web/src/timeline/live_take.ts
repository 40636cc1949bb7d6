/** What the messages of a live run add to the take that records it. Pure. */
import type { ServerMessage, TakeAnswer, TakeEntry, TickStats } from "../protocol/messages.gen";

/** The take after one message of its run; the same object where the message says nothing about it. */
export function grown(take: TakeAnswer, message: ServerMessage): TakeAnswer {
  switch (message.type) {
    case "take_tick":
      return withTick(take, message.data.tick, message.data.stats);
    case "state_held":
      return { ...take, held: { ...take.held, exact: message.data.ticks } };
    case "edit_applied": {
      const { tick, id, kind } = message.data;
      return { ...take, edits: [...take.edits, { tick, id, kind, changes: [] }] };
    }
    case "run_finished":
      return { ...take, status: "done" };
    default:
      return take;
  }
}

const extended = (range: [number, number] | null, first: number, tick: number): [number, number] => [
  range?.[0] ?? first,
  Math.max(range?.[1] ?? first, tick),
];

function withTick(take: TakeAnswer, tick: number, stats: TickStats): TakeAnswer {
  const { first } = take.summary;
  const last = Math.max(take.summary.last, tick);
  const count = last - first + 1;
  return {
    ...take,
    ticks: last + 1,
    summary: { ...take.summary, last, count },
    held: {
      ...take.held,
      latents: extended(take.held.latents, first, tick),
      video: extended(take.held.video, first, tick),
    },
    stats: { ...take.stats, values: withStats(take.stats, tick, stats) },
  };
}

/** Arrays are extended in place: ten thousand ticks are not copied six times a second. */
function withStats({ first_tick, values }: TakeAnswer["stats"], tick: number, stats: TickStats) {
  const next = { ...values };
  for (const [name, value] of Object.entries(stats)) {
    const list = next[name] ?? [];
    next[name] = list;
    while (list.length < tick - first_tick) list.push(null);
    list[tick - first_tick] = value ?? null;
  }
  return next;
}

/** An entry that has grown to `ticks`. */
export function withTicks(takes: readonly TakeEntry[], takeId: string, ticks: number): readonly TakeEntry[] {
  const known = takes.find(({ take_id }) => take_id === takeId);
  if (!known || known.ticks >= ticks) return takes;
  return takes.map((take) => (take === known ? { ...take, ticks } : take));
}
