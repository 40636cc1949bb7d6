/** The timeline's keys: they work while anything inside it has the focus, except in text fields and on handles that use them. */
import type { KeyboardEvent } from "react";
import { openTimelineDialog } from "./dialog_store";
import { nextMarker } from "./markers";
import { movedPlayhead } from "./playhead";
import { backToLive, scrubTo, togglePlay } from "./reviewing";
import { selectedTake, timelineStore } from "./timeline_store";
import { treeRows } from "./tree";

function stepTake(step: number): void {
  const { takes, selected, playhead } = timelineStore.getState();
  const rows = treeRows(takes);
  const at = rows.findIndex(({ take }) => take.take_id === selected);
  const next = rows[at + step];
  if (next) scrubTo(next.take.take_id, playhead);
}

/** Letters that act on the take under the playhead; true when one did. */
function actOnTake(key: string): boolean {
  const state = timelineStore.getState();
  const take = selectedTake(state);
  if (!take) return false;
  const { playhead: tick } = state;
  switch (key.toLowerCase()) {
    case "a":
      openTimelineDialog({ kind: "add", tick, lane: null });
      return true;
    case "m":
      openTimelineDialog({ kind: "marker", tick });
      return true;
    case ",":
    case ".": {
      const marker = nextMarker(take.markers, tick, key === "." ? 1 : -1);
      if (marker) scrubTo(take.take_id, marker.tick);
      return true;
    }
    default:
      return false;
  }
}

function usesKeys(target: EventTarget): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [data-own-keys]") !== null;
}

export function timelineKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || usesKeys(event.target)) return;
  const state = timelineStore.getState();
  const take = selectedTake(state);
  if (event.key === "Escape") backToLive();
  else if (event.key === " " && !(event.target instanceof HTMLButtonElement)) togglePlay();
  else if (event.key === "ArrowUp") stepTake(-1);
  else if (event.key === "ArrowDown") stepTake(1);
  else if (!actOnTake(event.key)) {
    const { first, last } = take?.summary ?? { first: 0, last: 0 };
    const moved = take ? movedPlayhead(event.key, event.shiftKey, state.playhead, first, last) : null;
    if (moved === null || !take) return;
    scrubTo(take.take_id, moved);
  }
  event.preventDefault();
}
