/** Number arithmetic for the field that is dragged: steps, limits, formatting. Pure. */
import type { NumberWidget } from "../../protocol/schema";

const PIXELS_PER_STEP = 3;
const STEPS_OVER_RANGE = 200;

export function stepOf(widget: NumberWidget): number {
  if (widget.step) return widget.step;
  if (widget.integer) return 1;
  const { ge, le } = widget;
  if (ge == null || le == null) return 0.1;
  return 10 ** Math.round(Math.log10((le - ge) / STEPS_OVER_RANGE));
}

export function limit(widget: NumberWidget, value: number): number {
  const whole = widget.integer ? Math.round(value) : value;
  return Math.min(widget.le ?? Infinity, Math.max(widget.ge ?? -Infinity, whole));
}

/** The value rounded to the widget's step, so that 0.1 + 0.2 stays 0.3. */
export function onStep(widget: NumberWidget, value: number): number {
  const step = stepOf(widget);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)) + 1);
  return limit(widget, Number((Math.round(value / step) * step).toFixed(Math.min(decimals, 10))));
}

/** The value after dragging sideways; Shift is ten times finer, both limits reached within a hand's width. */
export function dragged(widget: NumberWidget, start: number, pixels: number, fine: boolean): number {
  const { ge, le } = widget;
  const perPixel = ge != null && le != null ? (le - ge) / STEPS_OVER_RANGE : stepOf(widget) / PIXELS_PER_STEP;
  return onStep(widget, start + pixels * perPixel * (fine ? 0.1 : 1));
}

/** The part of the field that is filled, as left and right ends in 0..1: from zero where the range holds it. */
export function fillOf(widget: NumberWidget, value: number): readonly [number, number] | null {
  const { ge, le } = widget;
  if (ge == null || le == null || le <= ge) return null;
  const share = (at: number) => Math.min(1, Math.max(0, (at - ge) / (le - ge)));
  const [zero, end] = [share(Math.max(ge, Math.min(le, 0))), share(value)];
  return zero < end ? [zero, end] : [end, zero];
}

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Math.abs(value) >= 1000 ? value.toFixed(1) : value.toFixed(3);
  return rounded.includes(".") ? rounded.replace(/\.?0+$/, "") : rounded;
}

/** The number that was typed, with a decimal comma or point; null when it is none. */
export function parseNumber(typed: string): number | null {
  const value = Number(typed.trim().replace(",", "."));
  return typed.trim() === "" || !Number.isFinite(value) ? null : value;
}
