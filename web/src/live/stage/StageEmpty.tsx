import { Play, RotateCw, TriangleAlert } from "lucide-react";
import { focusNode } from "../../graph/focus";
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
        <span className="stage-run-label">{t("stage.runLive")}</span>
      </button>
      <p>{t("stage.noRunYet")}</p>
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
      <strong>{t("stage.warmingUp")}</strong>
      <p>{name ? t("stage.warmingUpDetailOf", { name: name }) : t("stage.warmingUpDetail")}</p>
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
          {error.got && t("stage.got", { value: error.got })}{" "}
          {error.expected && t("stage.expected", { value: error.expected })}
        </p>
      )}
      {error.remedy && <p>{error.remedy}</p>}
      <div className="stage-failed-actions">
        {node && (
          <button type="button" className="stage-button" onClick={() => focusNode(node)}>
            {t("stage.showNode")}
          </button>
        )}
        <button type="button" className="stage-button" data-primary onClick={() => void startRun()}>
          <RotateCw size={14} aria-hidden />
          {t("stage.tryAgain")}
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
