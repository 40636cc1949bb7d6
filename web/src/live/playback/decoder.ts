/** Picture bytes to bitmaps, in a worker. The caller closes the bitmaps. */
import type { DecodeReply, DecodeRequest } from "./decoder.worker";

export type Decode = (image: Uint8Array<ArrayBuffer>, type: string) => Promise<ImageBitmap>;

interface Waiting {
  resolve(bitmap: ImageBitmap): void;
  reject(error: Error): void;
}

/** Start one worker; the returned function decodes with it. The message buffer behind `image` moves to the worker. */
export function createDecoder(): Decode {
  const worker = new Worker(new URL("./decoder.worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;

  worker.onmessage = ({ data }: MessageEvent<DecodeReply>) => {
    const entry = waiting.get(data.id);
    waiting.delete(data.id);
    if ("bitmap" in data) entry?.resolve(data.bitmap);
    else entry?.reject(new Error(data.error));
  };
  worker.onerror = (event) => {
    for (const entry of waiting.values()) entry.reject(new Error(event.message));
    waiting.clear();
  };

  return (image, type) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      const request: DecodeRequest = { id, image, type };
      worker.postMessage(request, [image.buffer]);
    });
}
