/**
 * The running graph follows the canvas: a change is sent a moment after the hand rests. Hot and warm changes are taken over
 * while frames flow; a cold one is announced and waits. One request at a time, always with the newest graph.
 */
import { documentStore, getWorkflow, type WorkflowDocument } from "../../document";
import { clearProblems, showProblems } from "../../document/problems";
import { getNodeSchema } from "../../graph/catalog";
import { ApiError, api } from "../../lib/api";
import { toast } from "../../lib/toast";
import type { EditAnswer, ServerMessage } from "../../protocol/messages.gen";
import { t } from "../../text";
import { errorBody } from "../error_body";
import { graphFingerprint } from "../control/bindings";
import { onMessage } from "../session";
import { graphApplied } from "../state";
import { liveStore } from "../store";
import { changedNodes } from "./changes";
import { followStore } from "./follow_store";

const REST_MS = 250;
const MARK_MS = 2600;

interface Sent {
  readonly before: WorkflowDocument | null;
  readonly document: WorkflowDocument;
  readonly changes: readonly string[];
}

let timer: ReturnType<typeof setTimeout> | undefined;
let markTimer: ReturnType<typeof setTimeout> | undefined;
let sent: Sent | null = null;
/** The graph that the server has refused or called cold: it is not sent again. */
let answered: string | null = null;

const fingerprint = (graph: WorkflowDocument) => graphFingerprint(graph, getNodeSchema);

function follows(): boolean {
  const { run, foreign } = liveStore.getState();
  return run.status === "running" && run.runId !== null && !foreign;
}

function isNew(document: WorkflowDocument): boolean {
  const { workflow } = liveStore.getState().run;
  const wanted = fingerprint(document);
  return wanted !== answered && (workflow === null || wanted !== fingerprint(workflow));
}

/** Send the graph on the canvas to the running one now, whether following is on or not. */
export async function applyCanvas(): Promise<void> {
  const { runId, workflow: before } = liveStore.getState().run;
  const document = getWorkflow();
  if (runId === null || followStore.getState().sending || !follows()) return;
  answered = fingerprint(document);
  followStore.setState({ sending: true, cold: null, refused: null });
  try {
    const answer = await api<EditAnswer>("POST", `/api/live/${encodeURIComponent(runId)}/edit`, { document });
    accepted(before, document, answer);
  } catch (error) {
    refused(error);
  } finally {
    followStore.setState({ sending: false });
    if (getWorkflow() !== document) later();
  }
}

function accepted(before: WorkflowDocument | null, document: WorkflowDocument, { kind, changes }: EditAnswer): void {
  if (kind === "cold") {
    followStore.setState({ cold: { changes, document } });
    return;
  }
  clearProblems();
  answered = null;
  sent = { before, document, changes };
  liveStore.setState((state) => graphApplied(state, document));
  if (before) mark(changedNodes(before, document, getNodeSchema), "sent");
}

function refused(error: unknown): void {
  if (error instanceof ApiError && error.problems.length > 0) showProblems(error.problems);
  followStore.setState({ refused: errorBody(error) });
}

/** Draw the nodes of a change apart for a moment. */
function mark(nodes: readonly string[], kind: "sent" | "applied" | "rolled-back"): void {
  clearTimeout(markTimer);
  followStore.setState({ mark: { nodes, kind } });
  markTimer = setTimeout(() => followStore.setState({ mark: null }), MARK_MS);
}

function receive(message: ServerMessage): void {
  if (message.type === "edit_applied" && message.data.run_id === liveStore.getState().run.runId) {
    const { tick, kind } = message.data;
    if (kind === "hot" || sent === null) return;
    toast({ kind: "success", title: t("stage.edit.applied", { tick }), detail: sent.changes.join(". ") });
    if (sent.before) mark(changedNodes(sent.before, sent.document, getNodeSchema), "applied");
  }
  if (message.type === "edit_rolled_back" && message.data.run_id === liveStore.getState().run.runId) {
    rolledBack(message.data.error);
  }
}

function rolledBack(error: ReturnType<typeof errorBody>): void {
  const before = sent?.before;
  answered = fingerprint(getWorkflow());
  if (before) liveStore.setState((state) => graphApplied(state, before));
  if (sent) mark(sent.before ? changedNodes(sent.before, sent.document, getNodeSchema) : [], "rolled-back");
  sent = null;
  showProblems([error]);
  followStore.setState({ refused: error });
  const detail = [error.message, error.remedy].filter(Boolean).join(". ");
  toast({ kind: "error", title: t("stage.edit.rolledBack"), detail });
}

function later(): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (followStore.getState().on && follows() && isNew(getWorkflow())) void applyCanvas();
  }, REST_MS);
}

function canvasChanged(): void {
  const { cold, refused: refusal } = followStore.getState();
  if ((cold || refusal) && fingerprint(getWorkflow()) !== answered) followStore.setState({ cold: null, refused: null });
  later();
}

/** Begin to follow; the returned function ends it. Call once, with the socket. */
export function followCanvas(): () => void {
  const stops = [
    onMessage(receive),
    documentStore.subscribe(({ doc }, before) => {
      if (doc.nodes !== before.doc.nodes || doc.edges !== before.doc.edges) canvasChanged();
    }),
    followStore.subscribe(({ on }, before) => {
      if (on && !before.on) later();
    }),
    liveStore.subscribe(({ run }, before) => {
      if (run.runId !== before.run.runId) reset();
      // A graph that changed while the run was starting; a branch keeps its own graph until the hand moves.
      if (run.status === "running" && before.run.status !== "running" && run.from === null) later();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

function reset(): void {
  answered = null;
  sent = null;
  followStore.setState({ sending: false, cold: null, refused: null, mark: null });
}
