/** What the keyframes of a path and of a curve have in common: their order, and their coming and going. Pure. */

export interface Keyframe {
  readonly tick: number;
}

/** The keyframes after an edit, and which of them it was about. */
export interface Edited<Key extends Keyframe> {
  readonly keys: readonly Key[];
  readonly selected: number;
}

export const MAX_TICK = 100_000;

/** By rising tick, each tick once: of two keyframes on one tick the later in the list moves on. */
export function inOrder<Key extends Keyframe>(keys: readonly Key[]): readonly Key[] {
  let last = -1;
  return [...keys]
    .sort((a, b) => a.tick - b.tick)
    .map((key) => {
      last = Math.max(key.tick, last + 1);
      return last === key.tick ? key : { ...key, tick: last };
    });
}

/** One more keyframe, on a tick that no other holds. */
export function inserted<Key extends Keyframe>(others: readonly Key[], key: Key): Edited<Key> {
  const keys = inOrder([...others, key]);
  return { keys, selected: keys.findIndex(({ tick }) => tick === key.tick) };
}

/** Without one keyframe; the last one stays, since there must be one. */
export function remove<Key extends Keyframe>(keys: readonly Key[], index: number): Edited<Key> {
  if (keys.length < 2) return { keys, selected: index };
  const rest = keys.filter((_, at) => at !== index);
  return { keys: rest, selected: Math.min(index, rest.length - 1) };
}
