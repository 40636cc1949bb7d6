/** The workflow document, schema 1: what is saved, shared and sent to the server. */

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
  readonly color?: string;
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
  readonly schema: 1;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  readonly groups: readonly WorkflowGroup[];
  readonly view: ViewBox;
  readonly run: RunSettings;
  readonly meta: Readonly<Record<string, unknown>>;
}

export const SCHEMA_VERSION = 1;

export function emptyDocument(id: string, name: string): WorkflowDocument {
  return {
    schema: SCHEMA_VERSION,
    id,
    name,
    description: "",
    nodes: [],
    edges: [],
    groups: [],
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
