/** The takes, which one is looked at, and where the playhead stands. Knows no React. */
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { TakeAnswer, TakeControl, TakeEntry } from "../protocol/messages.gen";
import { clampZoom } from "./scale";

/** A log that was changed by hand and not yet branched with. */
export interface Draft {
  readonly takeId: string;
  readonly controls: readonly TakeControl[];
}

interface Kept {
  readonly open: boolean;
  readonly heightPx: number;
  readonly showStats: boolean;
}

export interface TimelineState extends Kept {
  readonly status: "idle" | "loading" | "ready" | "failed";
  readonly error: string | null;
  readonly takes: readonly TakeEntry[];
  readonly selected: string | null;
  readonly details: Readonly<Record<string, TakeAnswer>>;
  /** The tick under the playhead. */
  readonly playhead: number;
  /** The playhead goes along with the live run. */
  readonly atLiveEdge: boolean;
  readonly pxPerTick: number;
  /** The scale was chosen by hand: it is not fitted again by itself. */
  readonly zoomed: boolean;
  readonly draft: Draft | null;
}

const KEY = "nodegraph.timeline";
export const HEIGHT = { least: 140, most: 640, first: 268 };

function load(): Kept {
  const first: Kept = { open: false, heightPx: HEIGHT.first, showStats: false };
  try {
    return { ...first, ...(JSON.parse(globalThis.localStorage?.getItem(KEY) ?? "{}") as Partial<Kept>) };
  } catch {
    return first;
  }
}

export const timelineStore = createStore<TimelineState>(() => ({
  ...load(),
  status: "idle",
  error: null,
  takes: [],
  selected: null,
  details: {},
  playhead: 0,
  atLiveEdge: true,
  pxPerTick: 6,
  zoomed: false,
  draft: null,
}));

timelineStore.subscribe(({ open, heightPx, showStats }, before) => {
  if (open === before.open && heightPx === before.heightPx && showStats === before.showStats) return;
  globalThis.localStorage?.setItem(KEY, JSON.stringify({ open, heightPx, showStats }));
});

export function useTimeline<T>(selector: (state: TimelineState) => T): T {
  return useStore(timelineStore, selector);
}

export function setOpen(open: boolean): void {
  timelineStore.setState({ open });
}

export function setHeight(heightPx: number): void {
  timelineStore.setState({ heightPx: Math.min(HEIGHT.most, Math.max(HEIGHT.least, heightPx)) });
}

export function setZoom(pxPerTick: number): void {
  timelineStore.setState({ pxPerTick: clampZoom(pxPerTick), zoomed: true });
}

/** The take that is looked at, with everything known about it. */
export function selectedTake({ selected, details }: TimelineState): TakeAnswer | null {
  return selected === null ? null : (details[selected] ?? null);
}

/** A take as the list has it. */
export function entryAt({ takes }: TimelineState, takeId: string | undefined): TakeEntry | undefined {
  return takes.find(({ take_id }) => take_id === takeId);
}

const NO_CONTROLS: readonly TakeControl[] = [];

/** The log to show: as changed by hand, else as recorded. */
export function shownControls(state: TimelineState): readonly TakeControl[] {
  const take = selectedTake(state);
  if (!take) return NO_CONTROLS;
  return state.draft?.takeId === take.take_id ? state.draft.controls : take.controls;
}
