/** Edits of a take's named moments. They return a new list in order of ticks; one tick has one name. Pure. */
import type { TakeMarker } from "../protocol/messages.gen";

export type Markers = readonly TakeMarker[];

export function markerAt(markers: Markers, tick: number): TakeMarker | undefined {
  return markers.find((marker) => marker.tick === tick);
}

/** Name a tick; the name that another tick gives up may be moved along with `from`. */
export function setMarker(markers: Markers, marker: TakeMarker, from: number | null = null): Markers {
  const others = markers.filter(({ tick }) => tick !== marker.tick && tick !== from);
  return [...others, marker].sort((a, b) => a.tick - b.tick);
}

export function removeMarker(markers: Markers, tick: number): Markers {
  return markers.filter((marker) => marker.tick !== tick);
}

/** The next named moment after (or before) a tick. */
export function nextMarker(markers: Markers, tick: number, step: 1 | -1): TakeMarker | undefined {
  const beyond = markers.filter((marker) => (marker.tick - tick) * step > 0);
  return beyond.sort((a, b) => (a.tick - b.tick) * step)[0];
}
