import {
  type CSSProperties,
  type PointerEvent,
  type WheelEvent,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { t } from "../text";
import { ControlLanes } from "./ControlLanes";
import { lanesOf } from "./lanes";
import { scrubTo } from "./reviewing";
import { clampZoom, clock, fitZoom, marks, scrollAfterZoom } from "./scale";
import { StatsLanes, STATS_HEIGHT } from "./StatsLanes";
import { LANE_PX, labelPx, ROW_PX, RULER_PX, rowTop } from "./sizes";
import { TakeRow } from "./TakeRow";
import { selectedTake, setZoom, shownControls, timelineStore, useTimeline } from "./timeline_store";
import { lastTick, type TreeRow, treeRows } from "./tree";

const PAD_TICKS = 6;
const WHEEL_ZOOM = 0.0016;

export interface View {
  readonly from: number;
  readonly to: number;
}

function onResize(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}

function useLabelPx(): number {
  return useSyncExternalStore(onResize, () => labelPx(window.innerWidth));
}

/** The ticks in view, and the width of the tracks. */
function useView(scroller: React.RefObject<HTMLDivElement | null>, pxPerTick: number, label: number) {
  const [box, setBox] = useState({ left: 0, width: 800 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = () => setBox({ left: element.scrollLeft, width: element.clientWidth - label });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [scroller, label]);
  const from = Math.floor(box.left / pxPerTick);
  const to = Math.ceil((box.left + box.width) / pxPerTick);
  return { view: useMemo<View>(() => ({ from, to }), [from, to]), width: box.width };
}

/** The lines from a branch up to where it left its parent. */
function Branches({
  rows,
  top,
  pxPerTick,
}: {
  rows: readonly TreeRow[];
  top: (row: number) => number;
  pxPerTick: number;
}) {
  return (
    <svg className="tl-branches" aria-hidden>
      {rows.map(({ take, parentRow, from }, row) => {
        if (parentRow === null) return null;
        const x = from * pxPerTick;
        const [y1, y2] = [top(parentRow) + ROW_PX - 6, top(row) + ROW_PX / 2];
        return <path key={take.take_id} d={`M${x} ${y1} V${y2 - 6} q0 6 6 6`} />;
      })}
    </svg>
  );
}

function Ruler({ view, pxPerTick }: { view: View; pxPerTick: number }) {
  return (
    <div className="tl-ruler" aria-hidden>
      {marks(view.from, view.to, pxPerTick).map(({ tick, label }) => (
        <span key={tick} style={{ left: tick * pxPerTick }}>
          {label}
        </span>
      ))}
    </div>
  );
}

function Playhead({ pxPerTick }: { pxPerTick: number }) {
  const playhead = useTimeline((state) => state.playhead);
  const take = useTimeline(selectedTake);
  return (
    <div
      className="tl-playhead"
      role="slider"
      tabIndex={0}
      aria-label={t("timeline.playhead")}
      aria-valuemin={take?.summary.first ?? 0}
      aria-valuemax={take?.summary.last ?? 0}
      aria-valuenow={playhead}
      aria-valuetext={t("timeline.playheadAt", { tick: playhead, time: clock(playhead, true) })}
      style={{ transform: `translateX(${playhead * pxPerTick}px)` }}
    />
  );
}

/** Dragging on the ruler or a track moves the playhead of the take under the pointer. */
function useScrub(pxPerTick: number, selected: string | null) {
  const held = useRef<{ take: string; left: number } | null>(null);
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>) {
      const target = event.target as Element;
      if (event.button !== 0 || target.closest("button, a, input, [data-own-keys]")) return;
      const track = target.closest<HTMLElement>("[data-track]");
      const take = track?.dataset.track || selected;
      if (!track || !take) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      held.current = { take, left: track.getBoundingClientRect().left };
      scrubTo(take, (event.clientX - held.current.left) / pxPerTick);
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>) {
      if (held.current) scrubTo(held.current.take, (event.clientX - held.current.left) / pxPerTick);
    },
    onPointerUp() {
      held.current = null;
    },
    onPointerCancel() {
      held.current = null;
    },
  };
}

/** Rows of takes on one scale of time; under the chosen one its lanes. */
export function Tracks() {
  const scroller = useRef<HTMLDivElement>(null);
  const takes = useTimeline((state) => state.takes);
  const selected = useTimeline((state) => state.selected);
  const controls = useTimeline(shownControls);
  const showStats = useTimeline((state) => state.showStats);
  const pxPerTick = useTimeline((state) => state.pxPerTick);
  const zoomed = useTimeline((state) => state.zoomed);
  const rows = useMemo(() => treeRows(takes), [takes]);
  const lanes = useMemo(() => lanesOf(controls), [controls]);
  const label = useLabelPx();
  const { view, width } = useView(scroller, pxPerTick, label);
  const last = lastTick(rows);
  const chosen = rows.findIndex(({ take }) => take.take_id === selected);
  const lanesPx = chosen < 0 ? 0 : Math.max(1, lanes.length) * LANE_PX + (showStats ? STATS_HEIGHT : 0) + 8;
  const top = useCallback((row: number) => rowTop(row, chosen, lanesPx), [chosen, lanesPx]);

  useEffect(() => {
    if (!zoomed && width > 0) timelineStore.setState({ pxPerTick: fitZoom(lastOf(rows, chosen), width) });
  }, [zoomed, width, rows, chosen]);

  function wheel(event: WheelEvent) {
    const element = scroller.current;
    if (!element || !(event.ctrlKey || event.metaKey || event.altKey)) return;
    const pointer = event.clientX - element.getBoundingClientRect().left - label;
    const after = clampZoom(pxPerTick * Math.exp(-event.deltaY * WHEEL_ZOOM));
    setZoom(after);
    const left = scrollAfterZoom(pointer, element.scrollLeft, pxPerTick, after);
    requestAnimationFrame(() => element.scrollTo({ left }));
  }

  const scrub = useScrub(pxPerTick, selected);
  const innerPx = Math.max(width, (last + PAD_TICKS) * pxPerTick);
  return (
    <div ref={scroller} className="tl-scroll" style={{ "--tl-label": `${label}px` } as CSSProperties} onWheel={wheel}>
      <div className="tl-inner" style={{ width: label + innerPx, height: RULER_PX + top(rows.length) + 8 }} {...scrub}>
        <div className="tl-ruler-row" data-track="">
          <Ruler view={view} pxPerTick={pxPerTick} />
        </div>
        <div className="tl-rows">
          <Branches rows={rows} top={top} pxPerTick={pxPerTick} />
          {rows.map((row, at) => (
            <TakeRow key={row.take.take_id} row={row} top={top(at)} view={view} pxPerTick={pxPerTick} />
          ))}
          {chosen >= 0 && (
            <div className="tl-lanes" style={{ top: top(chosen) + ROW_PX, height: lanesPx }}>
              <ControlLanes lanes={lanes} view={view} pxPerTick={pxPerTick} />
              {showStats && <StatsLanes view={view} pxPerTick={pxPerTick} />}
            </div>
          )}
        </div>
        <Playhead pxPerTick={pxPerTick} />
      </div>
    </div>
  );
}

/** What is fitted into the window: the tree of the chosen take, or all. */
function lastOf(rows: readonly TreeRow[], chosen: number): number {
  const root = rows[chosen]?.take.root;
  return lastTick(root === undefined ? rows : rows.filter(({ take }) => take.root === root));
}
