/** Reading single files out of a ZIP: stored or deflated, without encryption. Nothing is unpacked that is not asked for. */

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const COMMENT_AT_MOST = 0xffff;
const DIRECTORY_AT_MOST = 8 * 1024 * 1024;
const [STORED, DEFLATED] = [0, 8];

/** The directory of an archive. Throws where it is none. */
export async function zipEntries(file: Blob): Promise<readonly ZipEntry[]> {
  const tailStart = Math.max(0, file.size - END_BYTES - COMMENT_AT_MOST);
  const tail = await view(file, tailStart, file.size);
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== END) end--;
  if (end < 0) throw new RangeError("no archive");
  const size = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (size > DIRECTORY_AT_MOST || start + size > file.size) throw new RangeError("directory out of range");
  return readDirectory(await view(file, start, start + size));
}

function readDirectory(directory: DataView): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === ENTRY; ) {
    const nameBytes = directory.getUint16(at + 28, true);
    const name = new Uint8Array(directory.buffer, directory.byteOffset + at + 46, nameBytes);
    entries.push({
      name: new TextDecoder().decode(name),
      method: directory.getUint16(at + 10, true),
      packedBytes: directory.getUint32(at + 20, true),
      bytes: directory.getUint32(at + 24, true),
      offset: directory.getUint32(at + 42, true),
    });
    at += 46 + nameBytes + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
  }
  return entries;
}

/** The content of an entry; refuses one that would be larger than `limit`. */
export async function zipContent(file: Blob, entry: ZipEntry, limit: number): Promise<Blob> {
  if (entry.bytes > limit) throw new RangeError("too large");
  const head = await view(file, entry.offset, entry.offset + 30);
  if (head.getUint32(0, true) !== LOCAL) throw new RangeError("no entry");
  const start = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const packed = file.slice(start, start + entry.packedBytes);
  if (entry.method === STORED) return packed;
  if (entry.method !== DEFLATED) throw new RangeError("unknown packing");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = packed.stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.length;
    if (bytes > limit) {
      await reader.cancel();
      throw new RangeError("too large");
    }
    parts.push(part.value as Uint8Array<ArrayBuffer>);
  }
  return new Blob(parts);
}

async function view(file: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await file.slice(start, end).arrayBuffer());
}
