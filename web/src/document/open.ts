/** Bringing workflows in and out: server, file, link, template, draft. Nothing here starts a run. */
import { ApiError, api } from "../lib/api";
import { errorText } from "../lib/error_text";
import { t } from "../text";
import { toast } from "../lib/toast";
import { openBundle } from "../share/open_bundle";
import { formatDocument, isRecord, newDocumentId, parseDocument } from "./parse";
import { workflowFromHash } from "./share";
import { documentStore, getWorkflow, makeEditable, replaceDocument, setSaveState } from "./store";
import { emptyDocument, type WorkflowDocument } from "./types";

export type OpenSource = "template" | "file" | "link" | "server" | "gallery";

export interface OpenOptions {
  readonly source: OpenSource;
  readonly name?: string;
  /** Start a new history: undo must not lead back to the empty page before the first workflow. */
  readonly fresh?: boolean;
}

export interface StoredWorkflow {
  readonly id: string;
  readonly name: string;
  readonly updated_at: string | number;
}

/** Put a workflow from outside on the canvas; a broken one leaves the canvas alone and says why. */
export function openWorkflow(value: unknown, options: OpenOptions): boolean {
  try {
    const parsed = parseDocument(value);
    const owned = options.source === "server";
    const named = options.name ? { ...parsed, name: options.name } : parsed;
    const doc = owned ? named : { ...named, id: newDocumentId() };
    replaceDocument(doc, {
      name: t("graph.edits.open", { name: doc.name }),
      saved: owned,
      fresh: options.fresh ?? false,
    });
    return true;
  } catch (error) {
    toast({ kind: "error", title: t("app.document.cannotOpen"), detail: errorText(error) });
    return false;
  }
}

export function newWorkflow(): void {
  replaceDocument(emptyDocument(newDocumentId(), t("app.document.untitled")), {
    name: t("graph.edits.newOne"),
    saved: false,
  });
}

/** Save to the server under the document's id; a read-only one becomes the person's own copy by that. */
export async function saveWorkflow(): Promise<void> {
  if (documentStore.getState().readOnly) makeEditable(t("app.document.copyOf", { name: getWorkflow().name }));
  const doc = getWorkflow();
  setSaveState("saving");
  try {
    await api("PUT", `/api/workflows/${encodeURIComponent(doc.id)}`, { document: doc });
    const unchanged = getWorkflow().nodes === doc.nodes && getWorkflow().edges === doc.edges;
    setSaveState(unchanged ? "saved" : "draft");
    toast({ kind: "success", title: t("app.document.saved", { name: doc.name }) });
  } catch (error) {
    setSaveState("failed");
    toast({ kind: "error", title: t("app.document.cannotSave"), detail: errorText(error) });
  }
}

/** Save a copy under a new id and name; the copy becomes the open document. */
export async function saveCopy(name: string): Promise<void> {
  makeEditable(name);
  await saveWorkflow();
}

export async function listWorkflows(): Promise<readonly StoredWorkflow[]> {
  return (await api<{ workflows: readonly StoredWorkflow[] }>("GET", "/api/workflows")).workflows;
}

export async function openStored(id: string): Promise<void> {
  const path = `/api/workflows/${encodeURIComponent(id)}`;
  try {
    const answer = await api<unknown>("GET", path);
    openWorkflow(isRecord(answer) && "document" in answer ? answer.document : answer, { source: "server" });
  } catch (error) {
    toast({ kind: "error", title: t("app.document.cannotOpen"), detail: errorText(error) });
  }
}

export async function deleteStored(id: string): Promise<void> {
  await api("DELETE", `/api/workflows/${encodeURIComponent(id)}`);
}

export function downloadWorkflow(): void {
  const doc = getWorkflow();
  const url = URL.createObjectURL(new Blob([formatDocument(doc)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${doc.name.replace(/[^\p{L}\p{N}._-]+/gu, "_") || "workflow"}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

/** Open a dropped or chosen file: a workflow as JSON, a bundle, or a picture or video that carries a workflow. */
export async function openFile(file: File): Promise<void> {
  try {
    if (await openBundle(file)) return;
  } catch (error) {
    toast({
      kind: "error",
      title: t("app.document.cannotOpenFile", { name: file.name }),
      detail: errorText(error),
    });
    return;
  }
  const own = await readOwnJson(file);
  if (own !== null) {
    openWorkflow(own, { source: "file" });
    return;
  }
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const { workflow } = await api<{ workflow: unknown }>("POST", "/api/open", form);
    openWorkflow(workflow, { source: "file" });
  } catch (error) {
    const detail =
      error instanceof ApiError && error.status === 404 ? t("app.document.noServerOpen") : errorText(error);
    toast({ kind: "error", title: t("app.document.cannotOpenFile", { name: file.name }), detail });
  }
}

async function readOwnJson(file: File): Promise<unknown> {
  if (!file.name.toLowerCase().endsWith(".json")) return null;
  try {
    const value: unknown = JSON.parse(await file.text());
    return isRecord(value) && Array.isArray(value.nodes) && "schema" in value ? value : null;
  } catch {
    return null;
  }
}

/** Open the workflow of a share link; false when the address holds none. The fragment is taken out of the address. */
export async function openFromAddress(): Promise<boolean> {
  let doc: WorkflowDocument | null;
  try {
    doc = await workflowFromHash(window.location.hash);
  } catch (error) {
    toast({ kind: "error", title: t("app.document.cannotOpen"), detail: errorText(error) });
    doc = null;
  }
  if (window.location.hash !== "") window.history.replaceState(null, "", window.location.pathname);
  return doc !== null && openWorkflow(doc, { source: "link" });
}
