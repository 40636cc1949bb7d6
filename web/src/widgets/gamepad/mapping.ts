/**
 * Which stick, trigger or button of a gamepad moves what: stage controls by their name ("move.forward"), Live inputs as
 * "node:input". Values are -1..1; `valueFor` turns them into an input's own range. Pure, but for load and save.
 */
import { isRecord } from "../../document/parse";
import type { Widget } from "../../protocol/schema";

export interface PadState {
  readonly axes: readonly number[];
  readonly buttons: readonly { readonly pressed: boolean; readonly value: number }[];
}

/** A stick's axis, or a button; a button's sign says which way it pushes. */
export interface PadSource {
  readonly kind: "axis" | "button";
  readonly index: number;
  readonly sign: 1 | -1;
}

/** What moves one target: one axis, one button, or two buttons that push in opposite ways. */
export interface PadBinding {
  readonly target: string;
  readonly sources: readonly PadSource[];
  /** 0..2: how strongly. */
  readonly gain: number;
}

export interface PadMapping {
  readonly bindings: readonly PadBinding[];
  /** Readings of a stick below this count as at rest. */
  readonly deadZone: number;
}

const axis = (index: number, sign: 1 | -1 = 1): PadSource => ({ kind: "axis", index, sign });
const button = (index: number, sign: 1 | -1 = 1): PadSource => ({ kind: "button", index, sign });
const bind = (target: string, ...sources: readonly PadSource[]): PadBinding => ({ target, sources, gain: 1 });

/** The standard layout: left stick moves, right stick looks, triggers go down and up, the cross walks. */
export const STANDARD: PadMapping = {
  deadZone: 0.15,
  bindings: [
    bind("move.right", axis(0)),
    bind("move.forward", axis(1, -1)),
    bind("look.yaw", axis(2)),
    bind("look.pitch", axis(3, -1)),
    bind("move.up", button(7), button(6, -1)),
    bind("walk.forward", button(12), button(13, -1)),
    bind("walk.turn", button(15), button(14, -1)),
  ],
};

function rested(value: number, deadZone: number): number {
  const size = Math.abs(value);
  return size < deadZone ? 0 : (Math.sign(value) * (size - deadZone)) / (1 - deadZone);
}

/** The value of every bound target, -1..1. */
export function readMapped(pad: PadState, mapping: PadMapping): ReadonlyMap<string, number> {
  return new Map(
    mapping.bindings.map(({ target, sources, gain }) => {
      const sum = sources.reduce((total, source) => total + readSource(pad, source, mapping.deadZone), 0);
      return [target, Math.max(-1, Math.min(1, sum * gain)) || 0];
    }),
  );
}

export function readSource(pad: PadState, { kind, index, sign }: PadSource, deadZone: number): number {
  const value = kind === "axis" ? rested(pad.axes[index] ?? 0, deadZone) : (pad.buttons[index]?.value ?? 0);
  return value * sign || 0;
}

const MOVED = 0.6;

/** What the hand has just moved, to bind it: a button that went down or an axis that was pushed far from its rest. */
export function movedSource(rest: PadState, now: PadState): PadSource | null {
  const pressed = now.buttons.findIndex(({ value }, i) => value > MOVED && (rest.buttons[i]?.value ?? 0) <= MOVED);
  if (pressed >= 0) return button(pressed);
  const pushed = now.axes.findIndex((value, i) => Math.abs(value - (rest.axes[i] ?? 0)) > MOVED);
  return pushed < 0 ? null : axis(pushed, (now.axes[pushed] ?? 0) < 0 ? -1 : 1);
}

/** Bind what was moved to a target. The second button of another sort of push completes a pair; an axis stands alone. */
export function bound(mapping: PadMapping, target: string, source: PadSource, way: 1 | -1): PadMapping {
  const before = mapping.bindings.find((one) => one.target === target);
  const signed: PadSource = {
    ...source,
    sign: source.kind === "axis" ? (Math.sign(source.sign * way) as 1 | -1) : way,
  };
  const kept =
    source.kind === "axis" ? [] : (before?.sources ?? []).filter((one) => one.kind === "button" && one.sign !== way);
  const next: PadBinding = { target, gain: before?.gain ?? 1, sources: [...kept, signed] };
  return { ...mapping, bindings: [...mapping.bindings.filter((one) => one.target !== target), next] };
}

export function unbound(mapping: PadMapping, target: string): PadMapping {
  return { ...mapping, bindings: mapping.bindings.filter((one) => one.target !== target) };
}

export function inverted(mapping: PadMapping, target: string): PadMapping {
  const flip = (source: PadSource): PadSource => ({ ...source, sign: source.sign === 1 ? -1 : 1 });
  return {
    ...mapping,
    bindings: mapping.bindings.map((one) => (one.target === target ? { ...one, sources: one.sources.map(flip) } : one)),
  };
}

export function withGain(mapping: PadMapping, target: string, gain: number): PadMapping {
  const held = Math.max(0, Math.min(2, gain));
  return {
    ...mapping,
    bindings: mapping.bindings.map((one) => (one.target === target ? { ...one, gain: held } : one)),
  };
}

/** A stick's share in the range of an input: the middle at rest for a range around zero, otherwise from its lower end. */
export function valueFor(widget: Widget, share: number): number | boolean | null {
  if (widget.kind === "toggle") return share > 0.5;
  if (widget.kind !== "number") return null;
  const [low, high] = widget.soft ?? [widget.ge ?? -1, widget.le ?? 1];
  const value =
    low < 0 && high > 0 ? (share < 0 ? -share * low : share * high) : low + ((share + 1) / 2) * (high - low);
  return widget.integer ? Math.round(value) : Number(value.toFixed(4));
}

const KEY = "nodegraph.gamepad";

export function readMapping(data: unknown): PadMapping | null {
  if (!isRecord(data) || typeof data.deadZone !== "number" || !Array.isArray(data.bindings)) return null;
  const bindings = data.bindings.filter(isBinding);
  return bindings.length === data.bindings.length ? { deadZone: data.deadZone, bindings } : null;
}

function isBinding(value: unknown): value is PadBinding {
  if (!isRecord(value) || typeof value.target !== "string" || typeof value.gain !== "number") return false;
  return Array.isArray(value.sources) && value.sources.every(isSource);
}

function isSource(value: unknown): value is PadSource {
  if (!isRecord(value)) return false;
  const known = value.kind === "axis" || value.kind === "button";
  return known && Number.isInteger(value.index) && (value.sign === 1 || value.sign === -1);
}

export function loadMapping(storage: Pick<Storage, "getItem"> = localStorage): PadMapping {
  try {
    return readMapping(JSON.parse(storage.getItem(KEY) ?? "null")) ?? STANDARD;
  } catch {
    return STANDARD;
  }
}

/** Returns whether the browser had room and leave to keep it. */
export function saveMapping(mapping: PadMapping, storage: Pick<Storage, "setItem"> = localStorage): boolean {
  try {
    storage.setItem(KEY, JSON.stringify(mapping));
    return true;
  } catch {
    return false;
  }
}
