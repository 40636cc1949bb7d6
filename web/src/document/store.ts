/** The open document, its history and whether the server has it. Knows no React. */
import { createStore } from "zustand/vanilla";
import type { Edit } from "./edits";
import { applyEdit } from "./edits";
import { type History, NO_HISTORY, record, redo, undo } from "./history";
import { t } from "../text";
import { emptyDocument, type ViewBox, type WorkflowDocument } from "./types";

export type SaveState = "saved" | "draft" | "saving" | "failed";

export interface DocumentState {
  readonly doc: WorkflowDocument;
  readonly history: History;
  readonly save: SaveState;
  /** Rises when another document is opened, so that the canvas fits its view again. */
  readonly opened: number;
}

export const documentStore = createStore<DocumentState>(() => ({
  doc: emptyDocument("draft", "Untitled"),
  history: NO_HISTORY,
  save: "draft",
  opened: 0,
}));

/** The document as it stands now: what Run, Queue, Save and Share send. */
export function getWorkflow(): WorkflowDocument {
  return documentStore.getState().doc;
}

/** Change the document under a name that undo shows. Edits with one `merge` key in quick succession undo together. */
export function edit(name: string, change: Edit, merge?: string): void {
  const state = documentStore.getState();
  const options = { name, now_ms: Date.now(), ...(merge === undefined ? {} : { merge }) };
  const next = record(state, change, options);
  if (next.doc !== state.doc) documentStore.setState({ ...next, save: "draft" });
}

/** Write a widget's value. `undoable: false` is for values that stream in from the stage. */
export function setInput(node: string, input: string, value: unknown, options: { undoable?: boolean } = {}): void {
  const change: Edit = { kind: "set-input", node, input, value };
  if (options.undoable ?? true) {
    edit(t("graph.edits.change", { input }), change, `input:${node}:${input}`);
    return;
  }
  const { doc } = applyEdit(documentStore.getState().doc, change);
  documentStore.setState({ doc });
}

export function undoEdit(): string | null {
  const name = documentStore.getState().history.undo.at(-1)?.name ?? null;
  documentStore.setState((state) => ({ ...undo(state), save: "draft" }));
  return name;
}

export function redoEdit(): string | null {
  const name = documentStore.getState().history.redo.at(-1)?.name ?? null;
  documentStore.setState((state) => ({ ...redo(state), save: "draft" }));
  return name;
}

/** Put another document on the canvas. Undo leads back to the one before, unless `fresh` starts a new history. */
export function replaceDocument(
  doc: WorkflowDocument,
  options: { name: string; saved: boolean; fresh?: boolean },
): void {
  const state = documentStore.getState();
  const change: Edit = { kind: "replace", document: doc };
  const timeline = record(state, change, { name: options.name, now_ms: Date.now() });
  documentStore.setState({
    doc,
    history: options.fresh ? NO_HISTORY : timeline.history,
    save: options.saved ? "saved" : "draft",
    opened: state.opened + 1,
  });
}

/** Remember where the canvas stands. Not an edit: it is neither undone nor unsaved work. */
export function setView(view: ViewBox): void {
  documentStore.setState((state) => ({ doc: { ...state.doc, view } }));
}

export function setSaveState(save: SaveState): void {
  documentStore.setState({ save });
}
