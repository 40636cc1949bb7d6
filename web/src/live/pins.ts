/**
 * Inputs that stand on the stage as sliders, switches, fields or pads. They belong to the workflow: `meta.stage.pins` of the
 * document, so that they are saved, shared and undone with it.
 */
import { documentStore, edit } from "../document/store";
import type { WorkflowDocument } from "../document/types";
import type { InputSchema } from "../protocol/schema";
import { t } from "../text";
import type { SchemaOf } from "./control/bindings";

export interface PinnedInput {
  readonly node: string;
  readonly input: string;
}

/** `y` makes a pad of two numbers: sideways and upwards. */
export interface Pin extends PinnedInput {
  readonly y?: PinnedInput;
}

export interface PinControl extends PinnedInput {
  readonly title: string;
  readonly schema: InputSchema;
  readonly value: unknown;
}

type Graph = Pick<WorkflowDocument, "nodes" | "edges">;

const same = (a: PinnedInput, b: PinnedInput) => a.node === b.node && a.input === b.input;
const KINDS: readonly string[] = ["number", "choice", "toggle", "text"];

function isInput(value: unknown): value is PinnedInput {
  const one = value as Partial<PinnedInput> | null;
  return typeof one === "object" && one !== null && typeof one.node === "string" && typeof one.input === "string";
}

/** The pins of a document; anything that is none is left out. */
export function pinsOf({ meta }: Pick<WorkflowDocument, "meta">): readonly Pin[] {
  const pins = (meta.stage as { pins?: unknown } | undefined)?.pins;
  if (!Array.isArray(pins)) return [];
  return pins.filter(isInput).map((pin: Pin) => ({
    node: pin.node,
    input: pin.input,
    ...(isInput(pin.y) ? { y: { node: pin.y.node, input: pin.y.input } } : {}),
  }));
}

/** The live inputs of a graph that can stand on the stage: those with a widget and no wire. */
export function pinnable({ nodes, edges }: Graph, schemaOf: SchemaOf): PinControl[] {
  const wired = new Set(edges.map(({ to }) => to.join("\u0000")));
  return nodes.flatMap((node) => {
    const spec = schemaOf(node.type);
    return (spec?.inputs ?? [])
      .filter(({ name, mode, widget }) => {
        return mode === "live" && KINDS.includes(widget?.kind ?? "") && !wired.has(`${node.id}\u0000${name}`);
      })
      .map((schema) => ({
        node: node.id,
        input: schema.name,
        title: node.title ?? spec?.name ?? node.id,
        schema,
        value: node.inputs[schema.name] ?? schema.default,
      }));
  });
}

export function isPinned(node: string, input: string): boolean {
  const one = { node, input };
  return pinsOf(documentStore.getState().doc).some((pin) => same(pin, one) || (pin.y && same(pin.y, one)));
}

/** Pins with one input put on or taken off; taking half of a pad away leaves the other half as a slider. */
export function toggled(pins: readonly Pin[], one: PinnedInput): readonly Pin[] {
  const inUse = pins.some((pin) => same(pin, one) || (pin.y && same(pin.y, one)));
  if (!inUse) return [...pins, { node: one.node, input: one.input }];
  return pins.flatMap((pin) => {
    if (same(pin, one)) return pin.y ? [pin.y] : [];
    return pin.y && same(pin.y, one) ? [{ node: pin.node, input: pin.input }] : [pin];
  });
}

/** Two sliders become one pad, and a pad becomes two sliders again. */
export function paired(pins: readonly Pin[], x: PinnedInput, y: PinnedInput | null): readonly Pin[] {
  return pins.flatMap((pin) => {
    if (y !== null && same(pin, y)) return [];
    if (!same(pin, x)) return [pin];
    const alone = { node: pin.node, input: pin.input };
    return y === null ? [alone, ...(pin.y ? [pin.y] : [])] : [{ ...alone, y: { node: y.node, input: y.input } }];
  });
}

export function setPins(pins: readonly Pin[], name: string): void {
  const { meta } = documentStore.getState().doc;
  const stage = { ...(meta.stage as object | undefined), pins };
  edit(name, { kind: "patch-document", patch: { meta: { ...meta, stage } } });
}

/** Put an input on the stage or take it off. */
export function togglePin(node: string, input: string): void {
  const name = isPinned(node, input) ? t("stage.pins.unpin") : t("stage.pins.pin");
  setPins(toggled(pinsOf(documentStore.getState().doc), { node, input }), name);
}
