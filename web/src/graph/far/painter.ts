/**
 * Keeps the far view's canvas up to date. While the view moves, the bitmap that is there is moved and scaled along
 * with it, which costs nothing, and drawn anew once it is blurred or its margin is used up.
 */
import { getNodeSchema } from "../catalog";
import { flowStore } from "../flow_store";
import { heatNow, onHeat } from "../profile/heat";
import { draw, type Shift, type View } from "./draw";
import { readPalette } from "./palette";
import { type Scene, sceneOf } from "./scene";

export interface FarView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
}

export interface FarPainter {
  /** The view or something drawn has changed; it shows with the next frame. */
  update(): void;
  scene(): Scene;
  setShift(shift: Shift | null): void;
  destroy(): void;
}

/** What the bitmap holds beyond the view, as a share of the view's size on each side. */
const MARGIN = 0.25;
const SCALE_AT_MOST = 1.35;
const SHARPEN_AFTER_MS = 120;

export function createFarPainter(canvas: HTMLCanvasElement, view: () => FarView): FarPainter {
  const context = canvas.getContext("2d", { alpha: true });
  const palette = readPalette(canvas);
  let scene = build();
  let shift: Shift | null = null;
  let drawn: FarView | null = null;
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function build(): Scene {
    const { nodes, edges } = flowStore.getState();
    return sceneOf(nodes, edges, getNodeSchema, heatNow());
  }

  function paint(): void {
    const now = view();
    const density = window.devicePixelRatio || 1;
    const [marginX, marginY] = [now.width * MARGIN, now.height * MARGIN];
    const large: View = {
      x: now.x + marginX,
      y: now.y + marginY,
      zoom: now.zoom,
      width: now.width + 2 * marginX,
      height: now.height + 2 * marginY,
      density,
    };
    resize(large);
    if (context) draw(context, scene, large, palette, shift);
    drawn = now;
    place(now, now);
  }

  function resize({ width, height, density }: View): void {
    const [w, h] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width === w && canvas.height === h) return;
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  /** Put the bitmap that was drawn for one view where it belongs in another. */
  function place(now: FarView, then: FarView): void {
    const scale = now.zoom / then.zoom;
    const x = now.x - (then.x + then.width * MARGIN) * scale;
    const y = now.y - (then.y + then.height * MARGIN) * scale;
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  function reuse(now: FarView, then: FarView): boolean {
    if (now.width !== then.width || now.height !== then.height) return false;
    const scale = now.zoom / then.zoom;
    if (scale > SCALE_AT_MOST || scale < 1 / SCALE_AT_MOST) return false;
    const left = now.x - (then.x + then.width * MARGIN) * scale;
    const top = now.y - (then.y + then.height * MARGIN) * scale;
    const covers = (start: number, size: number) => start <= 0 && start + size * (1 + 2 * MARGIN) * scale >= size;
    return covers(left, now.width) && covers(top, now.height);
  }

  function tick(): void {
    frame = 0;
    const now = view();
    if (drawn === null || !reuse(now, drawn)) {
      paint();
      return;
    }
    place(now, drawn);
    clearTimeout(timer);
    if (now.zoom !== drawn.zoom) timer = setTimeout(paint, SHARPEN_AFTER_MS);
  }

  function update(): void {
    if (frame === 0) frame = requestAnimationFrame(tick);
  }

  function redraw(): void {
    drawn = null;
    update();
  }

  function rebuild(): void {
    scene = build();
    redraw();
  }

  const stops = [flowStore.subscribe(rebuild), onHeat(rebuild)];
  paint();
  return {
    update,
    scene: () => scene,
    setShift(next) {
      shift = next;
      redraw();
    },
    destroy() {
      for (const stop of stops) stop();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    },
  };
}
