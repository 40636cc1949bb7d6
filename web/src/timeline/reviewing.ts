/** Looking at the past: scrubbing, playing, comparing two takes, and back to the live picture. */
import { leaveReview, type Reviewed, type ReviewState, reviewStore } from "../live/review/review_store";
import type { TakeEntry } from "../protocol/messages.gen";
import { pictured } from "./held";
import { entryOf, liveTakeId, selectTake } from "./loading";
import { timelineStore } from "./timeline_store";
import { firstTick } from "./tree";

const get = timelineStore.getState;
const set = timelineStore.setState;

function reviewed(take: TakeEntry): Reviewed {
  const { take_id, name, status } = take;
  const [firstTick, lastTick] = pictured(take, get().details[take_id]?.held.video);
  return { takeId: take_id, name, firstTick, lastTick, hasVideo: status !== "live" };
}

/** Show a recorded tick on the stage and put the playhead there. */
export function scrubTo(takeId: string, tick: number): void {
  const take = entryOf(takeId);
  if (!take) return;
  const first = get().details[takeId]?.summary.first ?? 0;
  const last = Math.max(first, take.ticks - 1);
  const at = Math.min(last, Math.max(first, Math.round(tick)));
  if (get().selected !== takeId) selectTake(takeId);
  set({ playhead: at, atLiveEdge: false });
  reviewStore.setState({ a: reviewed(take), tick: at });
}

export function backToLive(): void {
  leaveReview();
  set({ atLiveEdge: true });
  const live = liveTakeId();
  if (live !== null) selectTake(live);
}

export function togglePlay(): void {
  const { selected, playhead } = get();
  const { a, playing } = reviewStore.getState();
  if (playing) {
    reviewStore.setState({ playing: false });
    return;
  }
  const take = selected === null ? undefined : entryOf(selected);
  if (!take || selected === null) return;
  const first = firstTick(take);
  const atEnd = playhead >= take.ticks - 1;
  if (a === null || atEnd) scrubTo(selected, atEnd ? first : playhead);
  reviewStore.setState({ playing: true });
}

/** Lay another take beside the one that is looked at; the same again takes it away. */
export function compareWith(takeId: string): void {
  const { selected, playhead } = get();
  const other = entryOf(takeId);
  if (!other || selected === null || selected === takeId) return;
  if (reviewStore.getState().b?.takeId === takeId) {
    reviewStore.setState({ b: null });
    return;
  }
  scrubTo(selected, playhead);
  reviewStore.setState({ b: reviewed(other) });
}

/** While a take plays, the playhead goes along; it stops at the last tick that there is. */
export function followPlayer({ a, tick, playing }: ReviewState): void {
  if (a === null || tick === get().playhead) return;
  const take = entryOf(a.takeId);
  const last = take ? take.ticks - 1 : tick;
  set({ playhead: Math.min(tick, last) });
  if (playing && tick >= last) reviewStore.setState({ playing: false, tick: last });
}
