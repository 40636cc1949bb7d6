/** The keyframes of an editor's window: what is stored, what is being dragged, and which one is selected. */
import { useState } from "react";

interface Edited<Keys> {
  readonly keys: Keys;
  readonly selected: number;
}

interface Keyframes<Keys> {
  readonly keys: Keys;
  readonly selected: number;
  readonly select: (index: number) => void;
  /** Show an edit; `done` writes it into the workflow. */
  readonly apply: (edited: Edited<Keys>, done: boolean) => void;
}

export function useKeyframes<Keys extends readonly unknown[]>(
  stored: Keys,
  onChange: (keys: Keys) => void,
): Keyframes<Keys> {
  const [draft, setDraft] = useState<Keys | null>(null);
  const [chosen, select] = useState(0);
  const keys = draft ?? stored;
  return {
    keys,
    selected: Math.min(chosen, keys.length - 1),
    select,
    apply(edited, done) {
      select(edited.selected);
      setDraft(done ? null : edited.keys);
      if (done) onChange(edited.keys);
    },
  };
}
