import { Play, RotateCw, TriangleAlert } from "lucide-react";
import { focusNode } from "../../graph/focus";
import { liveText } from "../../lib/text.live";
import { startRun } from "../actions";
import { t } from "../../text";
import { isActive, type LiveRun } from "../state";
import "./empty.css";

/** Nothing has run yet: one big button. */
function Ready() {
  return (
    <div className="stage-empty">
      <button type="button" className="stage-run" onClick={() => void startRun()}>
        <span className="stage-run-ring" aria-hidden>
          <Play size={30} fill="currentColor" strokeWidth={0} />
        </span>
        <span className="stage-run-label">{liveText.runLive}</span>
      </button>
      <p>{liveText.noRunYet}</p>
      <p className="stage-empty-keys">
        <kbd>Ctrl</kbd>
        <kbd>Enter</kbd>
      </p>
    </div>
  );
}

function WarmingUp({ name }: { name: string }) {
  return (
    <div className="stage-empty" role="status">
      <span className="stage-warm" aria-hidden>
        <i />
        <i />
        <i />
        <i />
      </span>
      <strong>{liveText.warmingUp}</strong>
      <p>{liveText.warmingUpDetail(name)}</p>
    </div>
  );
}

/** The run goes on from another moment: the last picture stays while the ticks before are made again. */
function CatchingUp({ tick }: { tick: number }) {
  return (
    <div className="stage-empty stage-catching-up" role="status">
      <strong>{t("stage.catchingUp", { tick })}</strong>
    </div>
  );
}

function Failed({ error }: { error: NonNullable<LiveRun["error"]> }) {
  const { node } = error;
  return (
    <div className="stage-empty stage-failed" role="alert">
      <TriangleAlert size={26} aria-hidden />
      <strong>{error.message}</strong>
      {(error.got || error.expected) && (
        <p className="stage-failed-detail">
          {error.got && liveText.got(error.got)} {error.expected && liveText.expected(error.expected)}
        </p>
      )}
      {error.remedy && <p>{error.remedy}</p>}
      <div className="stage-failed-actions">
        {node && (
          <button type="button" className="stage-button" onClick={() => focusNode(node)}>
            {liveText.showNode}
          </button>
        )}
        <button type="button" className="stage-button" data-primary onClick={() => void startRun()}>
          <RotateCw size={14} aria-hidden />
          {liveText.tryAgain}
        </button>
      </div>
    </div>
  );
}

/** What stands where the picture would be. */
export function StageEmpty({ run, hasPicture }: { run: LiveRun; hasPicture: boolean }) {
  if (run.status === "failed" && run.error) return <Failed error={run.error} />;
  if (run.from && hasPicture && !run.hasFrames && isActive(run)) return <CatchingUp tick={run.from.tick} />;
  if (run.status === "starting" || (run.status === "running" && !run.hasFrames)) return <WarmingUp name={run.name} />;
  return hasPicture ? null : <Ready />;
}
