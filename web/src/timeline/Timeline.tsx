import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from "react";
import { Film } from "lucide-react";
import { Button, EmptyState, Spinner } from "../lib/ui";
import { t } from "../text";
import { timelineKey } from "./keys";
import { openTimeline } from "./follow_run";
import { loadTakes } from "./loading";
import { TimelineBar } from "./TimelineBar";
import { TimelineDialogs } from "./TimelineDialogs";
import { HEIGHT, setHeight, useTimeline } from "./timeline_store";
import { Tracks } from "./Tracks";
import "./timeline.css";
import "./tracks.css";

const KEY_STEP_PX = 20;

/** The upper edge: dragged or moved with the arrow keys. */
function Edge() {
  const heightPx = useTimeline((state) => state.heightPx);
  const start = useRef<{ y: number; height: number } | null>(null);
  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowUp" ? KEY_STEP_PX : event.key === "ArrowDown" ? -KEY_STEP_PX : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setHeight(heightPx + step);
  }
  function drag(event: PointerEvent) {
    if (start.current) setHeight(start.current.height + start.current.y - event.clientY);
  }
  const end = () => {
    start.current = null;
  };
  return (
    <div
      className="tl-edge"
      role="separator"
      tabIndex={0}
      aria-label={t("timeline.resize")}
      aria-orientation="horizontal"
      aria-valuenow={heightPx}
      aria-valuemin={HEIGHT.least}
      aria-valuemax={HEIGHT.most}
      onKeyDown={key}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { y: event.clientY, height: heightPx };
      }}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}

function Body() {
  const status = useTimeline((state) => state.status);
  const error = useTimeline((state) => state.error);
  const none = useTimeline((state) => state.takes.length === 0);
  if (none && (status === "loading" || status === "idle")) {
    return (
      <div className="tl-centre">
        <Spinner label={t("timeline.loading")} />
      </div>
    );
  }
  if (none && status === "failed") {
    return (
      <div className="tl-centre" role="alert">
        <EmptyState title={t("timeline.listFailed")} {...(error ? { detail: error } : {})}>
          <Button variant="primary" onClick={() => void loadTakes()}>
            {t("timeline.retry")}
          </Button>
        </EmptyState>
      </div>
    );
  }
  if (none) {
    return (
      <div className="tl-centre">
        <EmptyState icon={<Film size={20} />} title={t("timeline.empty")} detail={t("timeline.emptyDetail")} />
      </div>
    );
  }
  return <Tracks />;
}

/** Takes and branches over time: what was steered, what is kept, and every way to go on from a moment. */
export default function Timeline() {
  const open = useTimeline((state) => state.open);
  const heightPx = useTimeline((state) => state.heightPx);
  useEffect(openTimeline, []);
  // The dialogs stand beside the section: their keys are not the timeline's.
  return (
    <>
      <section
        className="tl"
        aria-label={t("timeline.title")}
        data-open={open || undefined}
        data-stage-keys
        onKeyDown={timelineKey}
      >
        {open && <Edge />}
        <TimelineBar />
        {open && (
          <div className="tl-body" style={{ height: heightPx }}>
            <Body />
          </div>
        )}
      </section>
      <TimelineDialogs />
    </>
  );
}
