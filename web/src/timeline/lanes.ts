/** The controls of a take as lanes: one per input, numbers as a stepped line, everything else as blocks. Pure. */
import type { TakeControl } from "../protocol/messages.gen";

export type LaneKind = "number" | "text" | "switch" | "pose" | "other";

export interface Lane {
  readonly key: string;
  readonly node: string;
  readonly input: string;
  readonly kind: LaneKind;
  /** In order of their ticks. */
  readonly controls: readonly TakeControl[];
  /** Range of a number lane; never empty. */
  readonly least: number;
  readonly most: number;
}

const ORDER: readonly LaneKind[] = ["text", "number", "switch", "pose", "other"];

function kindOf(value: unknown): LaneKind {
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "switch";
  return Array.isArray(value) ? "pose" : "other";
}

/** Group a log by input. Prompts come first, then numbers, switches and poses. */
export function lanesOf(controls: readonly TakeControl[]): Lane[] {
  const byInput = new Map<string, TakeControl[]>();
  for (const control of controls) {
    const key = `${control.node}\u0000${control.input}`;
    byInput.set(key, [...(byInput.get(key) ?? []), control]);
  }
  const lanes = [...byInput].map(([key, list]) => lane(key, list));
  return lanes.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.key < b.key ? -1 : 1));
}

function lane(key: string, list: TakeControl[]): Lane {
  const [node = "", input = ""] = key.split("\u0000");
  const controls = list.sort((a, b) => a.tick - b.tick);
  const kind = kindOf(controls.find(({ value }) => value !== null)?.value);
  const numbers = controls.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const [least, most] = [Math.min(0, ...numbers), Math.max(0, ...numbers)];
  return { key, node, input, kind, controls, least, most: most === least ? least + 1 : most };
}

/** A stepped line through the values as an SVG path; x is a tick, y runs from 1 (least) to 0 (most). */
export function stepPath({ controls, least, most }: Lane, from: number, to: number): string {
  const y = (value: unknown) => 1 - (Number(value) - least) / (most - least);
  const parts: string[] = [];
  let before: number | null = null;
  for (const { tick, value } of controls) {
    if (before === null) parts.push(`M${Math.max(from, tick)} ${y(value).toFixed(3)}`);
    else parts.push(`H${tick} V${y(value).toFixed(3)}`);
    before = tick;
  }
  return before === null ? "" : `${parts.join(" ")} H${to}`;
}

/** What a control says, short. */
export function valueText(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toFixed(2)));
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (value === null) return "-";
  return Array.isArray(value) ? `[${value.length}]` : "{...}";
}
