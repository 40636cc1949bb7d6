/**
 * Looking around by dragging: a virtual stick whose centre is where the pointer went down. How far it is pulled is how fast
 * the camera turns, so a turn can go on for as long as the pointer is held.
 */

export interface StickPosition {
  /** -1..1, right and up positive. */
  readonly x: number;
  readonly y: number;
}

/** Position of a stick pulled by (dx, dy) pixels (y down) with full deflection at `radiusPx`; the middle tenth is still. */
export function stickPosition(dxPx: number, dyPx: number, radiusPx: number): StickPosition {
  const length = Math.hypot(dxPx, dyPx) / radiusPx;
  const still = 0.1;
  if (length <= still) return { x: 0, y: 0 };
  const strength = Math.min(1, (length - still) / (1 - still));
  const scale = strength / (length * radiusPx);
  return { x: dxPx * scale, y: -dyPx * scale || 0 };
}
