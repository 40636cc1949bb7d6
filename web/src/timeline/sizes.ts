/** Sizes that the tracks' layout and their styles share, in pixels. */
const LABELS_PX = { wide: 196, narrow: 124 };
const NARROW_PX = 900;
export const RULER_PX = 22;
export const ROW_PX = 50;
export const LANE_PX = 26;

/** Room for the names of takes and lanes; the styles get it as --tl-label. */
export function labelPx(windowPx: number): number {
  return windowPx < NARROW_PX ? LABELS_PX.narrow : LABELS_PX.wide;
}

/** Where a row begins; the lanes of the chosen row push the ones below it down. */
export function rowTop(row: number, chosen: number, lanesPx: number): number {
  return row * ROW_PX + (chosen >= 0 && row > chosen ? lanesPx : 0);
}
