/**
 * Binary messages of the live socket. Every one starts with a big-endian u32 event number:
 *   1 = [u32 format: 1 JPEG, 2 PNG][image]             a preview without metadata
 *   3 = [text]                                         a line of text
 *   4 = [u32 length][JSON of that length][image]       a video frame with metadata
 */
import type { FrameHeader } from "../../protocol/messages.gen";

/** Tick 0 has one picture, every other tick four. */
export type FrameMeta = FrameHeader;

export interface Frame {
  kind: "frame";
  meta: FrameMeta;
  /** The encoded picture: a view on the message, not a copy. */
  image: Uint8Array<ArrayBuffer>;
}

export type BinaryMessage = Frame | { kind: "ignored"; reason: string };

const EVENT_PREVIEW_WITH_METADATA = 4;
const HEADER_BYTES = 8;
const REQUIRED_NUMBERS = ["tick", "index", "count", "seq", "t_generated", "t_encoded", "t_sent"] as const;

const decoder = new TextDecoder();

function ignored(reason: string): BinaryMessage {
  return { kind: "ignored", reason };
}

function readMeta(bytes: Uint8Array): FrameMeta | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decoder.decode(bytes));
  } catch {
    return "metadata is not JSON";
  }
  if (typeof parsed !== "object" || parsed === null) return "metadata is not an object";
  const fields = parsed as Record<string, unknown>;
  const missing = REQUIRED_NUMBERS.find((name) => typeof fields[name] !== "number");
  if (missing) return `metadata lacks ${missing}`;
  if (typeof fields.node_id !== "string") return "metadata lacks node_id";
  const run = fields.run_id ?? fields.prompt_id;
  if (typeof run !== "string") return "metadata lacks run_id";
  return {
    image_type: "image/jpeg",
    width: 0,
    height: 0,
    fps: 24,
    ...fields,
    run_id: run,
    prompt_id: run,
  } as FrameMeta;
}

/** Parse one binary message. A message that is not a frame of ours is ignored with its reason, never thrown. */
export function parseBinary(buffer: ArrayBuffer): BinaryMessage {
  if (buffer.byteLength < HEADER_BYTES) return ignored("shorter than its header");
  const view = new DataView(buffer);
  const event = view.getUint32(0);
  if (event !== EVENT_PREVIEW_WITH_METADATA) return ignored(`event ${event}`);
  const length = view.getUint32(4);
  const imageStart = HEADER_BYTES + length;
  if (imageStart >= buffer.byteLength) return ignored("metadata runs past the end");
  const meta = readMeta(new Uint8Array(buffer, HEADER_BYTES, length));
  if (typeof meta === "string") return ignored(meta);
  return { kind: "frame", meta, image: new Uint8Array(buffer, imageStart) };
}
