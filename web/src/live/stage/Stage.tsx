import { Play } from "lucide-react";
import { useEffect, useRef } from "react";
import { t } from "../../text";
import { startRun } from "../actions";
import { EditMarks } from "../follow/EditMarks";
import { PosePanel } from "../pose/PosePanel";
import { useReview } from "../review/review_store";
import { isActive } from "../state";
import { useLiveRun } from "../store";
import { Hud } from "./Hud";
import { Glow } from "./Screen";
import { StageBottom } from "./StageBottom";
import { StageEmpty } from "./StageEmpty";
import { StageTools } from "./StageTools";
import { stageStore, steering, useStage } from "./stage_store";
import { useBindings } from "./use_bindings";
import { useGamepad } from "./use_gamepad";
import { useStageKeys } from "./use_stage_input";
import { useStagePicture } from "./use_stage_picture";
import { Viewfinder } from "./Viewfinder";
import "./stage.css";

/** Buttons to choose which preview is on the stage, where a graph has several. */
function ScreenTabs({ choices, nodeId }: { choices: readonly string[]; nodeId: string | null }) {
  if (choices.length < 2) return null;
  return (
    <div className="stage-screens" role="group" aria-label={t("stage.screens")}>
      {choices.map((id) => (
        <button key={id} type="button" aria-pressed={id === nodeId} onClick={() => stageStore.setState({ picked: id })}>
          {t("stage.screen", { id })}
        </button>
      ))}
    </div>
  );
}

/** The live picture with everything that steers it. Fills its parent. */
export function Stage() {
  const stage = useRef<HTMLElement>(null);
  const run = useLiveRun();
  const bindings = useBindings();
  const picture = useStagePicture();
  const reviewing = useReview((state) => state.a !== null);
  const posing = useStage((state) => state.poseSource !== "none");
  useEffect(() => steering.bind(bindings), [bindings]);
  useGamepad(run.status === "running");
  useStageKeys(stage, run.status === "running");
  const { nodeId, choices, size } = picture;
  const hasPicture = nodeId !== null && size !== null;
  const held = hasPicture && !isActive(run) && run.status !== "failed";

  return (
    <section
      ref={stage}
      className="stage"
      aria-label={t("stage.stage")}
      data-stage-keys
      data-status={run.status}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: focused, the stage takes the keys that steer the picture
      tabIndex={0}
    >
      {nodeId !== null && <Glow nodeId={nodeId} />}
      <Viewfinder picture={picture} bindings={bindings} />
      {!reviewing && <StageEmpty run={run} hasPicture={hasPicture} />}
      {held && !reviewing && (
        <button type="button" className="stage-again" onClick={() => void startRun()}>
          <Play size={15} fill="currentColor" strokeWidth={0} aria-hidden />
          {t("stage.runLive")}
        </button>
      )}
      <div className="stage-top">
        {hasPicture && <Hud size={`${size.width} \u00d7 ${size.height}`} />}
        <StageTools stage={stage} nodeId={hasPicture ? nodeId : null} bindings={bindings} />
      </div>
      <ScreenTabs choices={choices} nodeId={nodeId} />
      {posing && bindings.keypoints.length > 0 && <PosePanel />}
      {!reviewing && <StageBottom bindings={bindings} />}
      <EditMarks />
    </section>
  );
}
