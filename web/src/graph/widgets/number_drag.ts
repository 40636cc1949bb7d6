/** Number arithmetic for the field that is dragged: steps, limits, formatting. Pure. */
import type { NumberWidget } from "../../protocol/schema";

const PIXELS_PER_STEP = 3;
const STEPS_OVER_RANGE = 200;

/** How fine the hand works: 1, a tenth with Shift, a hundredth with Alt. Fine steps go below the widget's own step. */
export type Fineness = 1 | 0.1 | 0.01;

export function finenessOf(event: { readonly shiftKey: boolean; readonly altKey: boolean }): Fineness {
  return event.altKey ? 0.01 : event.shiftKey ? 0.1 : 1;
}

/** The range of the slider: the soft one, or both limits; null where it is open. */
export function rangeOf({ soft, ge, le }: NumberWidget): readonly [number, number] | null {
  if (soft) return soft;
  return ge != null && le != null && le > ge ? [ge, le] : null;
}

export function stepOf(widget: NumberWidget): number {
  if (widget.step) return widget.step;
  if (widget.integer) return 1;
  const range = rangeOf(widget);
  return range ? 10 ** Math.round(Math.log10((range[1] - range[0]) / STEPS_OVER_RANGE)) : 0.1;
}

export function limit(widget: NumberWidget, value: number): number {
  const whole = widget.integer ? Math.round(value) : value;
  return Math.min(widget.le ?? Infinity, Math.max(widget.ge ?? -Infinity, whole));
}

/** The value rounded to the widget's step, or a fine part of it, so that 0.1 + 0.2 stays 0.3. */
export function onStep(widget: NumberWidget, value: number, fineness: Fineness = 1): number {
  const step = stepOf(widget) * fineness;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)) + 1);
  return limit(widget, Number((Math.round(value / step) * step).toFixed(Math.min(decimals, 10))));
}

/** The value after dragging sideways: the slider's range within a hand's width, finer with Shift and Alt. */
export function dragged(widget: NumberWidget, start: number, pixels: number, fineness: Fineness): number {
  const range = rangeOf(widget);
  const perPixel = range ? (range[1] - range[0]) / STEPS_OVER_RANGE : stepOf(widget) / PIXELS_PER_STEP;
  const moved = onStep(widget, start + pixels * perPixel * fineness, fineness);
  if (!widget.soft) return moved;
  const [low, high] = [Math.min(widget.soft[0], start), Math.max(widget.soft[1], start)];
  return Math.min(high, Math.max(low, moved));
}

/** The part of the field that is filled, as left and right ends in 0..1: from zero where the range holds it. */
export function fillOf(widget: NumberWidget, value: number): readonly [number, number] | null {
  const range = rangeOf(widget);
  if (!range) return null;
  const [low, high] = range;
  const share = (at: number) => Math.min(1, Math.max(0, (at - low) / (high - low)));
  const [zero, end] = [share(Math.max(low, Math.min(high, 0))), share(value)];
  return zero < end ? [zero, end] : [end, zero];
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Math.abs(value) >= 1000 ? value.toFixed(1) : value.toFixed(Math.abs(value) < 0.1 ? 4 : 3);
  return rounded.includes(".") ? rounded.replace(/\.?0+$/, "") : rounded;
}
