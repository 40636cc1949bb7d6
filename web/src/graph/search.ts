/** Ranking of nodes for the search box: names before ids, starts before middles, recent ones first among equals. */
import type { InputSchema, NodeSchema, OutputSchema } from "../protocol/schema";
import { modeFits, typesFit } from "./compat";

/** The loose end of a wire that was dropped on empty space. */
export interface LooseEnd {
  readonly side: "output" | "input";
  readonly node: string;
  readonly port: string;
  readonly type: string;
  /** For an output: whether it changes every tick. For an input: whether the node would take such a one. */
  readonly streams: boolean;
}

export interface Hit {
  readonly schema: NodeSchema;
  readonly score: number;
  /** The port that the loose end would be wired to. */
  readonly port: string | null;
}

/** Nodes that match every word of the query and fit the loose end, best first. */
export function searchNodes(
  nodes: readonly NodeSchema[],
  query: string,
  options: { recent?: readonly string[]; end?: LooseEnd | null; category?: string | null } = {},
): readonly Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const hits: Hit[] = [];
  for (const schema of nodes) {
    if (options.category && topCategory(schema) !== options.category) continue;
    const port = options.end ? fittingPort(schema, options.end) : null;
    if (options.end && port === null) continue;
    const score =
      scoreNode(schema, words) + recency(schema.id, options.recent ?? []) + exactness(schema, port, options.end);
    if (Number.isFinite(score)) hits.push({ schema, score, port });
  }
  return hits.sort((a, b) => b.score - a.score || a.schema.name.localeCompare(b.schema.name));
}

export function topCategory(schema: NodeSchema): string {
  return schema.category.split("/")[0] || "other";
}

/** The first port that the loose end may be wired to; an exact type is preferred over "*". */
export function fittingPort(schema: NodeSchema, end: LooseEnd): string | null {
  const ports: readonly (InputSchema | OutputSchema)[] = end.side === "output" ? schema.inputs : schema.outputs;
  const fits = ports.filter((port) => {
    if ("mode" in port) return typesFit(end.type, port.type) && modeFits(end.streams, port, schema);
    return typesFit(port.type, end.type) && (end.streams || !port.stream);
  });
  return (fits.find((port) => port.type === end.type) ?? fits[0])?.name ?? null;
}

function exactness(schema: NodeSchema, port: string | null, end: LooseEnd | null | undefined): number {
  if (!end || port === null) return 0;
  const found = [...schema.inputs, ...schema.outputs].find((one) => one.name === port && one.type === end.type);
  return found ? 25 : 0;
}

function scoreNode(schema: NodeSchema, words: readonly string[]): number {
  let total = 0;
  for (const word of words)
    total += Math.max(...fields(schema).map(([field, weight]) => scoreField(field, word, weight)));
  return total;
}

function fields(schema: NodeSchema): readonly (readonly [string, number])[] {
  return [
    [schema.name.toLowerCase(), 100],
    [schema.id.toLowerCase(), 80],
    [schema.category.toLowerCase(), 40],
    [schema.description.toLowerCase(), 15],
  ];
}

function scoreField(field: string, word: string, weight: number): number {
  if (field === word) return weight * 1.5;
  if (field.startsWith(word)) return weight * 1.2;
  if (new RegExp(`[\\s._/-]${escapeRegExp(word)}`).test(field)) return weight;
  if (field.includes(word)) return weight * 0.6;
  return weight >= 80 && word.length > 1 && isSubsequence(word, field) ? weight * 0.2 : Number.NEGATIVE_INFINITY;
}

function isSubsequence(word: string, field: string): boolean {
  let at = 0;
  for (const char of field) if (char === word[at]) at++;
  return at === word.length;
}

function recency(id: string, recent: readonly string[]): number {
  const index = recent.indexOf(id);
  return index < 0 ? 0 : Math.max(0, 12 - index * 2);
}

function escapeRegExp(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
