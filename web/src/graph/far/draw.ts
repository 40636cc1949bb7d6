/** Drawing a scene onto one canvas: shapes of one colour in one path, so that thousands cost little. */
import { overlaps, type Rect, type Scene, type Shape } from "./scene";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels to a CSS pixel. */
  readonly density: number;
}

/** Nodes that are being dragged, and how far. */
export interface Shift {
  readonly ids: ReadonlySet<string>;
  readonly x: number;
  readonly y: number;
}

export interface Palette {
  readonly node: string;
  readonly text: string;
  readonly accent: string;
  readonly heat: string;
  readonly font: string;
  resolve(color: string): string;
}

/** Titles are drawn where their letters would be at least this high. */
const READABLE_PX = 5;
const TITLE_PX = 15;
const HEAD_PX = 34;
const WIRE_PX = 2;
/** How strongly a node that takes all of the time is tinted. */
const HOTTEST = 0.7;

export function draw(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  palette: Palette,
  shift: Shift | null,
): void {
  const { zoom, density } = view;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(zoom * density, 0, 0, zoom * density, view.x * density, view.y * density);
  const seen: Rect = { x: -view.x / zoom, y: -view.y / zoom, width: view.width / zoom, height: view.height / zoom };
  const moved = shift === null ? scene.shapes : scene.shapes.map((shape) => shifted(shape, shift));
  const visible = moved.filter((shape) => overlaps(shape, seen));
  drawFrames(context, visible, palette);
  drawLines(context, scene, moved, seen, zoom, palette);
  drawNodes(context, visible, palette, zoom);
  if (TITLE_PX * zoom >= READABLE_PX) drawTitles(context, visible, palette);
  drawSelection(context, visible, palette, zoom);
}

function shifted(shape: Shape, { ids, x, y }: Shift): Shape {
  return ids.has(shape.id) ? { ...shape, x: shape.x + x, y: shape.y + y } : shape;
}

function drawFrames(context: CanvasRenderingContext2D, shapes: readonly Shape[], palette: Palette): void {
  for (const shape of shapes) {
    if (!shape.frame) continue;
    context.fillStyle = palette.resolve(shape.color);
    context.globalAlpha = 0.16;
    context.fillRect(shape.x, shape.y, shape.width, shape.height);
  }
  context.globalAlpha = 1;
}

function drawLines(
  context: CanvasRenderingContext2D,
  scene: Scene,
  shapes: readonly Shape[],
  seen: Rect,
  zoom: number,
  palette: Palette,
): void {
  const byColor = new Map<string, Path2D>();
  for (const line of scene.lines) {
    const [from, to] = [shapes[line.from], shapes[line.to]];
    if (!from || !to) continue;
    const [x1, y1, x2, y2] = [from.x + from.width, from.y + line.fromY, to.x, to.y + line.toY];
    const box = {
      x: Math.min(x1, x2),
      y: Math.min(y1, y2),
      width: Math.abs(x2 - x1) + 1,
      height: Math.abs(y2 - y1) + 1,
    };
    if (!overlaps(box, seen)) continue;
    const color = line.selected ? palette.accent : line.color;
    const path = byColor.get(color) ?? new Path2D();
    byColor.set(color, path);
    path.moveTo(x1, y1);
    const bend = Math.max(30, Math.abs(x2 - x1) / 2);
    // Nobody sees the bend of a wire that is a few pixels long.
    if (box.width * zoom < 24) path.lineTo(x2, y2);
    else path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
  }
  context.lineWidth = Math.max(WIRE_PX, 1 / zoom);
  for (const [color, path] of byColor) {
    context.strokeStyle = palette.resolve(color);
    context.stroke(path);
  }
}

function drawNodes(context: CanvasRenderingContext2D, shapes: readonly Shape[], palette: Palette, zoom: number): void {
  context.fillStyle = palette.node;
  for (const shape of shapes) if (!shape.frame) context.fillRect(shape.x, shape.y, shape.width, shape.height);
  context.fillStyle = palette.heat;
  for (const shape of shapes) {
    if (shape.heat === 0) continue;
    context.globalAlpha = HOTTEST * shape.heat;
    context.fillRect(shape.x, shape.y, shape.width, shape.height);
  }
  const edge = 1 / zoom;
  for (const shape of shapes) {
    if (shape.frame) continue;
    context.fillStyle = palette.resolve(shape.color);
    context.globalAlpha = shape.asleep ? 0.25 : 0.75;
    context.fillRect(shape.x, shape.y, shape.width, Math.max(edge, Math.min(HEAD_PX, shape.height)));
  }
  context.globalAlpha = 1;
}

function drawTitles(context: CanvasRenderingContext2D, shapes: readonly Shape[], palette: Palette): void {
  context.fillStyle = palette.text;
  context.font = `600 ${TITLE_PX}px ${palette.font}`;
  context.textBaseline = "middle";
  for (const { x, y, width, title } of shapes) context.fillText(title, x + 12, y + HEAD_PX / 2, width - 24);
}

function drawSelection(
  context: CanvasRenderingContext2D,
  shapes: readonly Shape[],
  palette: Palette,
  zoom: number,
): void {
  context.strokeStyle = palette.accent;
  context.lineWidth = 2 / zoom;
  for (const shape of shapes) if (shape.selected) context.strokeRect(shape.x, shape.y, shape.width, shape.height);
}
