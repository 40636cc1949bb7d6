/** Going on from another moment: rewind, branch, branch beside, re-anchor. Each is a new run that takes the place on the stage. */
import { getWorkflow, openWorkflow, type WorkflowDocument } from "../document";
import { showProblems } from "../document/problems";
import { ApiError, api } from "../lib/api";
import { toast } from "../lib/toast";
import type { BranchAnswer, BranchBody, TakeAnswer, TakeControl } from "../protocol/messages.gen";
import { t } from "../text";
import { besideStore, forgetBeside } from "./beside";
import { errorBody } from "./error_body";
import { resetSession, rememberRun, watchRun } from "./session";
import { isActive, type Origin, runAccepted, runRequested } from "./state";
import { liveStore } from "./store";

/** The part of a take that going on from it needs. */
export type Source = Pick<TakeAnswer, "take_id" | "document" | "edits" | "name">;

export interface BranchOptions {
  /** Go on with this graph instead of the take's own. */
  readonly document?: WorkflowDocument;
  /** Replaces the take's controls before the tick. */
  readonly controls?: readonly TakeControl[];
  /** Where the state comes from; without it exactly wherever that is possible. */
  readonly restore?: "latents";
}

function explain(error: unknown, title: string): void {
  if (error instanceof ApiError && error.problems.length > 0) showProblems(error.problems);
  const { message, remedy } = errorBody(error);
  toast({ kind: "error", title, detail: [message, remedy].filter(Boolean).join(". ") });
}

/** Put a run on the stage in place of the one that is there. The picture stays until the first new one comes. */
export function adoptRun(answer: BranchAnswer, workflow: WorkflowDocument | null, from: Origin): void {
  const name = workflow?.name ?? getWorkflow().name;
  resetSession();
  rememberRun(answer.run_id);
  liveStore.setState((state) => {
    const requested = runRequested(state, workflow, { ...from, exact: answer.exact });
    const next = runAccepted(requested, answer.run_id, name);
    return { ...next, run: { ...next.run, takeId: answer.take_id }, pulse: { ...next.pulse, tick: from.tick } };
  });
  watchRun(answer.run_id);
  toast(continued(answer, from.tick));
}

/** That it goes on, and in what it will not be the same. */
function continued({ exact, restored, reason }: BranchAnswer, tick: number): Parameters<typeof toast>[0] {
  const title = t("stage.continues", { tick });
  if (exact) return { kind: "success", title };
  if (restored !== "latents") return { kind: "info", title, detail: t("stage.approximatePast") };
  return { kind: "info", title, detail: [t("stage.approximate"), reason].filter(Boolean).join(" ") };
}

/** The graph of a take at a tick, or null where an edit changed it before and nobody here knows how. */
function graphAt({ document, edits }: Source, tick: number): WorkflowDocument | null {
  const edited = edits.some((edit) => edit.tick <= tick && edit.kind !== "hot");
  return edited ? null : (document as unknown as WorkflowDocument);
}

async function stopQuietly(runId: string | null): Promise<void> {
  if (runId === null) return;
  try {
    await api("POST", `/api/runs/${encodeURIComponent(runId)}/stop`);
  } catch {
    // It ended by itself in the meantime.
  }
}

function branch(takeId: string, tick: number, options: BranchOptions): Promise<BranchAnswer> {
  const { clientId } = liveStore.getState();
  const { document, controls, restore } = options;
  const body: BranchBody = {
    tick,
    client_id: clientId,
    ...(document ? { document: document as unknown as NonNullable<BranchBody["document"]> } : {}),
    ...(controls ? { controls: [...controls] } : {}),
    ...(restore ? { restore } : {}),
  };
  return api<BranchAnswer>("POST", `/api/takes/${encodeURIComponent(takeId)}/branch`, body);
}

/** Another workflow's take brings its graph onto the canvas, so that what is steered is what is seen. */
function showGraph({ document, name }: Source): void {
  if (document.id !== getWorkflow().id) openWorkflow(document, { source: "server", name });
}

/** Continue a take from before `tick` as a new take on the stage; a run that is going is stopped. True when it went. */
export async function branchFrom(take: Source, tick: number, options: BranchOptions = {}): Promise<boolean> {
  const { run } = liveStore.getState();
  try {
    const answer = await branch(take.take_id, tick, options);
    const { runId: second } = besideStore.getState();
    forgetBeside();
    showGraph(take);
    adoptRun(answer, options.document ?? graphAt(take, tick), { takeId: take.take_id, tick });
    await Promise.all([stopQuietly(isActive(run) ? run.runId : null), stopQuietly(second)]);
    return true;
  } catch (error) {
    explain(error, t("stage.branchFailed"));
    return false;
  }
}

/** Continue a take beside the run on the stage: both go on, and both are shown. */
export async function branchBeside(take: Source, tick: number): Promise<boolean> {
  const { runId: second } = besideStore.getState();
  try {
    await stopQuietly(second);
    const answer = await branch(take.take_id, tick, {});
    besideStore.setState({ runId: answer.run_id, takeId: answer.take_id });
    watchRun(answer.run_id);
    if (!answer.exact) toast(continued(answer, tick));
    return true;
  } catch (error) {
    explain(error, t("stage.branchFailed"));
    return false;
  }
}

/** Stop the second run; the first goes on alone. */
export async function endBeside(): Promise<void> {
  const { runId } = besideStore.getState();
  forgetBeside();
  await stopQuietly(runId);
}

/** Go back to a tick of the run on the stage: it goes on from there as a branch of its own take. */
export async function rewindTo(take: Source, tick: number): Promise<boolean> {
  return restart("rewind", { tick }, take, () => tick);
}

/** Bring a drifted picture back: from the first frame, or from before the alarm. */
export async function reanchor(mode: "first" | "last_good", take: Source | null): Promise<boolean> {
  const { pulse } = liveStore.getState();
  return restart("reanchor", { mode }, take, () => pulse.tick);
}

async function restart(route: string, body: object, take: Source | null, tick: () => number): Promise<boolean> {
  const { run, clientId } = liveStore.getState();
  if (run.runId === null || run.status !== "running") return false;
  // The old run ends before the answer comes: from here on the stage waits for the new one.
  liveStore.setState((state) => runRequested(state, run.workflow, { takeId: run.takeId ?? "", tick: tick() }));
  try {
    const path = `/api/live/${encodeURIComponent(run.runId)}/${route}`;
    const answer = await api<BranchAnswer>("POST", path, { ...body, client_id: clientId });
    const workflow = take ? (graphAt(take, tick()) ?? run.workflow) : run.workflow;
    adoptRun(answer, workflow, { takeId: run.takeId ?? answer.take_id, tick: tick() });
    return true;
  } catch (error) {
    liveStore.setState({ run });
    explain(error, t("stage.rewindFailed"));
    return false;
  }
}
