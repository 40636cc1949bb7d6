/**
 * What a seed does when a run begins: it stays, counts up, or is drawn anew. The mode belongs to the editor and is kept in the
 * document's free part, `meta.seed_modes`, by node and input. Pure, but for `advanceSeeds`.
 */
import { edit, getWorkflow } from "../../document/store";
import { isRecord } from "../../document/parse";
import type { Edit } from "../../document/edits";
import type { WorkflowDocument } from "../../document/types";
import { getNodeSchema } from "../../graph/catalog";
import { t } from "../../text";

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

/** The seeds of a new run: an edit that changes those whose mode is not "fixed"; null where all stay. */
export function nextSeeds(
  doc: WorkflowDocument,
  isSeed: (type: string, input: string) => boolean,
  random: () => number = Math.random,
): Edit | null {
  const modes = doc.meta[META];
  if (!isRecord(modes)) return null;
  const wired = new Set(doc.edges.map(({ to }) => to.join("\u0000")));
  const edits = doc.nodes.flatMap((node): Edit[] =>
    Object.keys(isRecord(modes[node.id]) ? (modes[node.id] as object) : {}).flatMap((input): Edit[] => {
      const mode = seedMode(doc, node.id, input);
      if (mode === "fixed" || !isSeed(node.type, input) || wired.has(`${node.id}\u0000${input}`)) return [];
      const now = node.inputs[input];
      const value = mode === "random" ? randomSeed(random) : (typeof now === "number" ? now : 0) + 1;
      return Number.isSafeInteger(value) ? [{ kind: "set-input", node: node.id, input, value }] : [];
    }),
  );
  return edits.length > 0 ? { kind: "batch", edits } : null;
}

/** Turn the seeds on before a run reads the document. */
export function advanceSeeds(): void {
  const change = nextSeeds(getWorkflow(), (type, input) =>
    Boolean(getNodeSchema(type)?.inputs.some(({ name, widget }) => name === input && widget?.kind === "seed")),
  );
  if (change) edit(t("widgets.seed.advance"), change);
}
