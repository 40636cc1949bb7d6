/** Prompts by tick as they stand in a workflow, and their edits. Pure. */
import { isRecord } from "../../document/parse";

export interface PromptKey {
  readonly tick: number;
  readonly text: string;
}

export type Schedule = readonly PromptKey[];

const TICKS_APART = 12;

export function readSchedule(value: unknown): Schedule {
  if (!Array.isArray(value)) return [];
  return settle(
    value.filter(isRecord).map(({ tick, text }) => ({
      tick: typeof tick === "number" && Number.isFinite(tick) ? tick : 0,
      text: typeof text === "string" ? text : "",
    })),
  );
}

/** By rising whole tick, each tick once: of two on one tick the later in the list moves on. */
export function settle(keys: Schedule): Schedule {
  let last = -1;
  return [...keys]
    .map((key) => ({ ...key, tick: Math.max(0, Math.round(key.tick)) }))
    .sort((a, b) => a.tick - b.tick)
    .map((key) => {
      last = Math.max(key.tick, last + 1);
      return { ...key, tick: last };
    });
}

/** One more prompt, a copy of the last one two seconds later. */
export function append(keys: Schedule): Schedule {
  const last = keys.at(-1);
  return [...keys, last ? { ...last, tick: last.tick + TICKS_APART } : { tick: 0, text: "" }];
}

export function replace(keys: Schedule, index: number, patch: Partial<PromptKey>): Schedule {
  return settle(keys.map((key, i) => (i === index ? { ...key, ...patch } : key)));
}

/** Without one prompt; the last one stays, since a schedule needs one. */
export function remove(keys: Schedule, index: number): Schedule {
  return keys.length < 2 ? keys : keys.filter((_, i) => i !== index);
}
