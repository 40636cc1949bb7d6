/**
 * Edits of a workflow document. `applyEdit` is pure: it returns the new document and the edit that undoes it.
 * An edit that changes nothing returns the same document object, so that history can drop it.
 */
import { insertAt, type Placed, placedWhere } from "./places";
import {
  edgeKey,
  inputKey,
  type Subgraph,
  type WorkflowDocument,
  type WorkflowEdge,
  type WorkflowGroup,
  type WorkflowNode,
} from "./types";

/** Changes of one node; `undefined` removes an optional field. */
export type NodePatch = { readonly [K in keyof Omit<WorkflowNode, "id">]?: WorkflowNode[K] | undefined };
export type GroupPatch = { readonly [K in keyof Omit<WorkflowGroup, "id">]?: WorkflowGroup[K] | undefined };
export type DocumentPatch = Partial<Pick<WorkflowDocument, "name" | "description" | "run" | "meta">>;

export type Edit =
  | { readonly kind: "add"; readonly nodes: readonly WorkflowNode[]; readonly edges: readonly WorkflowEdge[] }
  | {
      readonly kind: "insert";
      readonly nodes: readonly Placed<WorkflowNode>[];
      readonly edges: readonly Placed<WorkflowEdge>[];
    }
  | { readonly kind: "remove"; readonly nodes: readonly string[]; readonly edges: readonly WorkflowEdge[] }
  | { readonly kind: "patch-nodes"; readonly patches: ReadonlyMap<string, NodePatch> }
  | { readonly kind: "set-input"; readonly node: string; readonly input: string; readonly value: unknown }
  | { readonly kind: "add-groups"; readonly groups: readonly WorkflowGroup[] }
  | { readonly kind: "insert-groups"; readonly groups: readonly Placed<WorkflowGroup>[] }
  | { readonly kind: "remove-groups"; readonly ids: readonly string[] }
  | { readonly kind: "patch-groups"; readonly patches: ReadonlyMap<string, GroupPatch> }
  /** An edit of the inside of one subgraph. */
  | { readonly kind: "within"; readonly subgraph: string; readonly edit: Edit }
  | { readonly kind: "set-subgraphs"; readonly subgraphs: readonly Subgraph[] }
  | { readonly kind: "patch-document"; readonly patch: DocumentPatch }
  | { readonly kind: "replace"; readonly document: WorkflowDocument }
  | { readonly kind: "batch"; readonly edits: readonly Edit[] };

export interface Applied {
  readonly doc: WorkflowDocument;
  readonly inverse: Edit;
}

const NOTHING: Edit = { kind: "batch", edits: [] };

export function applyEdit(doc: WorkflowDocument, edit: Edit): Applied {
  switch (edit.kind) {
    case "add":
      return add(doc, edit.nodes, edit.edges);
    case "remove":
      return remove(doc, new Set(edit.nodes), new Set(edit.edges.map(edgeKey)));
    case "patch-nodes": {
      const { list, undo } = patchAll(doc.nodes, edit.patches);
      return changed(doc, list === doc.nodes, { nodes: list }, { kind: "patch-nodes", patches: undo });
    }
    case "set-input":
      return setInput(doc, edit.node, edit.input, edit.value);
    case "add-groups": {
      const ids = edit.groups.map((group) => group.id);
      const groups = [...doc.groups, ...edit.groups];
      return changed(doc, ids.length === 0, { groups }, { kind: "remove-groups", ids });
    }
    case "remove-groups": {
      const gone = new Set(edit.ids);
      const groups = doc.groups.filter((group) => !gone.has(group.id));
      const removed = placedWhere(doc.groups, (group) => gone.has(group.id));
      return changed(doc, removed.length === 0, { groups }, { kind: "insert-groups", groups: removed });
    }
    case "insert":
      return insert(doc, edit.nodes, edit.edges);
    case "insert-groups": {
      const groups = insertAt(doc.groups, edit.groups);
      const ids = edit.groups.map(({ item }) => item.id);
      return changed(doc, ids.length === 0, { groups }, { kind: "remove-groups", ids });
    }
    case "within":
      return within(doc, edit.subgraph, edit.edit);
    case "set-subgraphs": {
      const { subgraphs } = edit;
      const before: Edit = { kind: "set-subgraphs", subgraphs: doc.subgraphs };
      return changed(doc, subgraphs === doc.subgraphs, { subgraphs }, before);
    }
    case "patch-groups": {
      const { list, undo } = patchAll(doc.groups, edit.patches);
      return changed(doc, list === doc.groups, { groups: list }, { kind: "patch-groups", patches: undo });
    }
    case "patch-document":
      return patchDocument(doc, edit.patch);
    case "replace":
      return { doc: edit.document, inverse: { kind: "replace", document: doc } };
    case "batch":
      return batch(doc, edit.edits);
  }
}

function changed(doc: WorkflowDocument, same: boolean, patch: Partial<WorkflowDocument>, inverse: Edit): Applied {
  return same ? { doc, inverse: NOTHING } : { doc: { ...doc, ...patch }, inverse };
}

