/** A pose clip fetched from the server, and its figure on a canvas. */
import { fitted } from "../camera/first_person";
import { BONE_PAIRS, type Box, type Clip, HEAD, poseAt, readClip, seen } from "./clip";

const MAX_BYTES = 16_000_000;

/** Throws where the address gives no clip, or one that is too large to be shown. */
export async function fetchClip(url: string, signal: AbortSignal): Promise<Clip> {
  const answer = await fetch(url, { signal });
  if (!answer.ok || Number(answer.headers.get("Content-Length") ?? 0) > MAX_BYTES) throw new Error("not shown");
  const clip = readClip(await answer.json());
  if (!clip) throw new Error("not a clip");
  return clip;
}

/** Draw the pose at a time, in the colours of the page as they are now. */
export function drawPose(canvas: HTMLCanvasElement, clip: Clip, box: Box, time: number, loop: boolean): void {
  const area = fitted(canvas);
  if (!area) return;
  const { context, width, height } = area;
  const style = getComputedStyle(canvas);
  const scale = Math.min(width / box.width, height / box.height);
  const [offX, offY] = [(width - box.width * scale) / 2, (height - box.height * scale) / 2];
  const points = poseAt(clip, time, loop).map((point) => {
    const [x, y] = seen(point, clip.space);
    return [offX + (x - box.left) * scale, offY + (y - box.top) * scale] as const;
  });
  context.clearRect(0, 0, width, height);
  context.strokeStyle = context.fillStyle = style.getPropertyValue("--cat-pose").trim();
  context.lineWidth = Math.max(2, scale * (clip.space === "world" ? 0.06 : 0.02));
  context.lineCap = "round";
  context.beginPath();
  for (const [from, to] of BONE_PAIRS) {
    const [a, b] = [points[from], points[to]];
    if (!a || !b) continue;
    context.moveTo(...a);
    context.lineTo(...b);
  }
  context.stroke();
  const head = points[HEAD];
  if (!head) return;
  context.beginPath();
  context.arc(...head, Math.max(4, scale * (clip.space === "world" ? 0.12 : 0.04)), 0, 2 * Math.PI);
  context.fill();
}

/** Play a clip from now on: `show` gets the seconds since the start at every frame of the screen. Returns the stop. */
export function playFrames(show: (seconds: number) => void): () => void {
  const start = performance.now();
  let frame = requestAnimationFrame(function step(now) {
    show(Math.max(0, now - start) / 1000);
    frame = requestAnimationFrame(step);
  });
  return () => cancelAnimationFrame(frame);
}
