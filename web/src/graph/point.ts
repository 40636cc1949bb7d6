/** A place, in the canvas's or the window's pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}
