import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { t } from "../../text";
import { setSplit, useReview } from "./review_store";

const KEY_STEP = 0.02;

/** The border between two takes: dragged, or moved with the arrow keys. */
export function Wipe({ a, b }: { readonly a: string; readonly b: string }) {
  const split = useReview((state) => state.split);
  const handle = useRef<HTMLDivElement>(null);

  function drag(event: PointerEvent): void {
    const box = handle.current?.parentElement?.getBoundingClientRect();
    if (box && event.currentTarget.hasPointerCapture(event.pointerId)) {
      setSplit((event.clientX - box.left) / box.width);
    }
  }
  function key(event: KeyboardEvent): void {
    const step = event.key === "ArrowLeft" ? -KEY_STEP : event.key === "ArrowRight" ? KEY_STEP : 0;
    if (step === 0) return;
    setSplit(split + step);
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <>
      <span className="stage-wipe-name" data-side="a">
        A <b>{a}</b>
      </span>
      <span className="stage-wipe-name" data-side="b">
        <b>{b}</b> B
      </span>
      <div
        ref={handle}
        className="stage-wipe"
        role="slider"
        tabIndex={0}
        aria-label={t("stage.review.wipe")}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(split * 100)}
        style={{ left: `${split * 100}%` }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          event.preventDefault();
          event.currentTarget.focus();
        }}
        onPointerMove={drag}
        onKeyDown={key}
      />
    </>
  );
}
