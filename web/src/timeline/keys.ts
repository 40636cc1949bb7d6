/** The timeline's keys: they work while anything inside it has the focus, except in text fields and on handles that use them. */
import type { KeyboardEvent } from "react";
import { chordOf } from "../app/shortcuts";
import { type TimelineAction, timelineAction } from "../app/timeline_keys";
import type { TakeAnswer } from "../protocol/messages.gen";
import { openTimelineDialog } from "./dialog_store";
import { nextMarker } from "./markers";
import { backToLive, scrubTo, togglePlay } from "./reviewing";
import { TICKS_PER_SECOND } from "./scale";
import { selectedTake, timelineStore } from "./timeline_store";
import { treeRows } from "./tree";

function stepTake(step: number): void {
  const { takes, selected, playhead } = timelineStore.getState();
  const rows = treeRows(takes);
  const at = rows.findIndex(({ take }) => take.take_id === selected);
  const next = rows[at + step];
  if (next) scrubTo(next.take.take_id, playhead);
}

function toMarker(take: TakeAnswer, tick: number, step: 1 | -1): void {
  const marker = nextMarker(take.markers, tick, step);
  if (marker) scrubTo(take.take_id, marker.tick);
}

/** What each key does with the take under the playhead. `scrubTo` stays within the take. */
const ON_TAKE: Readonly<Partial<Record<TimelineAction, (take: TakeAnswer, tick: number) => void>>> = {
  back: ({ take_id }, tick) => scrubTo(take_id, tick - 1),
  forward: ({ take_id }, tick) => scrubTo(take_id, tick + 1),
  "back-second": ({ take_id }, tick) => scrubTo(take_id, tick - TICKS_PER_SECOND),
  "forward-second": ({ take_id }, tick) => scrubTo(take_id, tick + TICKS_PER_SECOND),
  start: ({ take_id, summary }) => scrubTo(take_id, summary.first),
  end: ({ take_id, summary }) => scrubTo(take_id, summary.last),
  mark: (_, tick) => openTimelineDialog({ kind: "marker", tick }),
  "mark-before": (take, tick) => toMarker(take, tick, -1),
  "mark-after": (take, tick) => toMarker(take, tick, 1),
  add: (_, tick) => openTimelineDialog({ kind: "add", tick, lane: null }),
  held: () => openTimelineDialog({ kind: "held" }),
};

const ALWAYS: Readonly<Partial<Record<TimelineAction, () => void>>> = {
  play: togglePlay,
  "take-before": () => stepTake(-1),
  "take-after": () => stepTake(1),
  live: backToLive,
};

/** Text fields and handles keep all their keys; a button keeps those that press it. */
function usesKeys(target: EventTarget, chord: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select, [data-own-keys]")) return true;
  return (chord === "Space" || chord === "Enter") && target.closest("button, a") !== null;
}

export function timelineKey(event: KeyboardEvent): void {
  const chord = chordOf(event.nativeEvent);
  const action = timelineAction(chord);
  if (action === undefined || usesKeys(event.target, chord)) return;
  const state = timelineStore.getState();
  const take = selectedTake(state);
  if (take) ON_TAKE[action]?.(take, state.playhead);
  ALWAYS[action]?.();
  event.preventDefault();
}
