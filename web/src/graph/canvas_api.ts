/** The canvas's viewport, for commands that live outside of it. Set while a canvas is mounted. */
import { getViewportForBounds, type ReactFlowInstance } from "@xyflow/react";
import { locate } from "../document/scope";
import { documentStore, openScope } from "../document/store";
import type { Point } from "./point";
import type { FlowEdge, FlowNode } from "./flow_model";
import { boxesOf, flowStore, selection, selectOnly } from "./flow_store";
import { bounds } from "./layout";

const MOVE_MS = 260;
export const MIN_ZOOM = 0.03;
const FIT = { padding: 0.16, maxZoom: 1.1 };

let flow: ReactFlowInstance<FlowNode, FlowEdge> | null = null;
let pointer: Point | null = null;

export function setCanvas(instance: ReactFlowInstance<FlowNode, FlowEdge> | null): void {
  flow = instance;
}

/** Remember where the pointer is over the canvas, in window pixels; null once it has left. */
export function setPointer(point: Point | null): void {
  pointer = point;
}

function duration(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOVE_MS;
}

export function canvasCentre(): Point {
  const box = document.querySelector(".react-flow")?.getBoundingClientRect();
  return box ? { x: box.left + box.width / 2, y: box.top + box.height / 2 } : { x: 0, y: 0 };
}

/** Where to put something that has no place of its own: under the pointer, else in the middle. Window pixels. */
export function pointerOrCentre(): Point {
  return pointer ?? canvasCentre();
}

export function toCanvas(point: Point): Point {
  return flow?.screenToFlowPosition(point) ?? point;
}

export function fitGraph(animate = true): void {
  fitBoxes(
    flowStore.getState().nodes.map((node) => node.id),
    FIT,
    animate,
  );
}

export function fitSelection(): void {
  const ids = selection().nodes;
  if (ids.length > 0) fitBoxes(ids, FIT);
}

interface FitOptions {
  readonly padding: number;
  readonly maxZoom: number;
}

/** Bring nodes into view by where they stand, also those that were never drawn. */
function fitBoxes(ids: readonly string[], { padding, maxZoom }: FitOptions, animate = true): void {
  const boxes = boxesOf(ids);
  const area = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!flow || !area || boxes.length === 0) return;
  const view = getViewportForBounds(bounds(boxes), area.width, area.height, MIN_ZOOM, maxZoom, padding);
  void flow.setViewport(view, { duration: animate ? duration() : 0 });
}

export function zoomBy(direction: "in" | "out"): void {
  if (direction === "in") void flow?.zoomIn({ duration: duration() });
  else void flow?.zoomOut({ duration: duration() });
}

/** Select a node and bring it into view; one inside a subgraph is named by its path. */
export function focusNode(path: string): void {
  const { doc, scope } = documentStore.getState();
  const place = locate(doc, path);
  const id = place.node;
  if (place.scope.join("/") !== scope.join("/")) openScope(place.scope);
  selectOnly([id]);
  fitBoxes([id], { padding: 0.5, maxZoom: 1 });
}
