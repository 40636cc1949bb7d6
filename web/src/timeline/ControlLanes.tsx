import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { Plus } from "lucide-react";
import { useDocument } from "../document";
import { useCatalog } from "../graph/catalog";
import { IconButton } from "../lib/ui";
import type { TakeControl } from "../protocol/messages.gen";
import { t } from "../text";
import { openTimelineDialog } from "./dialog_store";
import { editLog } from "./going_on";
import { type Lane, stepPath, valueText } from "./lanes";
import { moveControl, removeControl } from "./log_edits";
import { RECEIPT_ID, ReceiptTip, type Tipped } from "./ReceiptTip";
import { selectedTake, shownControls, timelineStore, useTimeline } from "./timeline_store";
import type { View } from "./Tracks";

/** Beyond this many in view a lane is drawn, but not edited. */
const HANDLES_AT_MOST = 160;
const DRAG_AFTER_PX = 3;

interface LaneProps {
  readonly lane: Lane;
  readonly view: View;
  readonly pxPerTick: number;
}

const placeOf = (control: TakeControl) => shownControls(timelineStore.getState()).indexOf(control);

interface HandleProps {
  readonly control: TakeControl;
  readonly kind: Lane["kind"];
  readonly until: number;
  readonly pxPerTick: number;
  readonly lane: Lane;
  readonly tipped: Tipped | null;
  readonly onTip: (tipped: Tipped | null) => void;
}

const open = (control: TakeControl) => openTimelineDialog({ kind: "control", control });

/** One control: dragged or moved with the arrow keys in time, deleted, opened to change its value. */
function Handle({ control, kind, until, pxPerTick, lane, tipped, onTip }: HandleProps) {
  const drag = useRef<{ x: number; tick: number; moved: boolean } | null>(null);
  const [shift, setShift] = useState(0);
  const move = (ticks: number) => {
    onTip(null);
    editLog((log) => moveControl(log, placeOf(control), control.tick + ticks));
  };
  const drop = () => {
    onTip(null);
    editLog((log) => removeControl(log, placeOf(control)));
  };

  function key(event: KeyboardEvent) {
    const step = (event.shiftKey ? 6 : 1) * (event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0);
    if (step !== 0) move(step);
    else if (event.key === "Delete" || event.key === "Backspace") drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  function pointerMove(event: PointerEvent) {
    if (!drag.current) return;
    const pixels = event.clientX - drag.current.x;
    if (!drag.current.moved && Math.abs(pixels) < DRAG_AFTER_PX) return;
    drag.current.moved = true;
    setShift(Math.round(pixels / pxPerTick));
  }
  function pointerUp() {
    const was = drag.current;
    drag.current = null;
    setShift(0);
    if (was?.moved && shift !== 0) move(shift);
    else if (was && !was.moved) open(control);
  }

  const value = valueText(control.value);
  const label = t("timeline.lane.control", { input: lane.input.replaceAll("_", " "), value, tick: control.tick });
  const tick = Math.max(0, control.tick + shift);
  const high = kind === "number" ? 1 - (Number(control.value) - lane.least) / (lane.most - lane.least) : 0.5;
  return (
    <button
      type="button"
      className="tl-control"
      data-kind={kind}
      data-own-keys
      aria-label={label}
      aria-describedby={tipped?.control === control ? RECEIPT_ID : undefined}
      onFocus={(event) => onTip({ control, at: event.currentTarget })}
      onBlur={() => onTip(null)}
      onPointerEnter={(event) => onTip({ control, at: event.currentTarget })}
      onPointerLeave={() => onTip(null)}
      style={{
        left: tick * pxPerTick,
        ...(kind === "number"
          ? { top: `${12 + high * 76}%` }
          : { width: Math.max(14, (until - tick) * pxPerTick - 2) }),
      }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, tick: control.tick, moved: false };
      }}
      onPointerMove={pointerMove}
      onPointerUp={pointerUp}
      onPointerCancel={() => {
        drag.current = null;
        setShift(0);
      }}
      onClick={(event) => event.detail === 0 && open(control)}
      onKeyDown={key}
    >
      {kind !== "number" && <span>{value}</span>}
    </button>
  );
}

function LaneTrack({ lane, view, pxPerTick, tipped, onTip }: LaneProps & Pick<HandleProps, "tipped" | "onTip">) {
  const last = useTimeline((state) => selectedTake(state)?.summary.last ?? 0) + 1;
  const { controls, kind } = lane;
  const shown = controls.flatMap((control, at) => {
    const until = controls[at + 1]?.tick ?? last;
    return until >= view.from && control.tick <= view.to ? [{ control, until }] : [];
  });
  const dense = shown.length > HANDLES_AT_MOST;
  return (
    <div
      className="tl-track"
      data-track=""
      title={t("timeline.lane.addHint")}
      onDoubleClick={(event) => {
        if (event.target !== event.currentTarget) return;
        const tick = Math.max(0, Math.round(event.nativeEvent.offsetX / pxPerTick));
        openTimelineDialog({ kind: "add", tick, lane: lane.key });
      }}
    >
      {kind === "number" && (
        <svg
          className="tl-line"
          style={{ width: last * pxPerTick }}
          viewBox={`0 0 ${Math.max(1, last)} 1`}
          preserveAspectRatio="none"
          aria-hidden
        >
          <path d={stepPath(lane, 0, last)} />
        </svg>
      )}
      {dense ? (
        <span className="tl-dense">{t("timeline.lane.dense", { n: shown.length })}</span>
      ) : (
        shown.map(({ control, until }, at) => (
          <Handle
            key={`${control.id}${at}`}
            control={control}
            kind={kind}
            until={until}
            lane={lane}
            pxPerTick={pxPerTick}
            tipped={tipped}
            onTip={onTip}
          />
        ))
      )}
    </div>
  );
}

/** The name of the node whose input a lane shows. */
function useNodeName(node: string): string {
  const type = useDocument((state) => state.doc.nodes.find((one) => one.id === node));
  const schema = useCatalog((state) => state.byId.get(type?.type ?? ""));
  return type?.title ?? schema?.name ?? node;
}

function LaneLabel({ lane }: { lane: Lane }) {
  const name = useNodeName(lane.node);
  const tick = useTimeline((state) => state.playhead);
  const input = lane.input.replaceAll("_", " ");
  return (
    <div className="tl-lane-label" title={`${name}: ${lane.input}`}>
      <span>
        <b>{input}</b> {name}
      </span>
      <IconButton
        size="s"
        className="tl-lane-add"
        label={t("timeline.lane.addTo", { input })}
        icon={<Plus size={12} />}
        onClick={() => openTimelineDialog({ kind: "add", tick, lane: lane.key })}
      />
    </div>
  );
}

/** What was steered in the chosen take, one lane an input. */
export function ControlLanes({
  lanes,
  view,
  pxPerTick,
}: {
  readonly lanes: readonly Lane[];
  readonly view: View;
  readonly pxPerTick: number;
}) {
  const [tipped, setTipped] = useState<Tipped | null>(null);
  if (lanes.length === 0) return <p className="tl-none">{t("timeline.lane.none")}</p>;
  return (
    <>
      {lanes.map((lane) => (
        <div key={lane.key} className="tl-lane" data-kind={lane.kind}>
          <LaneLabel lane={lane} />
          <LaneTrack lane={lane} view={view} pxPerTick={pxPerTick} tipped={tipped} onTip={setTipped} />
        </div>
      ))}
      <ReceiptTip tipped={tipped} />
    </>
  );
}
