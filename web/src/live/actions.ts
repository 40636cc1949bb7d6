/** What the Run, Stop and Queue buttons do. */
import { documentStore, getWorkflow } from "../document";
import { clearProblems, showProblems } from "../document/problems";
import { ApiError, api } from "../lib/api";
import { t } from "../text";
import { toast } from "../lib/toast";
import type { ErrorBody, QueueAnswer, RunAnswer, RunsAnswer } from "../protocol/messages.gen";
import { advanceSeeds } from "../widgets/seeds";
import { endBeside } from "./branch";
import { errorBody } from "./error_body";
import { followCanvas } from "./follow/follow";
import { renderSettings } from "./render_settings";
import { leaveWorkflow, openSession, rememberedRun, rememberRun, resetSession, watchRun } from "./session";
import { isActive, runAccepted, runLost, runRefused, runRequested } from "./state";
import { liveStore } from "./store";

function explain(error: unknown): ErrorBody {
  if (error instanceof ApiError && error.problems.length > 0) showProblems(error.problems);
  return errorBody(error);
}

/** Start the open workflow live; a run that is going is stopped first. */
export async function startRun(): Promise<void> {
  const { run, clientId } = liveStore.getState();
  if (run.status === "starting") return;
  advanceSeeds();
  const workflow = getWorkflow();
  const previous = isActive(run) ? run.runId : null;
  clearProblems();
  resetSession();
  liveStore.setState((state) => runRequested(state, workflow));
  try {
    await endBeside();
    if (previous !== null) await api("POST", `/api/runs/${encodeURIComponent(previous)}/stop`);
    const { run_id, take_id } = await api<RunAnswer>("POST", "/api/runs", { workflow, client_id: clientId });
    rememberRun(run_id);
    liveStore.setState((state) => {
      const next = runAccepted(state, run_id, workflow.name);
      return take_id === undefined ? next : { ...next, run: { ...next.run, takeId: take_id } };
    });
  } catch (error) {
    const body = explain(error);
    liveStore.setState((state) => runRefused(state, body));
  }
}

/** Stop the live run; the picture stays. */
export async function stopRun(): Promise<void> {
  const { run } = liveStore.getState();
  if (run.runId === null || run.status !== "running") return;
  liveStore.setState({ run: { ...run, status: "stopping" } });
  try {
    await endBeside();
    await api("POST", `/api/runs/${encodeURIComponent(run.runId)}/stop`);
  } catch (error) {
    toast({ kind: "error", title: t("stage.stopFailed"), detail: errorBody(error).message });
    liveStore.setState((state) => ({ run: { ...state.run, status: "running" } }));
  }
}

/** Queue the open workflow to be rendered into files, `count` times. */
export async function queueRender(count?: number): Promise<void> {
  const settings = renderSettings();
  const { clientId, run } = liveStore.getState();
  const times = count ?? settings.count;
  clearProblems();
  // Beside a live run the seed stays: what is rendered is what is seen.
  if (!isActive(run)) advanceSeeds();
  try {
    const body = { workflow: getWorkflow(), client_id: clientId, count: times, ...settings.options };
    await api<QueueAnswer>("POST", "/api/queue", body);
    liveStore.setState((state) => ({ queueVersion: state.queueVersion + 1 }));
    toast({ kind: "success", title: t("stage.queued", { n: times }) });
  } catch (error) {
    const { message, remedy } = explain(error);
    toast({ kind: "error", title: message, ...(remedy ? { detail: remedy } : {}) });
  }
}

/** After a reload: take up this tab's live run if it is still going. After a lost connection: notice that the run is gone. */
async function catchUp(): Promise<void> {
  const { runs } = await api<RunsAnswer>("GET", "/api/runs");
  const going = runs.filter((entry) => entry.status === "running");
  const { run } = liveStore.getState();
  const own = going.find(({ run_id }) => run_id === rememberedRun());
  if (run.status === "idle" && own) {
    liveStore.setState((state) => {
      const next = runAccepted(state, own.run_id, own.name);
      return { ...next, run: { ...next.run, takeId: own.take_id ?? null } };
    });
    watchRun(own.run_id);
  } else if (run.runId !== null && isActive(run) && !going.some(({ run_id }) => run_id === run.runId)) {
    liveStore.setState((state) =>
      runLost(state, { code: "run_lost", message: t("stage.runLost"), remedy: t("stage.runLostRemedy") }),
    );
  }
}

/** Open the websocket and keep it open; the returned function closes it. Call once, at the start of the page. */
export function connectLive(): () => void {
  documentStore.subscribe(({ opened }, before) => {
    if (opened !== before.opened) leaveWorkflow();
  });
  const unfollow = followCanvas();
  const close = openSession(() => {
    catchUp().catch(() => {
      // Without an answer nothing is known about the run; the state of the connection is shown elsewhere.
    });
  });
  return () => {
    unfollow();
    close();
  };
}
