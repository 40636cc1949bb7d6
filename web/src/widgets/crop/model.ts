/** A crop of a picture: fractions of its width and height from the top left. Pure. */
import { isRecord } from "../../document/parse";

export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Crop = { x: 0, y: 0, width: 1, height: 1 };
const LEAST = 0.02;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
const round = (value: number) => Number(value.toFixed(4));

export function readCrop(value: unknown): Crop {
  if (!isRecord(value)) return WHOLE;
  const part = (name: string, fallback: number) => {
    const found = value[name];
    return typeof found === "number" && Number.isFinite(found) ? found : fallback;
  };
  return held({ x: part("x", 0), y: part("y", 0), width: part("width", 1), height: part("height", 1) });
}

/** What is written into the workflow: null for the whole picture. */
export function writeCrop(crop: Crop): Crop | null {
  const { x, y, width, height } = held(crop);
  return x === 0 && y === 0 && width === 1 && height === 1 ? null : { x, y, width, height };
}

/** A crop inside the picture; place gives way before size. */
export function held(crop: Crop): Crop {
  const [width, height] = [clamp(crop.width, LEAST, 1), clamp(crop.height, LEAST, 1)];
  const [x, y] = [round(clamp(crop.x, 0, 1 - width)), round(clamp(crop.y, 0, 1 - height))];
  return { x, y, width: round(Math.min(width, 1 - x)), height: round(Math.min(height, 1 - y)) };
}

/** The eight places by which a crop is pulled, as steps of its edges; both 0 moves it. */
export interface Grip {
  readonly dx: -1 | 0 | 1;
  readonly dy: -1 | 0 | 1;
}

export const MOVE: Grip = { dx: 0, dy: 0 };
export const GRIPS: readonly Grip[] = [
  { dx: -1, dy: -1 },
  { dx: 0, dy: -1 },
  { dx: 1, dy: -1 },
  { dx: 1, dy: 0 },
  { dx: 1, dy: 1 },
  { dx: 0, dy: 1 },
  { dx: -1, dy: 1 },
  { dx: -1, dy: 0 },
];

/**
 * The crop after pulling a grip by fractions of the picture. `ratio` is the wanted width : height of the crop in
 * fractions (picture units), null for free.
 */
export function pulled(crop: Crop, grip: Grip, byX: number, byY: number, ratio: number | null): Crop {
  if (grip.dx === 0 && grip.dy === 0) return held({ ...crop, x: crop.x + byX, y: crop.y + byY });
  const [right, bottom] = [crop.x + crop.width, crop.y + crop.height];
  let left = grip.dx < 0 ? clamp(crop.x + byX, 0, right - LEAST) : crop.x;
  let top = grip.dy < 0 ? clamp(crop.y + byY, 0, bottom - LEAST) : crop.y;
  const end = grip.dx > 0 ? clamp(right + byX, crop.x + LEAST, 1) : right;
  const foot = grip.dy > 0 ? clamp(bottom + byY, crop.y + LEAST, 1) : bottom;
  let [width, height] = [end - left, foot - top];
  if (ratio !== null) {
    [width, height] = inRatio(width, height, ratio, grip, crop);
    left = grip.dx < 0 ? right - width : left;
    top = grip.dy < 0 ? bottom - height : top;
  }
  return held({ x: left, y: top, width, height });
}

/** A size of the wanted ratio that has room on the side of the grip. */
function inRatio(width: number, height: number, ratio: number, grip: Grip, crop: Crop): readonly [number, number] {
  const roomX = grip.dx < 0 ? crop.x + crop.width : 1 - crop.x;
  const roomY = grip.dy < 0 ? crop.y + crop.height : 1 - crop.y;
  const wanted = grip.dx === 0 ? height * ratio : grip.dy === 0 ? width : Math.max(width, height * ratio);
  const fitting = Math.min(wanted, roomX, roomY * ratio);
  return [fitting, fitting / ratio];
}

/** The largest crop of a ratio about the middle of the present one. */
export function shaped(crop: Crop, ratio: number): Crop {
  const width = Math.min(1, ratio);
  const height = width / ratio;
  const [x, y] = [crop.x + crop.width / 2 - width / 2, crop.y + crop.height / 2 - height / 2];
  return held({ x, y, width, height });
}
