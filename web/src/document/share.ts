/** A workflow inside a link: deflated JSON in the fragment, which browsers never send to a server. */
import { t } from "../text";
import { DocumentError, parseDocument } from "./parse";
import type { WorkflowDocument } from "./types";

const PREFIX = "#w=";
const JSON_BYTES_AT_MOST = 8 * 1024 * 1024;
const FORMAT = "deflate-raw";

export async function linkFor(doc: WorkflowDocument, base: string): Promise<string> {
  const packed = await pump(new TextEncoder().encode(JSON.stringify(doc)), new CompressionStream(FORMAT), Infinity);
  return `${base.split("#")[0]}${PREFIX}${toBase64Url(packed)}`;
}

/** The workflow of a link's fragment; null when the fragment is about something else. */
export async function workflowFromHash(
  hash: string,
  bytesAtMost = JSON_BYTES_AT_MOST,
): Promise<WorkflowDocument | null> {
  if (!hash.startsWith(PREFIX)) return null;
  return parseDocument(await unpack(hash.slice(PREFIX.length), bytesAtMost));
}

async function unpack(encoded: string, bytesAtMost: number): Promise<unknown> {
  try {
    const json = await pump(fromBase64Url(encoded), new DecompressionStream(FORMAT), bytesAtMost);
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    throw new DocumentError(t("app.document.badLink"));
  }
}

/** Run bytes through a (de)compressor; gives up once the result outgrows `limit`, so a small link cannot fill memory. */
async function pump(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    chunks.push(part.value);
  }
  return concat(chunks, size);
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(encoded: string): Uint8Array<ArrayBuffer> {
  const binary = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
