import { CircleAlert, ListVideo, RotateCcw, Workflow, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { focusNode } from "../graph/focus";
import { t } from "../text";
import { agoText, durationText } from "./when";
import { EmptyState, IconButton } from "../lib/ui";
import { useLive } from "../live/store";
import type { Job } from "../protocol/messages.gen";
import { openJob, removeJob, renderAgain, useJobs } from "./jobs";
import { JobSearch } from "./JobSearch";
import { Lightbox } from "./Lightbox";
import { Thumbnail } from "./Media";
import { durationS, galleryItems, mainOutput } from "./outputs";
import { Panel } from "./Panel";
import "./panels.css";

function Progress({ job }: { job: Job }) {
  const fraction = useLive((state) => state.renders[job.prompt_id]?.fraction ?? null);
  return (
    <div
      className="panel-progress"
      role="progressbar"
      aria-label={job.name}
      data-unknown={fraction === null || undefined}
      {...(fraction === null ? {} : { "aria-valuenow": Math.round(fraction * 100) })}
    >
      <i {...(fraction === null ? {} : { style: { width: `${fraction * 100}%` } })} />
    </div>
  );
}

function JobError({ job }: { job: Job }) {
  const { error } = job;
  if (!error) return null;
  const { node } = error;
  return (
    <p className="panel-job-error">
      <CircleAlert size={13} aria-hidden />
      <span>
        {error.message} {error.remedy}
        {node && (
          <button type="button" onClick={() => focusNode(node)}>
            {t("panels.showNode")}
          </button>
        )}
      </span>
    </p>
  );
}

function about(job: Job): string {
  const status = t(`panels.statuses.${job.status}`);
  const seconds = durationS(job);
  const age = agoText(Math.max(0, (Date.now() - (job.finished_at ?? job.created_at)) / 1000));
  return [status, ...(seconds === null ? [] : [durationText(seconds)]), age].join(" \u00b7 ");
}

interface JobRowProps {
  readonly job: Job;
  readonly onView: (job: Job) => void;
}

function JobRow({ job, onView }: JobRowProps) {
  const output = mainOutput(job);
  const ended = job.finished_at !== null;
  return (
    <li className="panel-job" data-status={job.status}>
      <button
        type="button"
        className="panel-job-thumb"
        disabled={!output}
        aria-label={t("panels.view", { name: job.name })}
        onClick={() => onView(job)}
      >
        {output ? <Thumbnail output={output} /> : <span className="panel-job-mark" aria-hidden />}
      </button>
      <div className="panel-job-text">
        <strong>{job.name}</strong>
        <span>{about(job)}</span>
        {job.status === "running" && <Progress job={job} />}
        <JobError job={job} />
      </div>
      <div className="panel-job-actions">
        <IconButton
          size="s"
          label={t("panels.openWorkflow")}
          icon={<Workflow size={14} />}
          onClick={() => void openJob(job)}
        />
        {ended && (
          <IconButton
            size="s"
            label={t("panels.again")}
            icon={<RotateCcw size={14} />}
            onClick={() => void renderAgain(job)}
          />
        )}
        <IconButton
          size="s"
          label={ended ? t("panels.remove") : t("panels.cancel")}
          icon={<X size={14} />}
          onClick={() => void removeJob(job.prompt_id)}
        />
      </div>
    </li>
  );
}

function Section({ title, children, count }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null;
  return (
    <section className="panel-section">
      <h3>
        {title} <span>{count}</span>
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

/** Renders that run, wait and are done, with their results. */
export function QueuePanel() {
  const { status, error, jobs } = useJobs();
  const [viewed, setViewed] = useState<Job | null>(null);
  const row = (job: Job) => <JobRow key={job.prompt_id} job={job} onView={setViewed} />;
  const running = jobs.filter((job) => job.status === "running");
  const waiting = jobs.filter((job) => job.status === "queued").reverse();
  const done = jobs.filter((job) => job.finished_at !== null);
  return (
    <Panel title={t("panels.queue")} loading={status === "loading"} error={error}>
      <JobSearch label={t("panels.searchJobs")} />
      {jobs.length === 0 && (
        <EmptyState
          icon={<ListVideo size={20} />}
          title={t("panels.queueEmpty")}
          detail={t("panels.queueEmptyDetail")}
        />
      )}
      <Section title={t("panels.queueRunning")} count={running.length}>
        {running.map(row)}
      </Section>
      <Section title={t("panels.queueWaiting")} count={waiting.length}>
        {waiting.map(row)}
      </Section>
      <Section title={t("panels.queueDone")} count={done.length}>
        {done.map(row)}
      </Section>
      {viewed && <Lightbox items={galleryItems([viewed], "all")} start={0} onClose={() => setViewed(null)} />}
    </Panel>
  );
}
