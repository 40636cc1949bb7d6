/** Nodes on the clipboard as text, so that they travel between windows. Pure, apart from reading ids given in. */
import { isRecord, parseDocument } from "../document/parse";
import {
  type Subgraph,
  subgraphOf,
  type WorkflowDocument,
  type WorkflowEdge,
  type WorkflowNode,
} from "../document/types";
import { withInner } from "./blueprints";

const MARK = "nodegraph/nodes";

export interface Clip {
  readonly nodes: readonly WorkflowNode[];
  /** Wires among the copied nodes, and wires that come in from others (used by "paste with connections"). */
  readonly edges: readonly WorkflowEdge[];
  /** What copied instances are instances of, with all inside. */
  readonly subgraphs: readonly Subgraph[];
}

export function clipOf(doc: WorkflowDocument, ids: readonly string[]): Clip {
  const chosen = new Set(ids);
  return {
    nodes: doc.nodes.filter((node) => chosen.has(node.id)),
    edges: doc.edges.filter((edge) => chosen.has(edge.to[0])),
    subgraphs: usedBy(doc, ids),
  };
}

function usedBy(doc: WorkflowDocument, ids: readonly string[]): readonly Subgraph[] {
  const chosen = new Set(ids);
  const types = doc.nodes.filter((node) => chosen.has(node.id)).map((node) => subgraphOf(node.type));
  const found = types.flatMap((id) => (id === null ? [] : withInner(doc, id)));
  return [...new Set(found)];
}

export function writeClip(clip: Clip): string {
  return JSON.stringify({ format: MARK, ...clip });
}

/** The clip in a text from the clipboard, or null when it holds something else. */
export function readClip(content: string): Clip | null {
  if (!content.includes(MARK)) return null;
  try {
    const value: unknown = JSON.parse(content);
    if (!isRecord(value) || value.format !== MARK) return null;
    const own = parseDocument({ nodes: value.nodes, edges: value.edges, subgraphs: value.subgraphs });
    const incoming = parseIncoming(value.edges, own);
    return { nodes: own.nodes, edges: [...own.edges, ...incoming], subgraphs: own.subgraphs };
  } catch {
    return null;
  }
}

function parseIncoming(edges: unknown, own: WorkflowDocument): readonly WorkflowEdge[] {
  if (!Array.isArray(edges)) return [];
  const known = new Set(own.nodes.map((node) => node.id));
  return edges.filter((edge): edge is WorkflowEdge => {
    if (!isRecord(edge) || !Array.isArray(edge.from) || !Array.isArray(edge.to)) return false;
    const ends = [...edge.from, ...edge.to];
    return (
      ends.length === 4 &&
      ends.every((end) => typeof end === "string") &&
      !known.has(edge.from[0]) &&
      known.has(edge.to[0])
    );
  });
}

/** The clip with new ids, its top left corner at a place; wires from outside only with `keepIncoming`. */
export function instantiate(
  doc: WorkflowDocument,
  clip: Clip,
  at: { x: number; y: number },
  keepIncoming: boolean,
): Pick<Clip, "nodes" | "edges"> {
  const ids = new Map<string, string>();
  const next = createIds(doc);
  for (const node of clip.nodes) ids.set(node.id, next());
  const left = Math.min(...clip.nodes.map((node) => node.pos[0]));
  const top = Math.min(...clip.nodes.map((node) => node.pos[1]));
  const present = new Set(doc.nodes.map((node) => node.id));
  return {
    nodes: clip.nodes.map((node) => ({
      ...node,
      id: ids.get(node.id) ?? node.id,
      pos: [Math.round(node.pos[0] - left + at.x), Math.round(node.pos[1] - top + at.y)],
    })),
    edges: clip.edges.flatMap((edge) => {
      const source = ids.get(edge.from[0]) ?? (keepIncoming && present.has(edge.from[0]) ? edge.from[0] : null);
      const target = ids.get(edge.to[0]);
      return source && target ? [{ from: [source, edge.from[1]], to: [target, edge.to[1]] } as const] : [];
    }),
  };
}

/** Ids that no node of the document has: the next whole numbers. */
export function createIds(doc: WorkflowDocument): () => string {
  let last = 0;
  for (const { id } of doc.nodes) if (/^\d{1,9}$/.test(id)) last = Math.max(last, Number(id));
  return () => String(++last);
}
