import type { WorkflowDocument } from "../document";

/** Puts a workflow on the canvas. What comes from a render is not checked here: opening does that. */
export type OpenWorkflow = (document: WorkflowDocument, name?: string) => void;
