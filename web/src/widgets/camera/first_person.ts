/** The scene as lines in a camera's picture, on a plain canvas: the inset, and the view while flying. */
import { ASPECT, FIGURE, GROUND, HEAD_CENTRE, HEAD_M, type Segment } from "./figure";
import type { CameraPath } from "./path";
import { type Eye, project, projectLine, projectPath } from "./project";
import { radians } from "./vector";

export interface Palette {
  readonly sky: string;
  readonly ground: string;
  readonly grid: string;
  readonly axis: string;
  readonly figure: string;
  readonly path: string;
  readonly key: string;
  readonly selected: string;
  readonly now: string;
  readonly text: string;
}

/** The colours of the theme in force, read where the element stands. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  return {
    sky: color("--bg-3"),
    ground: color("--bg-1"),
    grid: color("--cam-grid"),
    axis: color("--cam-axis"),
    figure: color("--cam-figure"),
    path: color("--info"),
    key: color("--text-2"),
    selected: color("--accent"),
    now: color("--live"),
    text: color("--text-3"),
  };
}

/** Fit a canvas to its box in device pixels and return its drawing context with the box's size, in CSS pixels. */
export function fitted(
  canvas: HTMLCanvasElement,
): { context: CanvasRenderingContext2D; width: number; height: number } | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext("2d");
  if (!context || width === 0 || height === 0) return null;
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}

interface FirstPerson {
  readonly eye: Eye;
  readonly path: CameraPath;
  readonly loop: boolean;
  readonly palette: Palette;
}

export function drawFirstPerson(canvas: HTMLCanvasElement, { eye, path, loop, palette }: FirstPerson): void {
  const area = fitted(canvas);
  if (!area) return;
  const { context, width, height } = area;
  const aspect = width / height;
  backdrop(context, width, height, eye, palette);
  const line = (segments: readonly Segment[], color: string, thick: number) => {
    context.strokeStyle = color;
    context.lineWidth = thick;
    context.lineCap = "round";
    context.beginPath();
    for (const [from, to] of segments) {
      const seen = projectLine(eye, aspect, from, to);
      if (!seen) continue;
      context.moveTo(seen[0].x * width, seen[0].y * height);
      context.lineTo(seen[1].x * width, seen[1].y * height);
    }
    context.stroke();
  };
  line(GROUND, palette.grid, 1);
  line(FIGURE, palette.figure, 2.5);
  head(context, width, height, aspect, eye, palette);
  const overlay = projectPath(path, loop, eye, aspect);
  context.strokeStyle = palette.path;
  context.lineWidth = 1.5;
  for (const points of overlay.lines) {
    context.beginPath();
    for (const [i, { x, y }] of points.entries()) context[i === 0 ? "moveTo" : "lineTo"](x * width, y * height);
    context.stroke();
  }
}

/** Sky above the horizon, ground below; without roll the horizon is level. */
function backdrop(context: CanvasRenderingContext2D, width: number, height: number, eye: Eye, palette: Palette): void {
  const share = Math.tan(radians(eye.pitch)) / (2 * Math.tan(radians(eye.fov) / 2));
  const horizon = Math.min(height, Math.max(0, (0.5 + share) * height));
  context.fillStyle = palette.sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = palette.ground;
  context.fillRect(0, horizon, width, height - horizon);
}

function head(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  aspect: number,
  eye: Eye,
  palette: Palette,
): void {
  const centre = project(eye, aspect, HEAD_CENTRE);
  if (!centre) return;
  const radius = (HEAD_M / (centre.depth * 2 * Math.tan(radians(eye.fov) / 2))) * height;
  context.fillStyle = palette.figure;
  context.beginPath();
  context.arc(centre.x * width, centre.y * height, radius, 0, 2 * Math.PI);
  context.fill();
}

/** Corners of a camera's view at a distance, for drawing it as a frustum: top left, top right, bottom right, left. */
export function frustumCorners(fov: number, depth: number): readonly (readonly [number, number, number])[] {
  const up = Math.tan(radians(fov) / 2) * depth;
  const right = up * ASPECT;
  return [
    [-right, up, -depth],
    [right, up, -depth],
    [right, -up, -depth],
    [-right, -up, -depth],
  ];
}
