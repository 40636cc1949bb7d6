/** What a take is called, its named moments, and its end: shown at once, taken back where the server refuses. */
import { leaveReview, reviewStore } from "../live/review/review_store";
import { errorText } from "../lib/error_text";
import { toast } from "../lib/toast";
import type { TakeMarker } from "../protocol/messages.gen";
import { t } from "../text";
import { loadTakes } from "./loading";
import { deleteTake, pinTake, putMarkers, renameTake } from "./take_api";
import { timelineStore } from "./timeline_store";

const get = timelineStore.getState;
const set = timelineStore.setState;

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

function showPinned(takeId: string, pinned: boolean): void {
  set(({ takes, details }) => {
    const take = details[takeId];
    return {
      takes: takes.map((one) => (one.take_id === takeId ? { ...one, pinned } : one)),
      ...(take ? { details: { ...details, [takeId]: { ...take, pinned } } } : {}),
    };
  });
}

export async function pin(takeId: string, pinned: boolean): Promise<void> {
  showPinned(takeId, pinned);
  try {
    await pinTake(takeId, pinned);
  } catch (error) {
    showPinned(takeId, !pinned);
    toast({ kind: "error", title: t("timeline.pinFailed"), detail: errorText(error) });
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

function showMarkers(takeId: string, markers: readonly TakeMarker[]): void {
  set(({ details }) => {
    const take = details[takeId];
    return take ? { details: { ...details, [takeId]: { ...take, markers: [...markers] } } } : {};
  });
}

export async function changeMarkers(
  takeId: string,
  change: (markers: readonly TakeMarker[]) => readonly TakeMarker[],
): Promise<void> {
  const before = get().details[takeId]?.markers;
  if (!before) return;
  const after = change(before);
  showMarkers(takeId, after);
  try {
    await putMarkers(takeId, after);
  } catch (error) {
    showMarkers(takeId, before);
    toast({ kind: "error", title: t("timeline.mark.failed"), detail: errorText(error) });
  }
}
