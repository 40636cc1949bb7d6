/** Picking, dragging and framing on the far view: the same gestures as on the elements of the near one. */
import { commitPositions, flowStore, insideGroup, selectOnly } from "../flow_store";
import { focusNode } from "../canvas_api";
import { pathOf } from "../../document/store";
import { groupIdOf } from "../flow_model";
import { openMenu } from "../menu_store";
import type { FarPainter, FarView } from "./painter";
import { shapeAt, shapesIn } from "./scene";

const CLICK_PX = 4;

interface Place {
  readonly x: number;
  readonly y: number;
}

export function createFarPointer(
  host: HTMLElement,
  marquee: HTMLElement,
  painter: FarPainter,
  view: () => FarView,
): { destroy(): void } {
  const toGraph = ({ clientX, clientY }: MouseEvent): Place => {
    const box = host.getBoundingClientRect();
    const { x, y, zoom } = view();
    return { x: (clientX - box.left - x) / zoom, y: (clientY - box.top - y) / zoom };
  };
  const ours = (event: Event) => event.target instanceof Element && event.target.closest(".react-flow__pane") !== null;
  const under = (event: MouseEvent) => {
    const { x, y } = toGraph(event);
    return shapeAt(painter.scene(), x, y);
  };

  function down(event: PointerEvent): void {
    if (event.button !== 0 || !ours(event)) return;
    const shape = under(event);
    if (shape === null && !event.shiftKey) {
      if (!event.ctrlKey && !event.metaKey) selectOnly([]);
      return;
    }
    take(event);
    if (shape === null) frame(event);
    else if (event.ctrlKey || event.metaKey || event.shiftKey) toggle(shape.id);
    else {
      if (!shape.selected) selectOnly([shape.id]);
      drag(event);
    }
  }

  function drag(start: PointerEvent): void {
    const ids = movable();
    const from = toGraph(start);
    let moved = false;
    follow(
      (event) => {
        const at = toGraph(event);
        moved ||= Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > CLICK_PX;
        if (moved) painter.setShift({ ids, x: at.x - from.x, y: at.y - from.y });
      },
      (event) => {
        painter.setShift(null);
        const at = toGraph(event);
        if (moved) moveBy(ids, at.x - from.x, at.y - from.y);
      },
    );
  }

  /** A rectangle drawn with Shift held: what it touches is chosen. */
  function frame(start: PointerEvent): void {
    const box = host.getBoundingClientRect();
    const from = toGraph(start);
    follow(
      (event) => {
        const [left, right] = [start.clientX, event.clientX].sort((a, b) => a - b);
        const [top, bottom] = [start.clientY, event.clientY].sort((a, b) => a - b);
        marquee.hidden = false;
        marquee.style.left = `${(left ?? 0) - box.left}px`;
        marquee.style.top = `${(top ?? 0) - box.top}px`;
        marquee.style.width = `${(right ?? 0) - (left ?? 0)}px`;
        marquee.style.height = `${(bottom ?? 0) - (top ?? 0)}px`;
      },
      (event) => {
        marquee.hidden = true;
        const at = toGraph(event);
        const rect = {
          x: Math.min(from.x, at.x),
          y: Math.min(from.y, at.y),
          width: Math.abs(at.x - from.x),
          height: Math.abs(at.y - from.y),
        };
        selectOnly(shapesIn(painter.scene(), rect).flatMap((shape) => (shape.frame ? [] : [shape.id])));
      },
    );
  }

  function take(event: Event): void {
    event.stopPropagation();
    event.preventDefault();
  }

  /** The pane's own gesture listens to mouse events, which come after the pointer's. */
  function silence(event: MouseEvent): void {
    if (event.button === 0 && ours(event) && (event.shiftKey || under(event) !== null)) take(event);
  }

  function menu(event: MouseEvent): void {
    const shape = ours(event) ? under(event) : null;
    if (shape === null) return;
    take(event);
    const at = { x: event.clientX, y: event.clientY };
    const group = groupIdOf(shape.id);
    openMenu(group === null ? { kind: "node", node: shape.id, at } : { kind: "group", group, at });
  }

  function enter(event: MouseEvent): void {
    const shape = ours(event) ? under(event) : null;
    if (shape === null) return;
    take(event);
    if (!shape.frame) focusNode(pathOf(shape.id));
  }

  host.addEventListener("pointerdown", down, true);
  host.addEventListener("mousedown", silence, true);
  host.addEventListener("contextmenu", menu, true);
  host.addEventListener("dblclick", enter, true);
  return {
    destroy() {
      host.removeEventListener("pointerdown", down, true);
      host.removeEventListener("mousedown", silence, true);
      host.removeEventListener("contextmenu", menu, true);
      host.removeEventListener("dblclick", enter, true);
    },
  };
}

function follow(move: (event: PointerEvent) => void, end: (event: PointerEvent) => void): void {
  const stop = (event: PointerEvent) => {
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", stop);
    window.removeEventListener("pointercancel", stop);
    end(event);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", stop);
  window.addEventListener("pointercancel", stop);
}

function toggle(id: string): void {
  const chosen = flowStore.getState().nodes.filter((node) => node.selected);
  const on = chosen.some((node) => node.id === id);
  const ids = chosen.map((node) => node.id);
  selectOnly(on ? ids.filter((one) => one !== id) : [...ids, id]);
}

/** The chosen nodes that are not pinned, and what stands in the chosen groups. */
function movable(): ReadonlySet<string> {
  const { nodes } = flowStore.getState();
  const chosen = nodes.filter((node) => node.selected && node.draggable !== false).map((node) => node.id);
  const inside = chosen.flatMap((id) => (groupIdOf(id) === null ? [] : insideGroup(id)));
  return new Set([...chosen, ...inside]);
}

function moveBy(ids: ReadonlySet<string>, x: number, y: number): void {
  flowStore.setState((state) => ({
    nodes: state.nodes.map((node) =>
      ids.has(node.id) ? { ...node, position: { x: node.position.x + x, y: node.position.y + y } } : node,
    ),
  }));
  commitPositions();
}
