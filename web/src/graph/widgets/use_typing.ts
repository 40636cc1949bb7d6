import { type KeyboardEvent, useEffect, useRef, useState } from "react";

const TYPING_PAUSE_MS = 350;

export interface Typing {
  readonly text: string;
  readonly type: (next: string) => void;
  readonly leave: () => void;
  readonly keyDown: (event: KeyboardEvent) => void;
}

/** Text is written down when typing pauses, so that a live run does not get a new prompt at every letter. */
export function useTyping(stored: string, onChange: (value: string) => void): Typing {
  const [typed, setTyped] = useState<string | null>(null);
  const timer = useRef<number | undefined>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  function commit(next: string) {
    window.clearTimeout(timer.current);
    if (next !== stored) onChange(next);
  }

  return {
    text: typed ?? stored,
    type(next) {
      setTyped(next);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => commit(next), TYPING_PAUSE_MS);
    },
    leave() {
      if (typed !== null) commit(typed);
      setTyped(null);
    },
    // Ctrl+Enter runs and Ctrl+S saves at once: with the words that stand there now.
    keyDown(event) {
      if ((event.ctrlKey || event.metaKey) && typed !== null) commit(typed);
    },
  };
}
