import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { t } from "../text";
import { setStageShare } from "./ui_store";
import { useUi } from "./use_ui";

const KEY_STEP = 0.02;

interface WorkAreaProps {
  readonly canvas: ReactNode;
  readonly stage: ReactNode;
  /** What lies under both, over the whole width. */
  readonly below?: ReactNode;
}

/** Canvas and stage side by side, with a bar between them that is dragged or moved with the arrow keys. */
export function WorkArea({ canvas, stage, below }: WorkAreaProps) {
  const share = useUi((ui) => ui.stageShare);
  const mode = useUi((ui) => ui.stageMode);
  const half = useUi((ui) => ui.half);
  const area = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(false);

  function drag(event: PointerEvent) {
    const box = area.current?.getBoundingClientRect();
    if (active && box) setStageShare((box.right - event.clientX) / box.width);
  }

  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowLeft" ? KEY_STEP : event.key === "ArrowRight" ? -KEY_STEP : 0;
    if (step === 0) return;
    setStageShare(share + step);
    event.preventDefault();
  }

  const columns = `minmax(0, ${1 - share}fr) 1px minmax(0, ${share}fr)`;
  const style = { "--columns": mode === "hidden" ? "minmax(0, 1fr)" : columns } as CSSProperties;
  return (
    <div className="app-work" ref={area} style={style} data-half={half}>
      {canvas}
      {mode !== "hidden" && (
        <>
          <div
            className="app-splitter"
            role="separator"
            tabIndex={0}
            aria-label={t("app.resizeStage")}
            aria-orientation="vertical"
            aria-valuenow={Math.round(share * 100)}
            aria-valuemin={22}
            aria-valuemax={70}
            data-active={active}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              setActive(true);
            }}
            onPointerMove={drag}
            onPointerUp={() => setActive(false)}
            onPointerCancel={() => setActive(false)}
            onKeyDown={key}
          />
          {stage}
        </>
      )}
      {below}
    </div>
  );
}
