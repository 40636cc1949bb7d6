/** The size that a take is rendered at. Pure. */

/** Sides are whole numbers of the model's patches, and of the blocks that films are made of. */
export const SIDE_STEP = 16;
export const SIDE_AT_MOST = 4096;

export interface Size {
  readonly width: number;
  readonly height: number;
}

const whole = (side: number) => Math.min(SIDE_AT_MOST, Math.max(SIDE_STEP, Math.round(side / SIDE_STEP) * SIDE_STEP));

/** What is sent for two fields, of which one may be empty: the other side follows the take's shape. Null: as recorded. */
export function renderSize(recorded: readonly [number, number] | null, width: string, height: string): Size | null {
  const [wide, high] = [Number(width), Number(height)].map((side) => (Number.isFinite(side) && side > 0 ? side : null));
  if (!wide && !high) return null;
  const [w, h] = recorded ?? [1, 1];
  return { width: whole(wide || ((high ?? h) * w) / h), height: whole(high || ((wide ?? w) * h) / w) };
}
