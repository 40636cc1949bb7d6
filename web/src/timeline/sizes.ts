/** Sizes that the tracks' layout and their styles share, in pixels. */
export const LABEL_PX = 196;
export const RULER_PX = 22;
export const ROW_PX = 50;
export const LANE_PX = 26;

/** Where a row begins; the lanes of the chosen row push the ones below it down. */
export function rowTop(row: number, chosen: number, lanesPx: number): number {
  return row * ROW_PX + (chosen >= 0 && row > chosen ? lanesPx : 0);
}
