import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { formatNumber } from "../../graph/widgets/number_drag";
import { t } from "../../text";
import { type CurveKey, type CurveKeys, type Interpolation, makeCurve } from "./curve";
import { extentOf, gridLines, roundStep, snapped } from "./model";

const TICKS_A_SECOND = 6;
const PAD = { left: 62, right: 16, top: 14, bottom: 28 };

interface CurvePlotProps {
  readonly keys: CurveKeys;
  readonly interpolation: Interpolation;
  readonly loop: boolean;
  readonly selected: number;
  readonly range: readonly [number, number] | null;
  readonly unit: string;
  readonly onSelect: (index: number) => void;
  readonly onMove: (index: number, key: CurveKey, done: boolean) => void;
  readonly onAdd: (key: CurveKey) => void;
  readonly onRemove: (index: number) => void;
}

/** The curve as a picture with handles: dragged, stepped with the arrow keys, added by a double click. */
export function CurvePlot(props: CurvePlotProps) {
  const { keys, interpolation, loop, selected, range, unit, onSelect, onMove, onAdd, onRemove } = props;
  const host = useRef<SVGSVGElement>(null);
  const [{ width, height }, setSize] = useState({ width: 640, height: 300 });
  const [held, setHeld] = useState<ReturnType<typeof extentOf> | null>(null);
  // While a handle is held the plane stands still under it.
  const extent = held ?? extentOf(keys, range);
  const plot = { width: width - PAD.left - PAD.right, height: height - PAD.top - PAD.bottom };
  const x = (tick: number) => PAD.left + (tick / extent.ticks) * plot.width;
  const y = (value: number) => PAD.top + ((extent.high - value) / (extent.high - extent.low)) * plot.height;
  const at = useMemo(() => makeCurve(keys, interpolation, loop), [keys, interpolation, loop]);

  useLayoutEffect(() => {
    const element = host.current;
    if (!element) return;
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);

  function keyAt(event: PointerEvent | React.MouseEvent, fine: boolean): CurveKey {
    const box = host.current?.getBoundingClientRect();
    const share = (event.clientX - (box?.left ?? 0) - PAD.left) / plot.width;
    const fall = (event.clientY - (box?.top ?? 0) - PAD.top) / plot.height;
    const value = extent.high - Math.min(1, Math.max(0, fall)) * (extent.high - extent.low);
    return {
      tick: Math.round(Math.min(1, Math.max(0, share)) * extent.ticks),
      value: within(snapped(value, extent, fine), range),
    };
  }

  function key(event: KeyboardEvent, index: number, one: CurveKey) {
    const step = roundStep(extent.high - extent.low, 6) / (event.shiftKey ? 2 : 20);
    const moves: Readonly<Record<string, CurveKey>> = {
      ArrowLeft: { ...one, tick: one.tick - 1 },
      ArrowRight: { ...one, tick: one.tick + 1 },
      ArrowUp: { ...one, value: within(snapped(one.value + step, extent, true), range) },
      ArrowDown: { ...one, value: within(snapped(one.value - step, extent, true), range) },
    };
    const next = moves[event.key];
    if (next) onMove(index, next, true);
    else if (event.key === "Delete" || event.key === "Backspace") onRemove(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  const line = Array.from(
    { length: Math.ceil(plot.width / 2) + 1 },
    (_, i) => (i / Math.ceil(plot.width / 2)) * extent.ticks,
  )
    .map((tick, i) => `${i === 0 ? "M" : "L"}${x(tick).toFixed(1)} ${y(at(tick)).toFixed(1)}`)
    .join("");
  const [first, last] = [keys[0]?.tick ?? 0, keys.at(-1)?.tick ?? 0];
  return (
    <svg
      ref={host}
      className="cv-plot"
      role="group"
      aria-label={t("widgets.curve.plot")}
      onDoubleClick={(event) => onAdd(keyAt(event, event.altKey))}
    >
      <clipPath id="cv-clip">
        <rect x={PAD.left} y={0} width={Math.max(0, plot.width)} height={height} />
      </clipPath>
      {gridLines(extent.low, extent.high, roundStep(extent.high - extent.low, 6)).map((value) => (
        <g key={value} className="cv-grid" data-zero={value === 0}>
          <line x1={PAD.left} x2={width - PAD.right} y1={y(value)} y2={y(value)} />
          <text x={PAD.left - 14} y={y(value)} dy="0.32em" textAnchor="end">
            {formatNumber(value)}
          </text>
        </g>
      ))}
      {gridLines(0, extent.ticks / TICKS_A_SECOND, roundStep(extent.ticks / TICKS_A_SECOND, 10)).map((second) => (
        <g key={second} className="cv-grid">
          <line x1={x(second * TICKS_A_SECOND)} x2={x(second * TICKS_A_SECOND)} y1={PAD.top} y2={height - PAD.bottom} />
          <text x={x(second * TICKS_A_SECOND)} y={height - PAD.bottom + 16} textAnchor="middle">
            {t("widgets.seconds", { s: formatNumber(second) })}
          </text>
        </g>
      ))}
      <text className="cv-unit" x={8} y={PAD.top + 2}>
        {unit}
      </text>
      <g clipPath="url(#cv-clip)">
        <path className="cv-line cv-line-outside" d={line} />
        <clipPath id="cv-own">
          <rect x={x(first)} y={0} width={Math.max(0, x(last) - x(first))} height={height} />
        </clipPath>
        <path className="cv-line" d={line} clipPath="url(#cv-own)" />
      </g>
      {keys.map((one, index) => (
        <circle
          key={index}
          className="cv-key"
          cx={x(one.tick)}
          cy={y(one.value)}
          r={index === selected ? 7 : 6}
          role="button"
          tabIndex={0}
          aria-pressed={index === selected}
          aria-label={t("widgets.curve.keyframe", {
            n: index + 1,
            tick: one.tick,
            value: `${formatNumber(one.value)} ${unit}`.trim(),
          })}
          onFocus={() => onSelect(index)}
          onKeyDown={(event) => key(event, index, one)}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            setHeld(extentOf(keys, range));
            onSelect(index);
          }}
          onPointerMove={(event) => {
            if (held && event.buttons & 1) onMove(index, along(event, one, keyAt(event, event.altKey)), false);
          }}
          onPointerUp={(event) => {
            if (held) onMove(index, along(event, one, keyAt(event, event.altKey)), true);
            setHeld(null);
          }}
          onPointerCancel={() => setHeld(null)}
          onDoubleClick={(event) => event.stopPropagation()}
        />
      ))}
    </svg>
  );
}

/** With Shift a handle moves up and down only. */
function along(event: { readonly shiftKey: boolean }, from: CurveKey, to: CurveKey): CurveKey {
  return event.shiftKey ? { tick: from.tick, value: to.value } : to;
}

function within(value: number, range: readonly [number, number] | null): number {
  return range ? Math.min(range[1], Math.max(range[0], value)) : value;
}
