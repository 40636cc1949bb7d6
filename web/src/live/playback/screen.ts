/**
 * One screen per node that shows frames: decode in order, pace, draw on every canvas that shows the node, acknowledge.
 * Only frames that were drawn are acknowledged, and an acknowledgement covers every earlier frame of the same node,
 * so a hidden page or a node out of view makes the server stop sending instead of filling queues.
 */
import type { Frame, FrameMeta } from "../transport/frames";
import { createPacer } from "./pacer";

/** The part of ImageBitmap that a screen needs. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** Where pictures are drawn; a canvas in the page, a recorder in tests. */
export interface Surface<P extends Picture = ImageBitmap> {
  draw(picture: P): void;
}

export interface ScreenOptions<P extends Picture> {
  decode: (image: Uint8Array<ArrayBuffer>, type: string) => Promise<P>;
  acknowledge: (meta: FrameMeta) => void;
  /** Called for every drawn frame with the time it was drawn. */
  drawn?: (meta: FrameMeta, nowMs: number) => void;
  now: () => number;
  /** Called when a frame waits to be drawn, so that the owner can start its animation loop. */
  wake: () => void;
}

export interface Screen<P extends Picture = ImageBitmap> {
  receive(frame: Frame): Promise<void>;
  attach(surface: Surface<P>): () => void;
  /** Draw what is due; true while more frames wait. */
  animate(nowMs: number): boolean;
  /** The picture on show, or null. It stays valid until the next one is drawn. */
  current(): P | null;
  leadMs(nowMs: number): number;
  /** Drop everything that waits; the picture on show stays. */
  clear(): void;
  /** Drop the picture on show as well. */
  forget(): void;
}

interface Decoded<P> {
  meta: FrameMeta;
  picture: P;
}

export function createScreen<P extends Picture>(options: ScreenOptions<P>): Screen<P> {
  const surfaces = new Set<Surface<P>>();
  let pacer = createPacer<Decoded<P>>({ fps: 24, drop: ({ picture }) => picture.close() });
  let fps = 24;
  let shown: P | null = null;
  let held: FrameMeta | null = null;
  let order: Promise<void> = Promise.resolve();
  let generation = 0;

  async function enqueue(meta: FrameMeta, decoding: Promise<P>, born: number): Promise<void> {
    const picture = await decoding.catch(() => null);
    if (picture === null) return;
    if (born !== generation) return picture.close();
    if (meta.fps > 0 && meta.fps !== fps) {
      pacer.clear();
      fps = meta.fps;
      pacer = createPacer({ fps, drop: (late) => late.picture.close() });
    }
    pacer.push({ meta, picture }, meta.tick, options.now());
    options.wake();
  }

  function show({ meta, picture }: Decoded<P>, nowMs: number): void {
    for (const surface of surfaces) surface.draw(picture);
    shown?.close();
    shown = picture;
    options.acknowledge(meta);
    options.drawn?.(meta, nowMs);
  }

  function clear(): void {
    generation += 1;
    held = null;
    pacer.clear();
  }

  return {
    receive({ meta, image }) {
      if (surfaces.size === 0) {
        held = meta;
        return Promise.resolve();
      }
      const decoding = options.decode(image, meta.image_type);
      const born = generation;
      order = order.then(() => enqueue(meta, decoding, born));
      return order;
    },
    attach(surface) {
      surfaces.add(surface);
      if (shown) surface.draw(shown);
      if (held) options.acknowledge(held);
      held = null;
      return () => surfaces.delete(surface);
    },
    animate(nowMs) {
      const due = pacer.take(nowMs);
      if (due) show(due, nowMs);
      return pacer.pending();
    },
    current: () => shown,
    leadMs: (nowMs) => pacer.leadMs(nowMs),
    clear,
    forget() {
      clear();
      shown?.close();
      shown = null;
    },
  };
}
