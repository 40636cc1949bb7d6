/**
 * Undo and redo as a list of named marks. Each mark holds the edits that lead back and forth.
 * Edits with the same `merge` key that follow one another within a second become one mark (a slider being dragged).
 */
import { applyEdit, type Edit } from "./edits";
import { OUTERMOST, type Scope } from "./scope";
import type { WorkflowDocument } from "./types";

const MERGE_WITHIN_MS = 1000;
/** A mark holds what changed, not the document: thousands are small. */
const MARKS_AT_MOST = 3000;

export interface Mark {
  readonly name: string;
  readonly forward: Edit;
  readonly back: Edit;
  readonly merge: string | null;
  /** The graph in which the change was made. */
  readonly scope: Scope;
  readonly at_ms: number;
}

export interface History {
  readonly undo: readonly Mark[];
  readonly redo: readonly Mark[];
}

export interface Timeline {
  readonly doc: WorkflowDocument;
  readonly history: History;
}

export const NO_HISTORY: History = { undo: [], redo: [] };

export interface MarkOptions {
  readonly name: string;
  readonly merge?: string;
  readonly scope?: Scope;
  readonly now_ms: number;
}

/** Apply an edit and remember it under a name; returns the same timeline when nothing changed. */
export function record(timeline: Timeline, edit: Edit, options: MarkOptions): Timeline {
  const { doc, inverse } = applyEdit(timeline.doc, edit);
  if (doc === timeline.doc) return timeline;
  const mark: Mark = {
    name: options.name,
    forward: edit,
    back: inverse,
    merge: options.merge ?? null,
    scope: options.scope ?? OUTERMOST,
    at_ms: options.now_ms,
  };
  return { doc, history: { undo: append(timeline.history.undo, mark), redo: [] } };
}

function append(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = marks.at(-1);
  const merges = last !== undefined && mark.merge !== null && last.merge === mark.merge;
  if (!merges || mark.at_ms - last.at_ms > MERGE_WITHIN_MS) return [...marks, mark].slice(-MARKS_AT_MOST);
  return [...marks.slice(0, -1), join(last, mark)];
}

/** Of two values set on the same input only the later one leads forth and only the earlier one leads back. */
function join(first: Mark, second: Mark): Mark {
  if (setsInput(first.forward) && setsInput(second.forward)) return { ...second, back: first.back };
  return {
    ...second,
    forward: { kind: "batch", edits: [first.forward, second.forward] },
    back: { kind: "batch", edits: [second.back, first.back] },
  };
}

function setsInput(edit: Edit): boolean {
  return edit.kind === "set-input" || (edit.kind === "within" && setsInput(edit.edit));
}

export function undo(timeline: Timeline): Timeline {
  return step(timeline, "undo");
}

export function redo(timeline: Timeline): Timeline {
  return step(timeline, "redo");
}

function step(timeline: Timeline, direction: "undo" | "redo"): Timeline {
  const { history } = timeline;
  const mark = history[direction].at(-1);
  if (mark === undefined) return timeline;
  const { doc } = applyEdit(timeline.doc, direction === "undo" ? mark.back : mark.forward);
  const shorter = history[direction].slice(0, -1);
  const closed: Mark = { ...mark, merge: null };
  return {
    doc,
    history:
      direction === "undo"
        ? { undo: shorter, redo: [...history.redo, closed] }
        : { undo: [...history.undo, closed], redo: shorter },
  };
}
