import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { NumberWidget } from "../../protocol/schema";
import type { FieldProps } from "./field";
import { dragged, fillOf, formatNumber, limit, onStep, parseNumber, stepOf } from "./number_drag";

const DRAG_AFTER_PX = 3;

interface Drag {
  readonly x: number;
  readonly start: number;
  moved: boolean;
}

/** A number that is dragged sideways, stepped with the arrow keys or typed after a click. */
export function NumberField({ label, value, widget, shown, onChange }: FieldProps<NumberWidget>) {
  const [typed, setTyped] = useState<string | null>(null);
  const drag = useRef<Drag | null>(null);
  const number = typeof value === "number" ? value : 0;
  const current = typeof shown === "number" ? shown : number;
  const fill = fillOf(widget, current);

  function down(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0 || typed !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, start: number, moved: false };
  }

  function move(event: PointerEvent<HTMLDivElement>) {
    if (!drag.current) return;
    const pixels = event.clientX - drag.current.x;
    if (!drag.current.moved && Math.abs(pixels) < DRAG_AFTER_PX) return;
    drag.current.moved = true;
    const next = dragged(widget, drag.current.start, pixels, event.shiftKey);
    if (next !== number) onChange(next);
  }

  function up() {
    const clicked = drag.current !== null && !drag.current.moved;
    drag.current = null;
    if (clicked) setTyped(formatNumber(number));
  }

  function key(event: KeyboardEvent<HTMLDivElement>) {
    const steps = STEP_KEYS[event.key];
    if (steps !== undefined) onChange(onStep(widget, number + steps * stepOf(widget) * (event.shiftKey ? 10 : 1)));
    else if (event.key === "Enter") setTyped(formatNumber(number));
    else if (/^[\d.,-]$/.test(event.key)) setTyped(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function finish(keep: boolean) {
    const parsed = keep && typed !== null ? parseNumber(typed) : null;
    if (parsed !== null) onChange(limit(widget, parsed));
    setTyped(null);
  }

  return (
    <div
      className="gn-number nodrag"
      data-dragging={drag.current?.moved}
      role="spinbutton"
      tabIndex={typed === null ? 0 : -1}
      aria-label={label}
      aria-valuenow={current}
      {...(widget.ge == null ? {} : { "aria-valuemin": widget.ge })}
      {...(widget.le == null ? {} : { "aria-valuemax": widget.le })}
      aria-valuetext={`${formatNumber(current)} ${widget.unit ?? ""}`}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => {
        drag.current = null;
      }}
      onKeyDown={typed === null ? key : undefined}
    >
      {fill !== null && (
        <span
          className="gn-number-fill"
          style={{ transform: `translateX(${fill[0] * 100}%) scaleX(${fill[1] - fill[0]})` }}
        />
      )}
      {typed === null ? (
        <span className="gn-number-value">
          {formatNumber(current)}
          {widget.unit && <small>{widget.unit}</small>}
        </span>
      ) : (
        <TypedNumber label={label} typed={typed} onType={setTyped} onFinish={finish} />
      )}
    </div>
  );
}

const STEP_KEYS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};

interface TypedNumberProps {
  readonly label: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly onFinish: (keep: boolean) => void;
}

function TypedNumber({ label, typed, onType, onFinish }: TypedNumberProps) {
  return (
    <input
      className="gn-number-input"
      aria-label={label}
      ref={(input) => {
        if (input && document.activeElement !== input) {
          input.focus();
          if (input.value.length > 1) input.select();
        }
      }}
      inputMode="decimal"
      value={typed}
      onChange={(event) => onType(event.target.value)}
      onBlur={() => onFinish(true)}
      onKeyDown={(event) => {
        if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
        if (event.key === "Enter" || event.key === "Tab") onFinish(true);
        if (event.key === "Escape") onFinish(false);
      }}
    />
  );
}
