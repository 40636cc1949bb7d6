import { AppWindow, Minimize2, PanelRightClose } from "lucide-react";
import { ControlInspector, DriftStrip, LatencyBar, Stage } from "../live";
import { t } from "../text";
import { IconButton } from "../lib/ui";
import { toggleFullStage, toggleStage } from "./commands";
import { useUi } from "./use_ui";

/** The live picture, its latency and the inputs that can be steered. */
export function StageColumn() {
  const mode = useUi((ui) => ui.stageMode);
  const full = mode === "full";
  return (
    <section className="app-stage" data-mode={mode} aria-label={t("app.stage")}>
      <div className="app-stage-bar">
        <h2>{t("app.stage")}</h2>
        <IconButton
          size="s"
          label={full ? t("app.dockStage") : t("app.fullStage")}
          keys={full ? "Escape" : "Ctrl+Shift+F"}
          icon={full ? <Minimize2 size={14} /> : <AppWindow size={14} />}
          onClick={toggleFullStage}
        />
        {!full && (
          <IconButton size="s" label={t("app.hideStage")} icon={<PanelRightClose size={14} />} onClick={toggleStage} />
        )}
      </div>
      <div className="app-stage-view">
        <Stage />
      </div>
      <div className="app-stage-side">
        <LatencyBar />
        <DriftStrip />
        <ControlInspector />
      </div>
    </section>
  );
}
