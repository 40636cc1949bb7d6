/** Items of a list together with their places in it, so that undo puts them back exactly where they stood. */

export interface Placed<T> {
  readonly at: number;
  readonly item: T;
}

export function placedWhere<T>(list: readonly T[], wanted: (item: T) => boolean): readonly Placed<T>[] {
  return list.flatMap((item, at) => (wanted(item) ? [{ at, item }] : []));
}

/** The list with the items at their places; `placed` is in the order of the places. */
export function insertAt<T>(list: readonly T[], placed: readonly Placed<T>[]): readonly T[] {
  if (placed.length === 0) return list;
  const result: T[] = [];
  let next = 0;
  for (const { at, item } of placed) {
    while (result.length < at && next < list.length) result.push(list[next++] as T);
    result.push(item);
  }
  return [...result, ...list.slice(next)];
}
