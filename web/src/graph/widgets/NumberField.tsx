import { RotateCcw } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { NumberWidget } from "../../protocol/schema";
import { t } from "../../text";
import { evaluate } from "./arithmetic";
import type { FieldProps } from "./field";
import { dragged, type Fineness, fillOf, finenessOf, formatNumber, limit, onStep, stepOf } from "./number_drag";
import { inputOf } from "./use_field";

const DRAG_AFTER_PX = 3;

interface Drag {
  x: number;
  start: number;
  fineness: Fineness;
  moved: boolean;
}

/** A number that is dragged sideways, stepped with the arrow keys or typed after a click; sums are worked out. */
export function NumberField({ label, value, widget, shown, onChange }: FieldProps<NumberWidget>) {
  const [typed, setTyped] = useState<string | null>(null);
  const drag = useRef<Drag | null>(null);
  const number = typeof value === "number" ? value : 0;
  const current = typeof shown === "number" ? shown : number;
  const fill = fillOf(widget, current);
  const preset = inputOf(widget)?.default;
  const isChanged = typeof preset === "number" && preset !== number;

  function down(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0 || typed !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, start: number, fineness: finenessOf(event), moved: false };
  }

  function move(event: PointerEvent<HTMLDivElement>) {
    const held = drag.current;
    if (!held) return;
    if (!held.moved && Math.abs(event.clientX - held.x) < DRAG_AFTER_PX) return;
    const fineness = finenessOf(event);
    // Another key in the middle of a drag goes on from the value reached, so that nothing jumps.
    if (fineness !== held.fineness) Object.assign(held, { x: event.clientX, start: number, fineness });
    held.moved = true;
    const next = dragged(widget, held.start, event.clientX - held.x, fineness);
    if (next !== number) onChange(next);
  }

  function up() {
    const clicked = drag.current !== null && !drag.current.moved;
    drag.current = null;
    if (clicked) setTyped(formatNumber(number));
  }

  function reset() {
    if (isChanged) onChange(preset);
  }

  function key(event: KeyboardEvent<HTMLDivElement>) {
    const steps = STEP_KEYS[event.key];
    if (event.ctrlKey || event.metaKey) return;
    if (steps !== undefined) onChange(stepped(widget, number, steps, event));
    else if (event.key === "Home" && widget.ge != null) onChange(widget.ge);
    else if (event.key === "End" && widget.le != null) onChange(widget.le);
    else if (event.key === "Backspace") reset();
    else if (event.key === "Enter") setTyped(formatNumber(number));
    else if (/^[\d.,(-]$/.test(event.key)) setTyped(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function finish(keep: boolean) {
    const parsed = keep && typed !== null ? evaluate(typed, widget.unit) : null;
    if (parsed !== null) onChange(limit(widget, parsed));
    setTyped(null);
  }

  return (
    <div
      className="gn-number nodrag nokey"
      data-dragging={drag.current?.moved}
      role="spinbutton"
      tabIndex={typed === null ? 0 : -1}
      title={typed === null ? t("widgets.numberHint") : undefined}
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
          {isChanged && (
            <span
              className="gn-number-reset"
              aria-hidden
              title={t("widgets.reset", { name: label, value: formatNumber(preset) })}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={reset}
            >
              <RotateCcw size={11} />
            </span>
          )}
          {formatNumber(current)}
          {widget.unit && <small>{widget.unit}</small>}
        </span>
      ) : (
        <NumberInput label={label} typed={typed} onType={setTyped} onFinish={finish} />
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

/** One step by key: ten with Shift, a tenth of one with Alt. */
function stepped(
  widget: NumberWidget,
  value: number,
  steps: number,
  { shiftKey, altKey }: { readonly shiftKey: boolean; readonly altKey: boolean },
): number {
  const factor = altKey ? 0.1 : shiftKey ? 10 : 1;
  return onStep(widget, value + steps * stepOf(widget) * factor, altKey ? 0.1 : 1);
}

interface NumberInputProps {
  readonly label: string;
  readonly typed: string;
  readonly onType: (typed: string) => void;
  readonly onFinish: (keep: boolean) => void;
}

function NumberInput({ label, typed, onType, onFinish }: NumberInputProps) {
  return (
    <input
      className="gn-number-input"
      aria-label={label}
      aria-invalid={typed.trim() !== "" && evaluate(typed) === null}
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
