/** The graph as plain shapes, in the canvas's own units: what the far view draws and picks from. Pure. */
import type { NodeSchema } from "../../protocol/schema";
import { categoryColor, portColor } from "../colors";
import { type FlowEdge, type FlowNode, isGroup } from "../flow_model";
import { sizeOf } from "./sizes";

export interface Shape {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** As CSS writes it, perhaps a reference to a token. */
  readonly color: string;
  readonly frame: boolean;
  readonly selected: boolean;
  readonly asleep: boolean;
  /** The node's part of all nodes' time, 0..1; 0 outside the profiling view. */
  readonly heat: number;
}

export interface Line {
  readonly from: number;
  readonly to: number;
  readonly fromY: number;
  readonly toY: number;
  readonly color: string;
  readonly selected: boolean;
}

export interface Scene {
  readonly shapes: readonly Shape[];
  readonly lines: readonly Line[];
}

/** Where the title bar of a group can be taken hold of. */
export const FRAME_TITLE_PX = 44;
const FIRST_PORT_PX = 52;
const PORT_STEP_PX = 28;

export function sceneOf(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
  schemaOf: (type: string) => NodeSchema | undefined,
  heatOf: (node: string) => number = () => 0,
): Scene {
  const place = new Map<string, number>();
  const schemas: (NodeSchema | undefined)[] = [];
  const shapes = nodes.map((node, index): Shape => {
    const schema = isGroup(node) ? undefined : schemaOf(node.data.node.type);
    place.set(node.id, index);
    schemas.push(schema);
    const heat = isGroup(node) ? 0 : heatOf(node.id);
    return { id: node.id, ...node.position, ...sizeOf(node, schema), ...lookOf(node, schema), heat };
  });
  const lines = edges.flatMap((edge): Line[] => {
    const [from, to] = [place.get(edge.source), place.get(edge.target)];
    if (from === undefined || to === undefined) return [];
    const output = schemas[from]?.outputs.findIndex((port) => port.name === edge.sourceHandle) ?? 0;
    const input = schemas[to]?.inputs.findIndex((port) => port.name === edge.targetHandle) ?? 0;
    return [
      {
        from,
        to,
        fromY: portY(output, shapes[from]?.height ?? 0),
        toY: portY(input, shapes[to]?.height ?? 0),
        color: portColor(edge.data?.type ?? "*"),
        selected: edge.selected ?? false,
      },
    ];
  });
  return { shapes, lines };
}

function lookOf(
  node: FlowNode,
  schema: NodeSchema | undefined,
): Omit<Shape, "id" | "x" | "y" | "width" | "height" | "heat"> {
  const selected = node.selected ?? false;
  if (isGroup(node)) {
    const { group } = node.data;
    return { title: group.title, color: group.color ?? "var(--line-strong)", frame: true, selected, asleep: false };
  }
  const own = node.data.node;
  return {
    title: own.title ?? schema?.name ?? own.type,
    color: own.color ?? categoryColor(schema?.category ?? ""),
    frame: false,
    selected,
    asleep: own.mode !== undefined && own.mode !== "active",
  };
}

function portY(index: number, height: number): number {
  return Math.min(FIRST_PORT_PX + Math.max(0, index) * PORT_STEP_PX, Math.max(height - 12, height / 2));
}

/** The topmost node at a place, or the group whose title bar is there. */
export function shapeAt(scene: Scene, x: number, y: number): Shape | null {
  for (let index = scene.shapes.length - 1; index >= 0; index--) {
    const shape = scene.shapes[index];
    if (!shape) continue;
    const height = shape.frame ? Math.min(FRAME_TITLE_PX, shape.height) : shape.height;
    if (x >= shape.x && y >= shape.y && x <= shape.x + shape.width && y <= shape.y + height) return shape;
  }
  return null;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function shapesIn(scene: Scene, rect: Rect): readonly Shape[] {
  return scene.shapes.filter((shape) => overlaps(shape, rect));
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