/** Adding an edge to an input that holds one replaces it: the inverse brings the old one back. */
function add(doc: WorkflowDocument, nodes: readonly WorkflowNode[], edges: readonly WorkflowEdge[]): Applied {
  const known = new Set(doc.nodes.map((node) => node.id));
  const fresh = nodes.filter((node) => !known.has(node.id));
  const taken = new Set(edges.map(edgeKey));
  const replaced = placedWhere(doc.edges, (edge) => taken.has(edgeKey(edge)));
  if (fresh.length === 0 && edges.length === 0) return { doc, inverse: NOTHING };
  const kept = replaced.length === 0 ? doc.edges : doc.edges.filter((edge) => !taken.has(edgeKey(edge)));
  return {
    doc: { ...doc, nodes: [...doc.nodes, ...fresh], edges: [...kept, ...edges] },
    inverse: {
      kind: "batch",
      edits: [
        { kind: "remove", nodes: fresh.map((node) => node.id), edges },
        { kind: "insert", nodes: [], edges: replaced },
      ],
    },
  };
}

function remove(doc: WorkflowDocument, ids: ReadonlySet<string>, keys: ReadonlySet<string>): Applied {
  const isGone = (edge: WorkflowEdge) => keys.has(edgeKey(edge)) || ids.has(edge.from[0]) || ids.has(edge.to[0]);
  const nodes = placedWhere(doc.nodes, (node) => ids.has(node.id));
  const edges = placedWhere(doc.edges, isGone);
  if (nodes.length === 0 && edges.length === 0) return { doc, inverse: NOTHING };
  return {
    doc: {
      ...doc,
      nodes: nodes.length === 0 ? doc.nodes : doc.nodes.filter((node) => !ids.has(node.id)),
      edges: edges.length === 0 ? doc.edges : doc.edges.filter((edge) => !isGone(edge)),
    },
    inverse: { kind: "insert", nodes, edges },
  };
}

/** Put back what `remove` took out, where it stood. */
function insert(
  doc: WorkflowDocument,
  nodes: readonly Placed<WorkflowNode>[],
  edges: readonly Placed<WorkflowEdge>[],
): Applied {
  if (nodes.length + edges.length === 0) return { doc, inverse: NOTHING };
  const ids = nodes.map(({ item }) => item.id);
  return {
    doc: { ...doc, nodes: insertAt(doc.nodes, nodes), edges: insertAt(doc.edges, edges) },
    inverse: { kind: "remove", nodes: ids, edges: edges.map(({ item }) => item) },
  };
}

function within(doc: WorkflowDocument, id: string, change: Edit): Applied {
  const definition = doc.subgraphs.find((one) => one.id === id);
  if (!definition) return { doc, inverse: NOTHING };
  const { nodes, edges, groups } = definition;
  const inside = { ...doc, nodes, edges, groups };
  const applied = applyEdit(inside, change);
  if (applied.doc === inside) return { doc, inverse: NOTHING };
  const next = { ...definition, nodes: applied.doc.nodes, edges: applied.doc.edges, groups: applied.doc.groups };
  const subgraphs = doc.subgraphs.map((one) => (one === definition ? next : one));
  return { doc: { ...doc, subgraphs }, inverse: { kind: "within", subgraph: id, edit: applied.inverse } };
}

function setInput(doc: WorkflowDocument, id: string, input: string, value: unknown): Applied {
  const node = doc.nodes.find((one) => one.id === id);
  if (!node || (input in node.inputs && Object.is(node.inputs[input], value))) return { doc, inverse: NOTHING };
  const { [input]: before, ...rest } = node.inputs;
  const inputs = value === undefined ? rest : { ...node.inputs, [input]: value };
  const nodes = doc.nodes.map((one) => (one === node ? { ...one, inputs } : one));
  return { doc: { ...doc, nodes }, inverse: { kind: "set-input", node: id, input, value: before } };
}

interface Patched<T, P> {
  readonly list: readonly T[];
  readonly undo: ReadonlyMap<string, P>;
}

function patchAll<T extends { readonly id: string }, P extends object>(
  list: readonly T[],
  patches: ReadonlyMap<string, P>,
): Patched<T, P> {
  const undo = new Map<string, P>();
  const next = list.map((item) => {
    const patch = patches.get(item.id);
    if (patch === undefined) return item;
    const result = patchOne(item, patch);
    if (result.undo !== null) undo.set(item.id, result.undo);
    return result.item;
  });
  return { list: undo.size === 0 ? list : next, undo };
}

function patchOne<T extends object, P extends object>(item: T, patch: P): { item: T; undo: P | null } {
  const next = { ...item } as Record<string, unknown>;
  const undo: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (Object.is(next[key], value)) continue;
    undo[key] = next[key];
    if (value === undefined) delete next[key];
    else next[key] = value;
  }
  return Object.keys(undo).length === 0 ? { item, undo: null } : { item: next as T, undo: undo as P };
}

function patchDocument(doc: WorkflowDocument, patch: DocumentPatch): Applied {
  const { item, undo } = patchOne<WorkflowDocument, DocumentPatch>(doc, patch);
  return undo === null ? { doc, inverse: NOTHING } : { doc: item, inverse: { kind: "patch-document", patch: undo } };
}

function batch(doc: WorkflowDocument, edits: readonly Edit[]): Applied {
  const inverses: Edit[] = [];
  let current = doc;
  for (const edit of edits) {
    const step = applyEdit(current, edit);
    if (step.doc !== current) inverses.unshift(step.inverse);
    current = step.doc;
  }
  return { doc: current, inverse: { kind: "batch", edits: inverses } };
}

/** The edge that ends at an input, or undefined. */
export function edgeInto(doc: WorkflowDocument, node: string, input: string): WorkflowEdge | undefined {
  const key = inputKey(node, input);
  return doc.edges.find((edge) => edgeKey(edge) === key);
}
