/** Another past: changing the log of a take by hand, and going on from a moment of it. */
import { branchBeside, branchFrom, rewindTo } from "../live/branch";
import { loadTakes, liveTakeId } from "./loading";
import { firstDifference, type Log, logBefore } from "./log_edits";
import { backToLive } from "./reviewing";
import { selectedTake, timelineStore } from "./timeline_store";

const get = timelineStore.getState;
const set = timelineStore.setState;

/** Go on from the playhead: the live take is rewound, any other one continued as a branch. */
export async function continueHere(): Promise<void> {
  const take = selectedTake(get());
  if (!take) return;
  const { playhead, draft } = get();
  const own = take.take_id === liveTakeId();
  const controls = draft?.takeId === take.take_id ? logBefore(draft.controls, playhead) : undefined;
  const went =
    own && !controls ? await rewindTo(take, playhead) : await branchFrom(take, playhead, controls ? { controls } : {});
  if (went) backToLive();
}

/** Go on at once from a cache rebuilt from the recorded latents: nearly the same, and said so. */
export async function continueNearly(): Promise<void> {
  const take = selectedTake(get());
  if (take && (await branchFrom(take, get().playhead, { restore: "latents" }))) backToLive();
}

export async function continueBeside(): Promise<void> {
  const take = selectedTake(get());
  if (take && (await branchBeside(take, get().playhead))) {
    backToLive();
    await loadTakes();
  }
}

/** Change the log of the take that is looked at; a log as recorded is no draft. */
export function editLog(change: (log: Log) => Log): void {
  const take = selectedTake(get());
  if (!take) return;
  const { draft } = get();
  const before = draft?.takeId === take.take_id ? draft.controls : take.controls;
  const controls = change(before);
  const same = firstDifference(take.controls, controls) === null;
  set({ draft: same ? null : { takeId: take.take_id, controls } });
}

export function discardLog(): void {
  set({ draft: null });
}
