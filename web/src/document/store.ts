/** The open document, its history and whether the server has it. Knows no React. */
import { createStore } from "zustand/vanilla";
import type { Edit } from "./edits";
import { applyEdit } from "./edits";
import { type History, NO_HISTORY, record, redo, undo } from "./history";
import { newDocumentId } from "./parse";
import { definitionAt, existingScope, graphAt, locate, OUTERMOST, type Scope } from "./scope";
import { t } from "../text";
import { emptyDocument, type ViewBox, type WorkflowDocument } from "./types";

export type SaveState = "saved" | "draft" | "saving" | "failed";

export interface DocumentState {
  readonly doc: WorkflowDocument;
  readonly history: History;
  readonly save: SaveState;
  /** The subgraphs that are open, one inside the other. */
  readonly scope: Scope;
  /** The document came in a bundle: it is changed only as a copy. */
  readonly readOnly: boolean;
  /** How many edits of a read-only document were refused: who shows it says why. */
  readonly refusals: number;
  /** Rises when another document is opened, so that the canvas fits its view again. */
  readonly opened: number;
}

export const documentStore = createStore<DocumentState>(() => ({
  doc: emptyDocument("draft", "Untitled"),
  history: NO_HISTORY,
  save: "draft",
  scope: OUTERMOST,
  readOnly: false,
  refusals: 0,
  opened: 0,
}));

/** The document as it stands now: what Run, Queue, Save and Share send. */
export function getWorkflow(): WorkflowDocument {
  return documentStore.getState().doc;
}

/** The graph that the canvas shows: the workflow, or the inside of the subgraph that is open. */
export function openGraph(): WorkflowDocument {
  const { doc, scope } = documentStore.getState();
  return graphAt(doc, scope);
}

/** The path of a node of the open graph, as runs and problems name it. */
export function pathOf(node: string): string {
  return [...documentStore.getState().scope, node].join("/");
}

/** Open a subgraph by the path of its instance ids; the canvas fits it. */
export function openScope(scope: Scope): void {
  documentStore.setState((state) => ({
    scope: existingScope(state.doc, scope),
    opened: state.opened + 1,
  }));
}

/**
 * Change the open graph under a name that undo shows. Edits with one `merge` key in quick succession undo together.
 * Edits of the whole document, such as its name, work wherever they are made.
 */
export function edit(name: string, change: Edit, merge?: string): void {
  const { scope } = documentStore.getState();
  editAt(scope, name, change, merge);
}

function editAt(scope: Scope, name: string, change: Edit, merge?: string): void {
  const state = documentStore.getState();
  if (state.readOnly) {
    refuse();
    return;
  }
  const options = { name, scope, now_ms: Date.now(), ...(merge === undefined ? {} : { merge }) };
  const next = record(state, inScope(state.doc, scope, change), options);
  if (next.doc === state.doc) return;
  documentStore.setState({ ...next, save: "draft", scope: existingScope(next.doc, state.scope) });
}

/** Nothing changes but the objects: new ones bring what was dragged on the canvas back to its place. */
function refuse(): void {
  documentStore.setState(({ doc, refusals }) => ({
    doc: { ...doc, ...placedAnew(doc), subgraphs: doc.subgraphs.map((one) => ({ ...one, ...placedAnew(one) })) },
    refusals: refusals + 1,
  }));
}

function placedAnew({ nodes, groups }: Pick<WorkflowDocument, "nodes" | "groups">) {
  return {
    nodes: nodes.map((node) => ({ ...node, pos: [node.pos[0], node.pos[1]] as const })),
    groups: groups.map((group) => ({ ...group })),
  };
}

/** Turn a read-only document into one of the person's own, under another name. */
export function makeEditable(name: string): void {
  documentStore.setState(({ doc }) => ({
    doc: { ...doc, id: newDocumentId(), name },
    readOnly: false,
    refusals: 0,
    save: "draft",
  }));
}

function inScope(doc: WorkflowDocument, scope: Scope, change: Edit): Edit {
  const definition = definitionAt(doc, scope);
  if (definition === null) return change;
  const wrap = (one: Edit): Edit => {
    if (one.kind === "batch") return { kind: "batch", edits: one.edits.map(wrap) };
    if (one.kind === "patch-document" || one.kind === "replace" || one.kind === "set-subgraphs") return one;
    return { kind: "within", subgraph: definition.id, edit: one };
  };
  return wrap(change);
}

/** Write a widget's value; a node inside a subgraph is named by its path. `undoable: false` is for values that stream in from the stage. */
export function setInput(node: string, input: string, value: unknown, options: { undoable?: boolean } = {}): void {
  const state = documentStore.getState();
  const place = locate(state.doc, node);
  const change: Edit = { kind: "set-input", node: place.node, input, value };
  if (options.undoable ?? true) {
    editAt(place.scope, t("graph.edits.change", { input }), change, `input:${node}:${input}`);
    return;
  }
  const { doc } = applyEdit(state.doc, inScope(state.doc, place.scope, change));
  documentStore.setState({ doc });
}

export function undoEdit(): string | null {
  return step("undo", undo);
}

export function redoEdit(): string | null {
  return step("redo", redo);
}

/** Undo or redo, and open the graph in which the change was made. */
function step(direction: "undo" | "redo", move: (timeline: DocumentState) => Pick<DocumentState, "doc" | "history">) {
  const state = documentStore.getState();
  const mark = state.history[direction].at(-1);
  if (mark === undefined) return null;
  const next = move(state);
  const scope = existingScope(next.doc, mark.scope);
  const moved = scope.join("/") !== state.scope.join("/");
  documentStore.setState({ ...next, save: "draft", ...(moved ? { scope, opened: state.opened + 1 } : {}) });
  return mark.name;
}

/**
 * Put another document on the canvas. Undo leads back to the one before, unless `fresh` starts a new history or the
 * one before was read-only.
 */
export function replaceDocument(
  doc: WorkflowDocument,
  options: { name: string; saved: boolean; fresh?: boolean; readOnly?: boolean },
): void {
  const state = documentStore.getState();
  const change: Edit = { kind: "replace", document: doc };
  const timeline = record(state, change, { name: options.name, scope: OUTERMOST, now_ms: Date.now() });
  documentStore.setState({
    doc,
    // Undo must not lead back to a document that cannot be changed.
    history: options.fresh || state.readOnly ? NO_HISTORY : timeline.history,
    save: options.saved ? "saved" : "draft",
    scope: OUTERMOST,
    readOnly: options.readOnly ?? false,
    refusals: 0,
    opened: state.opened + 1,
  });
}

/** Remember where the canvas stands. Not an edit: it is neither undone nor unsaved work. */
export function setView(view: ViewBox): void {
  documentStore.setState((state) => (state.scope.length > 0 ? state : { doc: { ...state.doc, view } }));
}

export function setSaveState(save: SaveState): void {
  documentStore.setState({ save });
}
