/** The renders the server knows, newest first; asked for again whenever the queue changes. */
import { useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { openWorkflow } from "../document";
import { api } from "../lib/api";
import { t } from "../text";
import { toast } from "../lib/toast";
import { useLive } from "../live/store";
import type { Job, JobsAnswer } from "../protocol/messages.gen";
import { type ErrorText, errorDetail } from "./error_detail";

export interface JobsState {
  readonly status: "loading" | "ready" | "failed";
  readonly error: ErrorText | null;
  readonly jobs: readonly Job[];
  readonly search: string;
}

const LIMIT = 200;

export const jobsStore = createStore<JobsState>(() => ({ status: "loading", error: null, jobs: [], search: "" }));
let asked = 0;

/** Ask the server for the list. Of several questions under way only the newest answer counts. */
export async function loadJobs(): Promise<void> {
  asked += 1;
  const question = asked;
  const { search } = jobsStore.getState();
  const query = new URLSearchParams({ limit: String(LIMIT), ...(search ? { search } : {}) });
  try {
    const { jobs } = await api<JobsAnswer>("GET", `/api/jobs?${query}`);
    if (question === asked) jobsStore.setState({ status: "ready", error: null, jobs });
  } catch (error) {
    if (question === asked) jobsStore.setState({ status: "failed", error: errorDetail(error) });
  }
}

export function searchJobs(search: string): void {
  jobsStore.setState({ search });
  void loadJobs();
}

/** Cancel a waiting or running render, or take a finished one off the list. */
export async function removeJob(promptId: string): Promise<void> {
  try {
    await api("DELETE", `/api/jobs/${encodeURIComponent(promptId)}`);
  } catch (error) {
    toast({ kind: "error", title: t("panels.removeFailed"), detail: errorDetail(error).message });
  }
  await loadJobs();
}

/** Put the workflow that a render was made from on the canvas. True when that went well. */
export async function openJob({ prompt_id, name }: Job): Promise<boolean> {
  try {
    const { workflow } = await api<Job>("GET", `/api/jobs/${encodeURIComponent(prompt_id)}`);
    return openWorkflow(workflow, { source: "gallery", name });
  } catch (error) {
    toast({ kind: "error", title: t("panels.openFailed"), detail: errorDetail(error).message });
    return false;
  }
}

const SEEDS = 2 ** 31;

/** Queue a render of the same workflow once more, with another seed. */
export async function renderAgain({ prompt_id, name }: Job): Promise<void> {
  try {
    const { workflow } = await api<Job>("GET", `/api/jobs/${encodeURIComponent(prompt_id)}`);
    await api("POST", "/api/queue", { workflow, seed: Math.floor(Math.random() * SEEDS) });
    toast({ kind: "success", title: t("panels.againQueued", { name }) });
  } catch (error) {
    toast({ kind: "error", title: t("panels.againFailed"), detail: errorDetail(error).message });
  }
}

/** The list, kept up to date while a panel shows it. */
export function useJobs(): JobsState {
  const version = useLive((state) => state.queueVersion);
  const connected = useLive((state) => state.connection === "open");
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed queue and a new connection are reasons to ask again
  useEffect(() => void loadJobs(), [version, connected]);
  return useStore(jobsStore);
}
