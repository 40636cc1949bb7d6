/** The list of takes and what is known of each: loading it, and choosing the take that is looked at. */
import { liveStore } from "../live/store";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import type { TakeAnswer, TakeEntry } from "../protocol/messages.gen";
import { t } from "../text";
import { getTake, listTakes } from "./take_api";
import { timelineStore } from "./timeline_store";

const TREE_AT_MOST = 16;

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

export async function loadTake(takeId: string): Promise<void> {
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
export function loadTree(): void {
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

export function entryOf(takeId: string): TakeEntry | undefined {
  return get().takes.find(({ take_id }) => take_id === takeId) ?? get().details[takeId];
}
