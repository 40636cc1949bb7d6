/** The timeline while a run is recorded: its messages grow the take, and the playhead goes along. */
import { leaveReview, reviewStore } from "../live/review/review_store";
import { onMessage } from "../live/session";
import { liveStore } from "../live/store";
import type { ServerMessage, TakeAnswer } from "../protocol/messages.gen";
import { grown, withTicks } from "./live_take";
import { liveTakeId, loadTake, loadTakes, loadTree } from "./loading";
import { followPlayer } from "./reviewing";
import { timelineStore } from "./timeline_store";

/** Messages that say something about a take; a tick also says that there is something to read, and that it stays. */
const TAKE_NEWS: ReadonlySet<ServerMessage["type"]> = new Set([
  "take_tick",
  "state_held",
  "edit_applied",
  "run_finished",
]);
const RUN_ENDED_MS = 400;

const get = timelineStore.getState;
const set = timelineStore.setState;

function receive(message: ServerMessage): void {
  if (message.type === "take_started") {
    void loadTakes();
    if (message.data.run_id === liveStore.getState().run.runId) adopt(message.data.take_id);
    return;
  }
  if (message.type === "takes_thinned") {
    const { details } = get();
    void Promise.all([loadTakes(), ...message.data.takes.filter((id) => details[id]).map(loadTake)]);
    return;
  }
  const { run } = liveStore.getState();
  const { data } = message;
  if (run.takeId === null || !("run_id" in data) || data.run_id !== run.runId) return;
  if (message.type === "control_applied") applied(run.takeId, message.data.id, message.data.tick);
  else if (TAKE_NEWS.has(message.type)) {
    change(run.takeId, (take) => grown(take, message), message.type === "take_tick");
  }
  if (message.type === "run_finished") {
    const { takeId } = run;
    setTimeout(() => void readEnded(takeId), RUN_ENDED_MS);
  }
}

/** A run that ended without a tick leaves no take. */
async function readEnded(takeId: string): Promise<void> {
  await loadTakes();
  const { takes, selected } = get();
  if (takes.some(({ take_id, ticks }) => take_id === takeId && ticks > 0)) await loadTake(takeId);
  else if (selected === takeId) set({ selected: null });
}

function adopt(takeId: string): void {
  set({ atLiveEdge: true, draft: null });
  leaveReview();
  set({ selected: takeId, zoomed: false });
}

function change(takeId: string, how: (take: TakeAnswer) => TakeAnswer, readable = false): void {
  const before = get().details[takeId];
  const { tick } = liveStore.getState().pulse;
  if (get().atLiveEdge && get().selected === takeId) set({ playhead: tick });
  if (!before) {
    if (readable) void loadTake(takeId).then(loadTree);
    return;
  }
  const after = how(before);
  if (after === before) return;
  set(({ details, takes }) => ({
    details: { ...details, [takeId]: after },
    takes: withTicks(takes, takeId, after.ticks),
  }));
}

/** A control of this page took effect: its receipt is its place in the log. */
function applied(takeId: string, id: string, tick: number): void {
  const receipt = liveStore.getState().receipts.find((one) => one.id === id);
  if (!receipt) return;
  const { node, input, value } = receipt;
  change(takeId, (take) => ({ ...take, controls: [...take.controls, { tick, id, node, input, value }] }));
}

/** Begin to listen; the returned function ends it. */
export function openTimeline(): () => void {
  void loadTakes();
  const live = liveTakeId();
  if (live !== null) adopt(live);
  const stops = [
    onMessage(receive),
    reviewStore.subscribe(followPlayer),
    liveStore.subscribe(({ run }, before) => {
      if (run.takeId !== null && run.takeId !== before.run.takeId) adopt(run.takeId);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
