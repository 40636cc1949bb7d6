/** The workflow document, schema 2: what is saved, shared and sent to the server. */

export type NodeMode = "active" | "muted" | "bypassed";

export interface WorkflowNode {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly pos: readonly [number, number];
  readonly size?: readonly [number, number];
  readonly title?: string;
  readonly mode?: NodeMode;
  readonly collapsed?: boolean;
  /** It stays where it is: dragging and arranging leave it alone. */
  readonly pinned?: boolean;
  readonly color?: string;
}

export interface WorkflowEdge {
  readonly from: readonly [node: string, output: string];
  readonly to: readonly [node: string, input: string];
}

export interface WorkflowGroup {
  readonly id: string;
  readonly title: string;
  readonly bounds: readonly [x: number, y: number, width: number, height: number];
  readonly collapsed?: boolean;
  readonly color?: string;
}

/** One end of a wire: node id and port name. */
export type End = readonly [node: string, port: string];

/** An exposed input; it stands for one or more inputs inside. */
export interface SubgraphInput {
  readonly name: string;
  readonly to: readonly End[];
}

export interface SubgraphOutput {
  readonly name: string;
  readonly from: End;
}

export interface Subgraph {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  readonly groups: readonly WorkflowGroup[];
  readonly inputs: readonly SubgraphInput[];
  readonly outputs: readonly SubgraphOutput[];
}

const INSTANCE_PREFIX = "subgraph:";

export function instanceType(subgraph: string): string {
  return INSTANCE_PREFIX + subgraph;
}

/** The id of the subgraph that nodes of a type are instances of, or null. */
export function subgraphOf(type: string): string | null {
  return type.startsWith(INSTANCE_PREFIX) ? type.slice(INSTANCE_PREFIX.length) : null;
}

export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface RunSettings {
  readonly mode: "live" | "render";
  readonly ticks: number | null;
}

export interface WorkflowDocument {
  readonly schema: 2;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  readonly groups: readonly WorkflowGroup[];
  /** What nodes of type `subgraph:<id>` are instances of. */
  readonly subgraphs: readonly Subgraph[];
  readonly view: ViewBox;
  readonly run: RunSettings;
  readonly meta: Readonly<Record<string, unknown>>;
}

export const SCHEMA_VERSION = 2;

export function emptyDocument(id: string, name: string): WorkflowDocument {
  return {
    schema: SCHEMA_VERSION,
    id,
    name,
    description: "",
    nodes: [],
    edges: [],
    groups: [],
    subgraphs: [],
    view: { x: 0, y: 0, zoom: 1 },
    run: { mode: "live", ticks: null },
    meta: {},
  };
}

/** The key of an edge: one input holds one edge at most. */
export function edgeKey(edge: WorkflowEdge): string {
  return inputKey(edge.to[0], edge.to[1]);
}

export function inputKey(node: string, input: string): string {
  return `${node}\u0000${input}`;
}
