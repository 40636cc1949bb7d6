/** Ticks as pixels: the ruler's marks, zooming around a point, time codes. Pure. */

export const TICKS_PER_SECOND = 6;
export const LEAST_PX = 0.05;
export const MOST_PX = 48;
/** Distance between two labelled marks of the ruler, in pixels, at the least. */
const LABEL_PX = 72;
const STEPS_S = [1 / 6, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

export interface Mark {
  readonly tick: number;
  readonly label: string;
}

export function clampZoom(pxPerTick: number): number {
  return Math.min(MOST_PX, Math.max(LEAST_PX, pxPerTick));
}

/** Minutes and seconds of a tick, with tenths where a second is wide. */
export function clock(tick: number, tenths = false): string {
  const seconds = tick / TICKS_PER_SECOND;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - minutes * 60;
  const text = tenths ? rest.toFixed(1).padStart(4, "0") : String(Math.floor(rest)).padStart(2, "0");
  return `${minutes}:${text}`;
}

/** Labelled marks between two ticks, as dense as they can be read. */
export function marks(from: number, to: number, pxPerTick: number): Mark[] {
  const step = STEPS_S.map((seconds) => Math.max(1, Math.round(seconds * TICKS_PER_SECOND))).find(
    (ticks) => ticks * pxPerTick >= LABEL_PX,
  );
  const every = step ?? Math.ceil(LABEL_PX / pxPerTick / 21_600) * 21_600;
  const list: Mark[] = [];
  for (let tick = Math.ceil(from / every) * every; tick <= to; tick += every) {
    list.push({ tick, label: clock(tick, every < TICKS_PER_SECOND) });
  }
  return list;
}

/** Where to scroll so that the tick under the pointer stays there while the scale changes. */
export function scrollAfterZoom(pointerPx: number, scrollPx: number, before: number, after: number): number {
  return Math.max(0, ((scrollPx + pointerPx) / before) * after - pointerPx);
}

/** A scale that shows `ticks` in `widthPx`. */
export function fitZoom(ticks: number, widthPx: number): number {
  return clampZoom(widthPx / Math.max(TICKS_PER_SECOND, ticks + 2));
}
