import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useDocument } from "../document";
import { useCatalog } from "../graph/catalog";
import type { TakeControl } from "../protocol/messages.gen";
import { t } from "../text";
import { ControlEditor } from "./ControlEditor";
import { type Lane, stepPath, valueText } from "./lanes";
import { moveControl, removeControl } from "./log_edits";
import { editLog } from "./timeline_actions";
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
  readonly onOpen: (control: TakeControl) => void;
}

/** One control: dragged or moved with the arrow keys in time, deleted, opened to change its value. */
function Handle({ control, kind, until, pxPerTick, lane, onOpen }: HandleProps) {
  const drag = useRef<{ x: number; tick: number; moved: boolean } | null>(null);
  const [shift, setShift] = useState(0);
  const move = (ticks: number) => editLog((log) => moveControl(log, placeOf(control), control.tick + ticks));

  function key(event: KeyboardEvent) {
    const step = (event.shiftKey ? 6 : 1) * (event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0);
    if (step !== 0) move(step);
    else if (event.key === "Delete" || event.key === "Backspace")
      editLog((log) => removeControl(log, placeOf(control)));
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
    else if (was && !was.moved) onOpen(control);
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
      title={label}
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
      onClick={(event) => event.detail === 0 && onOpen(control)}
      onKeyDown={key}
    >
      {kind !== "number" && <span>{value}</span>}
    </button>
  );
}

function LaneTrack({ lane, view, pxPerTick, onOpen }: LaneProps & { onOpen: (control: TakeControl) => void }) {
  const last = useTimeline((state) => selectedTake(state)?.summary.last ?? 0) + 1;
  const { controls, kind } = lane;
  const shown = controls.flatMap((control, at) => {
    const until = controls[at + 1]?.tick ?? last;
    return until >= view.from && control.tick <= view.to ? [{ control, until }] : [];
  });
  const dense = shown.length > HANDLES_AT_MOST;
  return (
    <div className="tl-track" data-track="">
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
            onOpen={onOpen}
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
  return (
    <div className="tl-lane-label" title={`${name}: ${lane.input}`}>
      <b>{lane.input.replaceAll("_", " ")}</b> {name}
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
  const [open, setOpen] = useState<TakeControl | null>(null);
  if (lanes.length === 0) return <p className="tl-none">{t("timeline.lane.none")}</p>;
  return (
    <>
      {lanes.map((lane) => (
        <div key={lane.key} className="tl-lane" data-kind={lane.kind}>
          <LaneLabel lane={lane} />
          <LaneTrack lane={lane} view={view} pxPerTick={pxPerTick} onOpen={setOpen} />
        </div>
      ))}
      {open && <ControlEditor control={open} onClose={() => setOpen(null)} />}
    </>
  );
}
