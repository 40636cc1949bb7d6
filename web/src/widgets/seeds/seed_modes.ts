/**
 * What a seed does when a run begins: it stays, counts up, or is drawn anew. The mode belongs to the editor and is kept in the
 * document's free part, `meta.seed_modes`, by the node's path and input. Pure, but for `advanceSeeds`.
 */
import { graphAt, locate } from "../../document/scope";
import { getWorkflow, setInput } from "../../document/store";
import { isRecord } from "../../document/parse";
import type { Edit } from "../../document/edits";
import type { WorkflowDocument } from "../../document/types";
import { getNodeSchema } from "../../graph/catalog";

export const SEED_MODES = ["fixed", "increment", "random"] as const;
export type SeedMode = (typeof SEED_MODES)[number];

/** Random seeds stay short enough to be read out; typed ones may be longer. */
const RANDOM_SEEDS = 2 ** 32;
const META = "seed_modes";

export function isSeedMode(value: unknown): value is SeedMode {
  return (SEED_MODES as readonly unknown[]).includes(value);
}

export function randomSeed(random: () => number = Math.random): number {
  return Math.floor(random() * RANDOM_SEEDS);
}

export function seedMode(doc: Pick<WorkflowDocument, "meta">, node: string, input: string): SeedMode {
  const modes = doc.meta[META];
  const found = isRecord(modes) && isRecord(modes[node]) ? modes[node][input] : undefined;
  return isSeedMode(found) ? found : "fixed";
}

/** The edit that sets a mode; "fixed" is what stands without one and leaves no trace. */
export function withSeedMode(doc: Pick<WorkflowDocument, "meta">, node: string, input: string, mode: SeedMode): Edit {
  const before = isRecord(doc.meta[META]) ? doc.meta[META] : {};
  const inputs = isRecord(before[node]) ? before[node] : {};
  const { [input]: _, ...others } = inputs;
  const after = mode === "fixed" ? others : { ...others, [input]: mode };
  const { [node]: __, ...rest } = before;
  const modes = Object.keys(after).length > 0 ? { ...rest, [node]: after } : rest;
  const { [META]: ___, ...meta } = doc.meta;
  return {
    kind: "patch-document",
    patch: { meta: Object.keys(modes).length > 0 ? { ...meta, [META]: modes } : meta },
  };
}

export interface NextSeed {
  readonly path: string;
  readonly input: string;
  readonly value: number;
}

/** The seeds of a new run that change: those whose mode is not "fixed" and that no wire gives. */
export function nextSeeds(
  doc: WorkflowDocument,
  isSeed: (type: string, input: string) => boolean,
  random: () => number = Math.random,
): readonly NextSeed[] {
  const modes = isRecord(doc.meta[META]) ? doc.meta[META] : {};
  return Object.entries(modes).flatMap(([path, inputs]) => {
    const place = locate(doc, path);
    const graph = graphAt(doc, place.scope);
    const node = graph.nodes.find(({ id }) => id === place.node);
    if (!node || !isRecord(inputs)) return [];
    return Object.keys(inputs).flatMap((input): NextSeed[] => {
      const mode = seedMode(doc, path, input);
      const isWired = graph.edges.some(({ to }) => to[0] === node.id && to[1] === input);
      if (mode === "fixed" || isWired || !isSeed(node.type, input)) return [];
      const now = node.inputs[input];
      const value = mode === "random" ? randomSeed(random) : (typeof now === "number" ? now : 0) + 1;
      return Number.isSafeInteger(value) ? [{ path, input, value }] : [];
    });
  });
}

/** Turn the seeds on before a run reads the document. */
export function advanceSeeds(): void {
  const isSeed = (type: string, input: string) =>
    Boolean(getNodeSchema(type)?.inputs.some(({ name, widget }) => name === input && widget?.kind === "seed"));
  for (const { path, input, value } of nextSeeds(getWorkflow(), isSeed)) setInput(path, input, value);
}
