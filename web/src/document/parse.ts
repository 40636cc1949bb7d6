/** Reading a workflow document that came from outside: a file, a link, the server, another window. */
import {
  emptyDocument,
  type End,
  type NodeMode,
  SCHEMA_VERSION,
  type Subgraph,
  type SubgraphInput,
  type SubgraphOutput,
  type WorkflowDocument,
  type WorkflowEdge,
  type WorkflowGroup,
  type WorkflowNode,
} from "./types";
import { t } from "../text";

const NODES_AT_MOST = 20_000;

/** The document cannot be opened; the message is a sentence for the user. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
}

type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Turn untrusted JSON into a document, or throw `DocumentError`. Edges that end nowhere and doubled ids are left out,
 * so that what is on the canvas is always a graph; unknown node types are kept and shown as missing.
 */
export function parseDocument(value: unknown): WorkflowDocument {
  if (!isRecord(value)) throw new DocumentError(t("app.document.notObject"));
  if (!Array.isArray(value.nodes)) throw new DocumentError(t("app.document.noNodes"));
  if (typeof value.schema === "number" && value.schema > SCHEMA_VERSION)
    throw new DocumentError(t("app.document.newer"));
  if (value.nodes.length > NODES_AT_MOST) throw new DocumentError(t("app.document.tooMany", { n: NODES_AT_MOST }));
  const blank = emptyDocument(asText(value.id, newDocumentId()), asText(value.name, t("app.document.untitled")));
  return {
    ...blank,
    description: asText(value.description, ""),
    ...parseGraph(value),
    subgraphs: Array.isArray(value.subgraphs) ? unique(value.subgraphs.filter(isRecord).map(parseSubgraph)) : [],
    view: parseView(value.view),
    run: parseRun(value.run),
    meta: isRecord(value.meta) ? value.meta : {},
  };
}

export function newDocumentId(): string {
  return globalThis.crypto?.randomUUID?.() ?? `w-${Math.random().toString(36).slice(2)}${Date.now().toString(36)}`;
}

type Graph = Pick<WorkflowDocument, "nodes" | "edges" | "groups">;

function parseGraph(value: Fields): Graph {
  const nodes = unique((Array.isArray(value.nodes) ? value.nodes : []).map(parseNode));
  const known = new Set(nodes.map((node) => node.id));
  return {
    nodes,
    edges: parseEdges(value.edges, known),
    groups: Array.isArray(value.groups) ? unique(value.groups.filter(isRecord).map(parseGroup)) : [],
  };
}

export function parseSubgraph(value: Fields): Subgraph {
  const graph = parseGraph(value);
  const known = new Set(graph.nodes.map((node) => node.id));
  const ends = (items: unknown[]): readonly End[] =>
    items.map(asEnd).filter((end) => end !== null && known.has(end[0])) as End[];
  const list = (items: unknown) => (Array.isArray(items) ? items.filter(isRecord) : []);
  const inputs = list(value.inputs).map(
    (port): SubgraphInput => ({
      name: asText(port.name, ""),
      to: Array.isArray(port.to) ? ends(port.to) : [],
    }),
  );
  const outputs = list(value.outputs).flatMap((port): SubgraphOutput[] => {
    const [from] = ends([port.from]);
    return from ? [{ name: asText(port.name, ""), from }] : [];
  });
  return {
    id: asText(value.id, newDocumentId()),
    name: asText(value.name, t("graph.subgraph")),
    ...(typeof value.description === "string" ? { description: value.description } : {}),
    ...graph,
    inputs: named(inputs).filter((port) => port.to.length > 0),
    outputs: named(outputs),
  };
}

function named<T extends { readonly name: string }>(ports: readonly T[]): readonly T[] {
  const seen = new Set<string>([""]);
  return ports.filter((port) => !seen.has(port.name) && seen.add(port.name));
}

function parseNode(value: unknown): WorkflowNode {
  if (!isRecord(value) || typeof value.type !== "string") throw new DocumentError(t("app.document.badNode"));
  const id = typeof value.id === "number" ? String(value.id) : value.id;
  if (typeof id !== "string" || id === "") throw new DocumentError(t("app.document.badNode"));
  const size = asPair(value.size);
  const mode = asMode(value.mode);
  return {
    id,
    type: value.type,
    version: asNumber(value.version, 1),
    inputs: isRecord(value.inputs) ? { ...value.inputs } : {},
    pos: asPair(value.pos) ?? [0, 0],
    ...(size ? { size } : {}),
    ...(typeof value.title === "string" ? { title: value.title } : {}),
    ...(mode ? { mode } : {}),
    ...(value.collapsed === true ? { collapsed: true } : {}),
    ...(value.pinned === true ? { pinned: true } : {}),
    ...(typeof value.color === "string" ? { color: value.color } : {}),
  };
}

function parseEdges(value: unknown, known: ReadonlySet<string>): readonly WorkflowEdge[] {
  if (!Array.isArray(value)) return [];
  const byInput = new Map<string, WorkflowEdge>();
  for (const one of value) {
    const from = isRecord(one) ? asEnd(one.from) : null;
    const to = isRecord(one) ? asEnd(one.to) : null;
    if (from && to && known.has(from[0]) && known.has(to[0])) byInput.set(to.join("\u0000"), { from, to });
  }
  return [...byInput.values()];
}

function parseGroup(value: Fields): WorkflowGroup {
  const b = Array.isArray(value.bounds) ? value.bounds : [];
  return {
    id: asText(value.id, newDocumentId()),
    title: asText(value.title, t("graph.group")),
    bounds: [asNumber(b[0], 0), asNumber(b[1], 0), asNumber(b[2], 300), asNumber(b[3], 200)],
    ...(value.collapsed === true ? { collapsed: true } : {}),
    ...(typeof value.color === "string" ? { color: value.color } : {}),
  };
}

function parseView(value: unknown): WorkflowDocument["view"] {
  const view = isRecord(value) ? value : {};
  return { x: asNumber(view.x, 0), y: asNumber(view.y, 0), zoom: Math.max(0.05, asNumber(view.zoom, 1)) };
}

function parseRun(value: unknown): WorkflowDocument["run"] {
  const run = isRecord(value) ? value : {};
  return {
    mode: run.mode === "render" ? "render" : "live",
    ticks: typeof run.ticks === "number" && run.ticks > 0 ? Math.floor(run.ticks) : null,
  };
}

function unique<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(item.id) && seen.add(item.id));
}

function asText(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

function asNumber(value: unknown, fallback: number): number {
  return typeof value === "number" && Number.isFinite(value) ? value : fallback;
}

function asPair(value: unknown): [number, number] | null {
  return Array.isArray(value) && value.length >= 2 ? [asNumber(value[0], 0), asNumber(value[1], 0)] : null;
}

function asMode(value: unknown): NodeMode | null {
  return value === "muted" || value === "bypassed" ? value : null;
}

function asEnd(value: unknown): [string, string] | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  return typeof value[1] === "string" ? [String(value[0]), value[1]] : null;
}

/** The document as it is written to a file: readable, one node a block. */
export function formatDocument(doc: WorkflowDocument): string {
  return `${JSON.stringify(doc, null, 2)}\n`;
}
