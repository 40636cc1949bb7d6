/** The draft that survives a reload: the last document of this browser, kept in localStorage. */
import { parseDocument } from "./parse";
import type { WorkflowDocument } from "./types";

const KEY = "nodegraph.draft";
const WAIT_MS = 400;

export interface Draft {
  readonly doc: WorkflowDocument;
  readonly saved: boolean;
  readonly readOnly: boolean;
}

export function loadDraft(storage: Storage): Draft | null {
  const stored = storage.getItem(KEY);
  if (stored === null) return null;
  try {
    const value = JSON.parse(stored) as { doc?: unknown; saved?: unknown; readOnly?: unknown };
    return { doc: parseDocument(value.doc), saved: value.saved === true, readOnly: value.readOnly === true };
  } catch {
    return null;
  }
}

/**
 * A writer that waits until edits pause. `flush` writes at once (page hidden); `onFail` is told once when the
 * browser has no room, and again only after a write has worked in between.
 */
export function createAutosave(storage: Storage, onFail: () => void): AutosaveWriter {
  let waiting: Draft | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failed = false;

  function flush(): void {
    clearTimeout(timer);
    if (waiting === null) return;
    const draft = JSON.stringify(waiting);
    waiting = null;
    try {
      storage.setItem(KEY, draft);
      failed = false;
    } catch {
      if (!failed) onFail();
      failed = true;
    }
  }

  function update(draft: Draft): void {
    waiting = draft;
    clearTimeout(timer);
    timer = setTimeout(flush, WAIT_MS);
  }

  return { update, flush, destroy: () => clearTimeout(timer) };
}

export interface AutosaveWriter {
  update(draft: Draft): void;
  flush(): void;
  destroy(): void;
}
