import { type CSSProperties, useMemo, useRef } from "react";
import { t } from "../../text";
import type { Bindings } from "../control/bindings";
import { useBeside } from "../beside";
import { PuppetOverlay } from "../pose/PuppetOverlay";
import { BesideView } from "../review/BesideView";
import { Review } from "../review/Review";
import { isActive } from "../state";
import { useLiveRun } from "../store";
import { Screen } from "./Screen";
import { useStage } from "./stage_store";
import { type DragMark, usePictureDrag, useWheelZoom } from "./use_stage_input";
import type { StagePicture } from "./use_stage_picture";
import "./viewfinder.css";

const EMPTY_ASPECT = 5 / 3;
const FULL_DRAG_PX = 110;

/** The ring and the line that show where a drag began and how far it is pulled, moved without rendering anew. */
function useDragMark() {
  const element = useRef<HTMLDivElement>(null);
  const mark = useMemo<DragMark>(
    () => ({
      show(x, y, dx, dy) {
        if (!element.current) return;
        const { style } = element.current;
        style.setProperty("transform", `translate(${x}px, ${y}px)`);
        style.setProperty("--length", `${Math.min(FULL_DRAG_PX, Math.hypot(dx, dy))}px`);
        style.setProperty("--angle", `${Math.atan2(dy, dx)}rad`);
        element.current.hidden = false;
      },
      hide() {
        if (element.current) element.current.hidden = true;
      },
    }),
    [],
  );
  return { element, mark };
}

interface ViewfinderProps {
  readonly picture: StagePicture;
  readonly bindings: Bindings;
}

/** The picture in its frame, with grid and puppet over it. Dragging looks around, the wheel zooms. */
export function Viewfinder({ picture: { nodeId, size }, bindings }: ViewfinderProps) {
  const surface = useRef<HTMLDivElement>(null);
  const run = useLiveRun();
  const grid = useStage((state) => state.grid);
  const crisp = useStage((state) => state.crisp);
  const posing = useStage((state) => state.poseSource === "puppet") && bindings.keypoints.length > 0;
  const running = run.status === "running";
  const { element, mark } = useDragMark();
  const drags = usePictureDrag(surface, mark, bindings, running);
  useWheelZoom(surface, running && bindings.axes.zoom !== undefined);
  const aspect = size ? size.width / size.height : EMPTY_ASPECT;
  const stale = run.status === "failed" || (isActive(run) && !run.hasFrames);

  const two = useBeside((state) => state.runId !== null);
  return (
    <div className="stage-views" data-two={two || undefined}>
      <div className="stage-view">
        <div className="stage-frame" style={{ "--aspect": aspect } as CSSProperties} data-dim={stale || undefined}>
          <div ref={surface} className="stage-picture" data-drag={drags || undefined}>
            {nodeId !== null && (
              <Screen
                nodeId={nodeId}
                label={run.name ? t("stage.pictureOf", { name: run.name }) : t("stage.picture")}
                className={crisp ? "stage-canvas stage-crisp" : "stage-canvas"}
              />
            )}
          </div>
          <Review />
          {grid && <div className="stage-grid" aria-hidden />}
          <div className="stage-corners" aria-hidden />
          {running && posing && <PuppetOverlay aspect={aspect} />}
          <div ref={element} className="stage-drag" hidden aria-hidden />
        </div>
      </div>
      {two && <BesideView nodeId={nodeId} aspect={aspect} />}
    </div>
  );
}
