/** The playhead under the keys. Pure. */
import { TICKS_PER_SECOND } from "./scale";

/** The playhead after a key, or null for a key that does not move it. */
export function movedPlayhead(key: string, shift: boolean, at: number, first: number, last: number): number | null {
  const step = shift ? TICKS_PER_SECOND : 1;
  switch (key) {
    case "ArrowLeft":
      return Math.max(first, at - step);
    case "ArrowRight":
      return Math.min(last, at + step);
    case "Home":
      return first;
    case "End":
      return last;
    default:
      return null;
  }
}
