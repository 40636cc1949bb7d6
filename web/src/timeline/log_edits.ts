/** Changing what happened: edits of a control log. They return a new log in order of ticks. Pure. */
import type { TakeControl } from "../protocol/messages.gen";

export type Log = readonly TakeControl[];

const sorted = (log: Log): Log => [...log].sort((a, b) => a.tick - b.tick);

/** Place in the log; ids may repeat across branches, so a control is named by its place. */
export function moveControl(log: Log, place: number, tick: number): Log {
  return sorted(log.map((one, at) => (at === place ? { ...one, tick: Math.max(0, Math.round(tick)) } : one)));
}

export function changeControl(log: Log, place: number, value: unknown): Log {
  return log.map((one, at) => (at === place ? { ...one, value } : one));
}

export function removeControl(log: Log, place: number): Log {
  return log.filter((_, at) => at !== place);
}

export function addControl(log: Log, control: TakeControl): Log {
  return sorted([...log, control]);
}

const same = (a: TakeControl | undefined, b: TakeControl | undefined) =>
  a !== undefined &&
  b !== undefined &&
  a.tick === b.tick &&
  a.node === b.node &&
  a.input === b.input &&
  JSON.stringify(a.value) === JSON.stringify(b.value);

/** The first tick that two logs see differently, or null where they are the same. */
export function firstDifference(before: Log, after: Log): number | null {
  const [a, b] = [sorted(before), sorted(after)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    if (same(a[at], b[at])) continue;
    return Math.min(a[at]?.tick ?? Number.POSITIVE_INFINITY, b[at]?.tick ?? Number.POSITIVE_INFINITY);
  }
  return null;
}

/** What a branch before `tick` replays. */
export function logBefore(log: Log, tick: number): TakeControl[] {
  return sorted(log).filter((one) => one.tick < tick);
}
