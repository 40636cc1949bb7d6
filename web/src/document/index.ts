export { applyEdit, type Edit, edgeInto } from "./edits";
export { useDocument } from "./hooks";
export { openWorkflow } from "./open";
export { DocumentError, formatDocument, newDocumentId, parseDocument } from "./parse";
export { documentStore, edit, openGraph, openScope, pathOf, getWorkflow, redoEdit, setInput, undoEdit } from "./store";
export type { NodeMode, WorkflowDocument, WorkflowEdge, WorkflowGroup, WorkflowNode } from "./types";
