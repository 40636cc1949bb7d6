/** A line through the values that a strip shows, one point a pixel at most. Pure. */

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The values' own range, widened to hold `also`, and never empty. */
export function rangeOf(values: readonly (number | null)[], also: readonly number[] = []): Range {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of [...values, ...also]) {
    if (value === null) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least > most) return { least: 0, most: 1 };
  const margin = (most - least) * 0.08 || Math.abs(most) * 0.05 || 1;
  return { least: least - margin, most: most + margin };
}

/** Where a value lies, 0 at the top and 1 at the bottom. */
export const heightOf = (value: number, { least, most }: Range): number => 1 - (value - least) / (most - least);

/** An SVG path in a box of `width` x 1: x counts values from `from` on; gaps where a value is missing. */
export function sparkPath(
  values: readonly (number | null | undefined)[],
  range: Range,
  { from = 0, to = values.length, points = 400 }: { from?: number; to?: number; points?: number } = {},
): string {
  const every = Math.max(1, Math.ceil((to - from) / points));
  let pen = "M";
  let path = "";
  for (let at = Math.max(0, from - (from % every)); at < Math.min(values.length, to); at += every) {
    const value = values[at];
    if (value == null) {
      pen = "M";
      continue;
    }
    path += `${pen}${at} ${heightOf(value, range).toFixed(3)}`;
    pen = "L";
  }
  return path;
}
