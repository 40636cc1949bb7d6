/** All screens of the page, by node, and the one animation loop that draws them. The loop sleeps while nothing waits. */
import type { Frame, FrameMeta } from "../transport/frames";
import { createDecoder } from "./decoder";
import { createScreen, type Screen, type Surface } from "./screen";

export interface ScreensOptions {
  acknowledge: (meta: FrameMeta) => void;
  drawn: (meta: FrameMeta, nowMs: number) => void;
}

export interface Screens {
  /** `key` names the screen where it is not the frame's node. */
  receive(frame: Frame, key?: string): void;
  /** Show a node's frames on a surface until the returned function is called. */
  attach(nodeId: string, surface: Surface): () => void;
  /** The picture a node shows, or null. */
  picture(nodeId: string): ImageBitmap | null;
  leadMs(nodeId: string): number;
  /** Throw away everything that waits, at the start and end of a run. */
  clear(): void;
  /** Throw away the pictures on show as well: another workflow was opened. */
  forget(): void;
}

export function createScreens({ acknowledge, drawn }: ScreensOptions): Screens {
  const screens = new Map<string, Screen>();
  const decode = createDecoder();
  const now = () => performance.now();
  let frame = 0;

  function animate(): void {
    const nowMs = now();
    let waiting = false;
    for (const screen of screens.values()) waiting = screen.animate(nowMs) || waiting;
    frame = waiting ? requestAnimationFrame(animate) : 0;
  }

  function wake(): void {
    if (frame === 0) frame = requestAnimationFrame(animate);
  }

  function screen(nodeId: string): Screen {
    const known = screens.get(nodeId);
    if (known) return known;
    const created = createScreen<ImageBitmap>({ decode, acknowledge, drawn, now, wake });
    screens.set(nodeId, created);
    return created;
  }

  return {
    receive: (message, key) => void screen(key ?? message.meta.node_id).receive(message),
    attach: (nodeId, surface) => screen(nodeId).attach(surface),
    picture: (nodeId) => screens.get(nodeId)?.current() ?? null,
    leadMs: (nodeId) => screens.get(nodeId)?.leadMs(now()) ?? 0,
    clear() {
      for (const one of screens.values()) one.clear();
    },
    forget() {
      for (const one of screens.values()) one.forget();
    },
  };
}

/** A surface that keeps a canvas at the size of the picture and lets CSS scale it. */
export function canvasSurface(canvas: HTMLCanvasElement): Surface {
  const context = canvas.getContext("2d", { alpha: false });
  return {
    draw(picture) {
      if (canvas.width !== picture.width || canvas.height !== picture.height) {
        canvas.width = picture.width;
        canvas.height = picture.height;
      }
      context?.drawImage(picture, 0, 0);
    },
  };
}
