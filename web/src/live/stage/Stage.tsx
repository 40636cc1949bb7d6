import { Play, RefreshCw } from "lucide-react";
import { type CSSProperties, useEffect, useMemo, useRef, useState } from "react";
import { liveText } from "../../lib/text.live";
import { startRun } from "../actions";
import { PosePanel } from "../pose/PosePanel";
import { PuppetOverlay } from "../pose/PuppetOverlay";
import { getScreens } from "../session";
import { isActive } from "../state";
import { useLive, useLiveRun } from "../store";
import { ActionBar } from "./ActionBar";
import { Hud } from "./Hud";
import { KeyLegend } from "./KeyLegend";
import { PromptBar } from "./PromptBar";
import { Receipts } from "./Receipts";
import { Glow, Screen } from "./Screen";
import { StageEmpty } from "./StageEmpty";
import { StageTools } from "./StageTools";
import { stageStore, steering, useStage } from "./stage_store";
import { Stick } from "./Stick";
import { useBindings, useGraphChanged, useScreenNodes } from "./use_bindings";
import { type DragMark, usePictureDrag, useStageKeys, useWheelZoom } from "./use_stage_input";
import "./stage.css";

/** The node on the stage: the person's choice, else the first that sends frames; the last one stays while none does. */
function useStageNode(): { nodeId: string | null; choices: readonly string[] } {
  const sending = useLive((state) => state.screens);
  const order = useScreenNodes();
  const picked = useStage((state) => state.picked);
  const last = useRef<string | null>(null);
  const choices = useMemo(
    () => [...order.filter((id) => sending.includes(id)), ...sending.filter((id) => !order.includes(id))],
    [order, sending],
  );
  const nodeId = (picked !== null && choices.includes(picked) ? picked : choices[0]) ?? last.current;
  useEffect(() => {
    last.current = nodeId;
  }, [nodeId]);
  return { nodeId, choices };
}

/** Width and height of the picture on show; the metadata of the first frame decides. */
function usePictureSize(nodeId: string | null): { width: number; height: number } | null {
  const hasFrames = useLive((state) => state.run.hasFrames);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  useEffect(() => {
    if (nodeId === null) return undefined;
    return getScreens().attach(nodeId, {
      draw: ({ width, height }) =>
        setSize((old) => (old?.width === width && old.height === height ? old : { width, height })),
    });
  }, [nodeId]);
  return hasFrames || nodeId !== null ? size : null;
}

function useDragMark() {
  const element = useRef<HTMLDivElement>(null);
  const mark = useMemo<DragMark>(
    () => ({
      show(x, y, dx, dy) {
        const style = element.current?.style;
        style?.setProperty("transform", `translate(${x}px, ${y}px)`);
        style?.setProperty("--length", `${Math.min(110, Math.hypot(dx, dy))}px`);
        style?.setProperty("--angle", `${Math.atan2(dy, dx)}rad`);
        if (element.current) element.current.hidden = false;
      },
      hide() {
        if (element.current) element.current.hidden = true;
      },
    }),
    [],
  );
  return { element, mark };
}

function ScreenTabs({ choices, nodeId }: { choices: readonly string[]; nodeId: string | null }) {
  if (choices.length < 2) return null;
  return (
    <div className="stage-screens" role="group" aria-label={liveText.screens}>
      {choices.map((id) => (
        <button key={id} type="button" aria-pressed={id === nodeId} onClick={() => stageStore.setState({ picked: id })}>
          {liveText.screen(id)}
        </button>
      ))}
    </div>
  );
}

function RestartNotice() {
  const changed = useGraphChanged();
  if (!changed) return null;
  return (
    <button type="button" className="stage-restart" onClick={() => void startRun()} title={liveText.graphChangedHint}>
      <RefreshCw size={13} aria-hidden />
      {liveText.graphChanged}
    </button>
  );
}

/** The live picture with everything that steers it. Fills its parent. */
export function Stage() {
  const stage = useRef<HTMLElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const run = useLiveRun();
  const bindings = useBindings();
  const { nodeId, choices } = useStageNode();
  const size = usePictureSize(nodeId);
  const { grid, crisp, sticks, driveCharacter, poseSource } = useStage((state) => state);
  const running = run.status === "running";
  const { element: dragElement, mark } = useDragMark();
  useEffect(() => steering.bind(bindings), [bindings]);
  useStageKeys(stage, running);
  usePictureDrag(picture, mark, bindings, running);
  useWheelZoom(picture, running && bindings.axes.zoom !== undefined);
  const hasPicture = nodeId !== null && size !== null;
  const aspect = size ? size.width / size.height : 5 / 3;
  const held = hasPicture && !isActive(run) && run.status !== "failed";
  const looks = bindings.axes["look.yaw"] !== undefined && !driveCharacter;
  const walks = bindings.axes["walk.forward"] !== undefined && (driveCharacter || !bindings.axes["move.forward"]);

  return (
    <section
      ref={stage}
      className="stage"
      aria-label={liveText.stage}
      data-stage-keys
      tabIndex={0}
      data-status={run.status}
    >
      {nodeId !== null && <Glow nodeId={nodeId} />}
      <div className="stage-view">
        <div
          className="stage-frame"
          style={{ "--aspect": aspect } as CSSProperties}
          data-dim={run.status === "failed" || (isActive(run) && !run.hasFrames) || undefined}
        >
          <div ref={picture} className="stage-picture" data-drag={(running && (looks || walks)) || undefined}>
            {nodeId !== null && (
              <Screen
                nodeId={nodeId}
                label={liveText.picture(run.name)}
                className={crisp ? "stage-canvas stage-crisp" : "stage-canvas"}
              />
            )}
          </div>
          {running && poseSource === "puppet" && bindings.keypoints.length > 0 && <PuppetOverlay aspect={aspect} />}
          {grid && <div className="stage-grid" aria-hidden />}
          <div className="stage-corners" aria-hidden />
          <div ref={dragElement} className="stage-drag" hidden aria-hidden />
        </div>
      </div>
      <StageEmpty run={run} hasPicture={hasPicture} />
      {held && (
        <button type="button" className="stage-again" onClick={() => void startRun()}>
          <Play size={15} fill="currentColor" strokeWidth={0} aria-hidden />
          {liveText.runLive}
        </button>
      )}
      <div className="stage-top">
        {hasPicture && <Hud size={size ? `${size.width} \u00d7 ${size.height}` : null} />}
        <StageTools stage={stage} nodeId={hasPicture ? nodeId : null} bindings={bindings} />
      </div>
      <ScreenTabs choices={choices} nodeId={nodeId} />
      {poseSource !== "none" && bindings.keypoints.length > 0 && <PosePanel />}
      {running && sticks && (
        <div className="stage-sticks">
          {walks ? (
            <Stick source="stick-left" label={liveText.walk} x="walk.turn" y="walk.forward" />
          ) : (
            bindings.axes["move.forward"] && (
              <Stick source="stick-left" label={liveText.move} x="move.right" y="move.forward" />
            )
          )}
          {bindings.axes["look.yaw"] && (
            <Stick source="stick-right" label={liveText.look} x="look.yaw" y="look.pitch" />
          )}
        </div>
      )}
      <div className="stage-bottom">
        {running && (
          <div className="stage-bottom-row">
            {!sticks && <KeyLegend bindings={bindings} />}
            <Receipts />
          </div>
        )}
        <RestartNotice />
        {running && bindings.actions.map((action) => <ActionBar key={action.node} action={action} />)}
        <PromptBar prompts={bindings.prompts} />
      </div>
    </section>
  );
}
