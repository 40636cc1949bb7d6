/** What the timeline does: loading, choosing, scrubbing, playing, comparing, and going on from another moment. */
import { branchBeside, branchFrom, rewindTo } from "../live/branch";
import { leaveReview, type Reviewed, type ReviewState, reviewStore } from "../live/review/review_store";
import { onMessage } from "../live/session";
import { liveStore } from "../live/store";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import type { ServerMessage, TakeAnswer, TakeEntry } from "../protocol/messages.gen";
import { t } from "../text";
import { grown, withTicks } from "./live_take";
import { firstDifference, type Log, logBefore } from "./log_edits";
import { deleteTake, getTake, listTakes, renameTake } from "./take_api";
import { selectedTake, timelineStore } from "./timeline_store";
import { firstTick } from "./tree";

/** Messages that say something about a take; the first one also says that there is something to read. */
const TAKE_NEWS: ReadonlySet<ServerMessage["type"]> = new Set([
  "take_tick",
  "state_held",
  "edit_applied",
  "run_finished",
]);
const RUN_ENDED_MS = 400;
const TREE_AT_MOST = 16;
/** Pictures of a take that is being recorded lag this far behind the run. */
const WRITING_TICKS = 6;

const get = timelineStore.getState;
const set = timelineStore.setState;

export async function loadTakes(): Promise<void> {
  if (get().status === "idle") set({ status: "loading" });
  try {
    const takes = await listTakes();
    set({ status: "ready", error: null, takes });
    loadTree();
  } catch (error) {
    set({ status: "failed", error: errorText(error) });
  }
}

const underway = new Set<string>();

async function loadTake(takeId: string): Promise<void> {
  if (underway.has(takeId)) return;
  underway.add(takeId);
  try {
    const take = await getTake(takeId);
    set(({ details }) => ({ details: { ...details, [takeId]: take } }));
  } catch (error) {
    if (get().selected === takeId) toast({ kind: "error", title: t("timeline.loadFailed"), detail: errorText(error) });
  } finally {
    underway.delete(takeId);
  }
}

/** A take that is being recorded is loaded with its first tick: until then there may be nothing to read. */
function isDue(take: TakeEntry, root: string | undefined, details: Readonly<Record<string, TakeAnswer>>): boolean {
  return take.root === root && take.status !== "live" && details[take.take_id] === undefined;
}

/** What is kept is drawn for the takes of the tree that is looked at. */
function loadTree(): void {
  const { takes, selected, details } = get();
  const root = takes.find(({ take_id }) => take_id === selected)?.root;
  const tree = takes.filter((take) => isDue(take, root, details));
  for (const { take_id } of tree.slice(0, TREE_AT_MOST)) void loadTake(take_id);
}

/** Look at a take; its log and what is held of it are loaded. */
export function selectTake(takeId: string): void {
  if (get().selected === takeId && get().details[takeId]) return;
  set({ selected: takeId, draft: null, zoomed: false });
  void loadTake(takeId).then(loadTree);
}

/** The take that is being recorded on the stage, or null. */
export function liveTakeId(): string | null {
  const { run } = liveStore.getState();
  return run.status === "running" || run.status === "stopping" ? run.takeId : null;
}

function reviewed(take: TakeEntry): Reviewed {
  const { take_id, name, status } = take;
  const film = get().details[take_id]?.held.video;
  const live = status === "live";
  const lastTick = Math.max(0, take.ticks - 1 - (live ? WRITING_TICKS : 0));
  return { takeId: take_id, name, firstTick: film?.[0] ?? 0, lastTick, hasVideo: !live };
}

function entryOf(takeId: string): TakeEntry | undefined {
  return get().takes.find(({ take_id }) => take_id === takeId) ?? get().details[takeId];
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

export async function rename(takeId: string, name: string): Promise<void> {
  const before = get().takes;
  set({ takes: before.map((take) => (take.take_id === takeId ? { ...take, name } : take)) });
  try {
    await renameTake(takeId, name);
  } catch (error) {
    set({ takes: before });
    toast({ kind: "error", title: t("timeline.renameFailed"), detail: errorText(error) });
  }
}

export async function remove(takeId: string): Promise<void> {
  try {
    await deleteTake(takeId);
    if (reviewStore.getState().a?.takeId === takeId) leaveReview();
    set(({ selected }) => (selected === takeId ? { selected: null, draft: null } : {}));
    await loadTakes();
  } catch (error) {
    toast({ kind: "error", title: t("timeline.deleteFailed"), detail: errorText(error) });
  }
}

function receive(message: ServerMessage): void {
  if (message.type === "take_started") {
    void loadTakes();
    if (message.data.run_id === liveStore.getState().run.runId) adopt(message.data.take_id);
    return;
  }
  const { run } = liveStore.getState();
  const { data } = message;
  if (run.takeId === null || !("run_id" in data) || data.run_id !== run.runId) return;
  if (message.type === "control_applied") applied(run.takeId, message.data.id, message.data.tick);
  else if (TAKE_NEWS.has(message.type)) change(run.takeId, (take) => grown(take, message));
  if (message.type === "run_finished") {
    const { takeId } = run;
    setTimeout(() => void Promise.all([loadTakes(), loadTake(takeId)]), RUN_ENDED_MS);
  }
}

function adopt(takeId: string): void {
  set({ atLiveEdge: true, draft: null });
  leaveReview();
  set({ selected: takeId, zoomed: false });
}

function change(takeId: string, how: (take: TakeAnswer) => TakeAnswer): void {
  const before = get().details[takeId];
  const { tick } = liveStore.getState().pulse;
  if (get().atLiveEdge && get().selected === takeId) set({ playhead: tick });
  if (!before) {
    void loadTake(takeId).then(loadTree);
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

/** While a take plays, the playhead goes along; it stops at the last tick that there is. */
function followPlayer({ a, tick, playing }: ReviewState): void {
  if (a === null || tick === get().playhead) return;
  const take = entryOf(a.takeId);
  const last = take ? take.ticks - 1 : tick;
  set({ playhead: Math.min(tick, last) });
  if (playing && tick >= last) reviewStore.setState({ playing: false, tick: last });
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
