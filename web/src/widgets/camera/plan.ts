/** The path on a plain canvas, from above (x, z) and from the side (x, y): works without WebGL, precise everywhere. */
import { FIGURE, HEAD_CENTRE, HEAD_M } from "./figure";
import { fitted } from "./first_person";
import type { CameraKey } from "./path";
import { trace } from "./spline";
import { clamp, degrees, direction, radians, type Vec3 } from "./vector";
import type { PathEvents, PathScene, PathView } from "./view";

export type Side = "top" | "side";

const GRAB_PX = 14;
const ARM_PX = 44;
const DOT_PX = 6;
const MARGIN_M = 1.2;
const LEAST_SPAN_M = 6;

/** Which part of the world a canvas shows: metres at its middle and pixels to a metre. */
export interface Window2d {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The two coordinates that a side shows: to the right and downwards. */
export function flat(side: Side, [x, y, z]: Vec3): readonly [number, number] {
  return side === "top" ? [x, z] : [x, -y];
}

/** A window that holds all keyframes and the character. */
export function windowFor(side: Side, path: readonly CameraKey[], width: number, height: number): Window2d {
  const points = [...path.map(({ position }) => flat(side, position)), flat(side, [0, 0, 0]), flat(side, [0, 1.8, 0])];
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const span = (low: number, high: number) => Math.max(high - low + 2 * MARGIN_M, LEAST_SPAN_M / 2);
  const scale = Math.min(width / Math.max(span(left, right), LEAST_SPAN_M), height / span(top, bottom));
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

/** What a drag on a keyframe changes: its place, or where it looks when the end of its arm is held. */
export function dragged(side: Side, key: CameraKey, part: "dot" | "arm", x: number, y: number): Partial<CameraKey> {
  const [, height, depth] = key.position;
  if (part === "dot") return { position: side === "top" ? [x, height, y] : [x, Math.max(0, -y), depth] };
  const [fromX, fromY] = flat(side, key.position);
  const [dx, dy] = [x - fromX, y - fromY];
  if (Math.hypot(dx, dy) < 1e-6) return {};
  if (side === "top") return { yaw: degrees(Math.atan2(dx, -dy)) };
  const along = Math.abs(dx) * Math.max(0.2, Math.abs(Math.sin(radians(key.yaw))));
  return { pitch: clamp(degrees(Math.atan2(-dy, along)), -89, 89) };
}

interface Held {
  readonly index: number;
  readonly part: "dot" | "arm";
}

class Plan implements PathView {
  private readonly canvas = document.createElement("canvas");
  private readonly watch: ResizeObserver;
  private shown: PathScene | null = null;
  private window: Window2d | null = null;
  private held: Held | null = null;
  private frame = 0;

  constructor(
    host: HTMLElement,
    private readonly side: Side,
    private readonly events: PathEvents,
  ) {
    host.append(this.canvas);
    this.canvas.addEventListener("pointerdown", this.down);
    this.canvas.addEventListener("pointermove", this.move);
    this.canvas.addEventListener("pointerup", this.up);
    this.canvas.addEventListener("pointercancel", this.up);
    this.watch = new ResizeObserver(() => {
      this.window = null;
      this.ask();
    });
    this.watch.observe(host);
  }

  update(scene: PathScene): void {
    const known = this.shown?.path.length === scene.path.length;
    this.shown = scene;
    if (!known || (this.held === null && this.outside(scene))) this.window = null;
    this.ask();
  }

  private outside(scene: PathScene): boolean {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return scene.path.some(({ position }) => {
      const [x, y] = this.toPixels(flat(this.side, position));
      return x < 0 || y < 0 || x > width || y > height;
    });
  }

  private toPixels([x, y]: readonly [number, number]): readonly [number, number] {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const view = this.window ?? { x: 0, y: 0, scale: 1 };
    return [width / 2 + (x - view.x) * view.scale, height / 2 + (y - view.y) * view.scale];
  }

  private fromEvent(event: PointerEvent): readonly [number, number] {
    const box = this.canvas.getBoundingClientRect();
    const view = this.window ?? { x: 0, y: 0, scale: 1 };
    return [
      view.x + (event.clientX - box.left - box.width / 2) / view.scale,
      view.y + (event.clientY - box.top - box.height / 2) / view.scale,
    ];
  }

  /** The end of a keyframe's arm: where it looks, a fixed length in pixels away. */
  private armOf(key: CameraKey): readonly [number, number] {
    const [x, y] = this.toPixels(flat(this.side, key.position));
    const [dx, dy] = flat(this.side, direction(key.yaw, key.pitch));
    const size = this.side === "top" ? Math.hypot(dx, dy) || 1 : 1;
    return [x + (dx / size) * ARM_PX, y + (dy / size) * ARM_PX];
  }

  private partAt(event: PointerEvent): Held | null {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const scene = this.shown;
    const near = ([px, py]: readonly [number, number]) => Math.hypot(px - x, py - y) < GRAB_PX;
    const chosen = scene?.path[scene.selected];
    if (scene && chosen && near(this.armOf(chosen))) return { index: scene.selected, part: "arm" };
    const order = [...(scene?.path.keys() ?? [])].sort(
      (a, b) => Number(b === scene?.selected) - Number(a === scene?.selected),
    );
    const index = order.find((i) => {
      const key = scene?.path[i];
      return key !== undefined && near(this.toPixels(flat(this.side, key.position)));
    });
    return index === undefined ? null : { index, part: "dot" };
  }

  private readonly down = (event: PointerEvent): void => {
    this.held = this.partAt(event);
    if (!this.held) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.events.select(this.held.index);
  };

  private readonly move = (event: PointerEvent): void => {
    if (!this.held) {
      this.canvas.style.cursor = this.partAt(event) ? "grab" : "default";
      return;
    }
    this.report(event, false);
  };

  private readonly up = (event: PointerEvent): void => {
    if (!this.held) return;
    this.report(event, true);
    this.held = null;
  };

  private report(event: PointerEvent, done: boolean): void {
    const scene = this.shown;
    const key = this.held && scene?.path[scene.selected];
    if (!scene || !key || !this.held) return;
    this.events.drag(scene.selected, dragged(this.side, key, this.held.part, ...this.fromEvent(event)), done);
  }

  private ask(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const [area, scene] = [fitted(this.canvas), this.shown];
    if (!area || !scene) return;
    const { context, width, height } = area;
    this.window ??= windowFor(this.side, scene.path, width, height);
    context.clearRect(0, 0, width, height);
    this.grid(context, width, height, scene);
    this.lines(
      context,
      FIGURE.map(([from, to]) => [this.toPixels(flat(this.side, from)), this.toPixels(flat(this.side, to))]),
      scene.palette.figure,
      2.5,
    );
    context.fillStyle = scene.palette.figure;
    context.beginPath();
    context.arc(...this.toPixels(flat(this.side, HEAD_CENTRE)), HEAD_M * this.window.scale, 0, 2 * Math.PI);
    context.fill();
    const points = trace(scene.path, scene.loop).map(({ position }) => this.toPixels(flat(this.side, position)));
    this.lines(
      context,
      points.slice(1).map((point, i) => [points[i] ?? point, point]),
      scene.palette.path,
      2,
    );
    for (const [i, key] of scene.path.entries()) this.key(context, key, i === scene.selected, scene);
    this.camera(context, scene.now, scene.palette.now, 0.7);
  }

  private grid(context: CanvasRenderingContext2D, width: number, height: number, { palette }: PathScene): void {
    const view = this.window;
    if (!view) return;
    const step = view.scale > 18 ? 1 : 5;
    const [halfX, halfY] = [width / 2 / view.scale, height / 2 / view.scale];
    const lines: Pair[] = [];
    for (let x = Math.ceil((view.x - halfX) / step) * step; x <= view.x + halfX; x += step) {
      lines.push([this.toPixels([x, view.y - halfY]), this.toPixels([x, view.y + halfY])]);
    }
    for (let y = Math.ceil((view.y - halfY) / step) * step; y <= view.y + halfY; y += step) {
      lines.push([this.toPixels([view.x - halfX, y]), this.toPixels([view.x + halfX, y])]);
    }
    this.lines(context, lines, palette.grid, 1);
    const zero: Pair = [this.toPixels([view.x - halfX, 0]), this.toPixels([view.x + halfX, 0])];
    this.lines(context, [zero], palette.axis, this.side === "side" ? 2 : 1);
  }

  private lines(context: CanvasRenderingContext2D, pairs: readonly Pair[], color: string, thick: number): void {
    context.strokeStyle = color;
    context.lineWidth = thick;
    context.lineCap = "round";
    context.beginPath();
    for (const [from, to] of pairs) {
      context.moveTo(...from);
      context.lineTo(...to);
    }
    context.stroke();
  }

  private key(context: CanvasRenderingContext2D, key: CameraKey, selected: boolean, scene: PathScene): void {
    const color = selected ? scene.palette.selected : scene.palette.key;
    this.camera(context, key, color, 1);
    if (!selected) return;
    context.fillStyle = color;
    context.beginPath();
    context.arc(...this.armOf(key), 4.5, 0, 2 * Math.PI);
    context.fill();
  }

  /** A dot and the two edges of its view; from the side only where it looks. */
  private camera(context: CanvasRenderingContext2D, key: CameraKey, color: string, size: number): void {
    const at = this.toPixels(flat(this.side, key.position));
    const end = this.armOf(key);
    const half = this.side === "top" ? radians(key.fov * 0.75) / 2 : radians(key.fov) / 2;
    const [dx, dy] = [(end[0] - at[0]) * 0.8 * size, (end[1] - at[1]) * 0.8 * size];
    const edge = (angle: number): readonly [number, number] => [
      at[0] + dx * Math.cos(angle) - dy * Math.sin(angle),
      at[1] + dx * Math.sin(angle) + dy * Math.cos(angle),
    ];
    const [a, b] = [edge(-half), edge(half)];
    context.fillStyle = color;
    context.globalAlpha = 0.16;
    context.beginPath();
    context.moveTo(...at);
    context.lineTo(...a);
    context.lineTo(...b);
    context.fill();
    context.globalAlpha = 1;
    this.lines(
      context,
      [
        [at, a],
        [a, b],
        [b, at],
      ],
      color,
      1.5,
    );
    context.beginPath();
    context.arc(...at, DOT_PX * size, 0, 2 * Math.PI);
    context.fill();
  }

  destroy(): void {
    cancelAnimationFrame(this.frame);
    this.watch.disconnect();
    this.canvas.remove();
  }
}

type Pair = readonly [readonly [number, number], readonly [number, number]];

export function createPlan(host: HTMLElement, side: Side, events: PathEvents): PathView {
  return new Plan(host, side, events);
}
