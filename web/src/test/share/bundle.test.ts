import { describe, expect, it } from "vitest";
import { DocumentError } from "../../document/parse";
import { readBundle } from "../../share/bundle";
import { zipContent, zipEntries } from "../../share/zip";
import { documentOf, node } from "../fixtures/documents";

const WORKFLOW = documentOf([node("1", "prompt.live")]);
const CONTROLS = [{ tick: 3, node: "1", input: "text", value: "a </script> of it" }];
const DATA = {
  kind: "nodegraph_take",
  schema: 1,
  workflow: WORKFLOW,
  take: { name: "Take 2", seed: 7, model: "tiny", ticks: 12, first_tick: 4, controls: CONTROLS, markers: [] },
};
const FILM = Uint8Array.from({ length: 300 }, (_, i) => i % 251);

function page(data: unknown, film: readonly Uint8Array[] = [FILM.slice(0, 150), FILM.slice(150)]): File {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const blocks = film.map(
    (part) => `<script type="text/plain" class="film">${btoa(String.fromCharCode(...part))}</script>`,
  );
  const opening = '<script type="application/json" id="nodegraph-bundle">';
  const text = `<!doctype html><h1>x</h1><script>throw 1</script>${opening}${json}</script>${blocks.join("\n")}`;
  return new File([text], "take-1.HTML");
}

interface Part {
  readonly name: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly deflate?: boolean;
}

async function zipOf(parts: readonly Part[]): Promise<File> {
  const pieces: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let offset = 0;
  let directoryBytes = 0;
  for (const { name, data, deflate = false } of parts) {
    const packed = deflate
      ? new Uint8Array(
          await new Response(new Blob([data]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer(),
        )
      : data;
    const title = new TextEncoder().encode(name);
    const local = new DataView(new ArrayBuffer(30));
    local.setUint32(0, 0x04034b50, true);
    local.setUint16(26, title.length, true);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x02014b50, true);
    entry.setUint16(10, deflate ? 8 : 0, true);
    entry.setUint32(20, packed.length, true);
    entry.setUint32(24, data.length, true);
    entry.setUint16(28, title.length, true);
    entry.setUint32(42, offset, true);
    pieces.push(local, title, packed);
    directory.push(entry, title);
    offset += 30 + title.length + packed.length;
    directoryBytes += 46 + title.length;
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint32(12, directoryBytes, true);
  end.setUint32(16, offset, true);
  return new File([...pieces, ...directory, end], "take.zip");
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a bundle", () => {
  it("is read out of a page as text, with its film put together again", async () => {
    const bundle = await readBundle(page(DATA));
    expect(bundle?.workflow.nodes.map(({ id }) => id)).toEqual(["1"]);
    expect(bundle?.take).toMatchObject({ name: "Take 2", seed: 7, ticks: 12, firstTick: 4, controls: CONTROLS });
    const film = await bundle?.take.film?.();
    expect(new Uint8Array((await film?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(FILM);
  });

  it("is read out of a ZIP, stored or deflated", async () => {
    for (const deflate of [false, true]) {
      const file = await zipOf([
        { name: "other.txt", data: bytes("x") },
        { name: "bundle.json", data: bytes(JSON.stringify(DATA)), deflate },
        { name: "video.mp4", data: FILM, deflate },
      ]);
      const bundle = await readBundle(file);
      expect(bundle?.take.name).toBe("Take 2");
      const film = await bundle?.take.film?.();
      expect(new Uint8Array((await film?.arrayBuffer()) ?? new ArrayBuffer(0))).toEqual(FILM);
    }
  });

  it("without a film says so", async () => {
    expect((await readBundle(page(DATA, [])))?.take.film).toBeNull();
  });

  it("is not seen in other files", async () => {
    expect(await readBundle(new File(["{}"], "workflow.json"))).toBeNull();
    expect(await readBundle(new File(["<p>hello"], "page.html"))).toBeNull();
    expect(await readBundle(new File(["no archive"], "some.zip"))).toBeNull();
    expect(await readBundle(await zipOf([{ name: "a.txt", data: bytes("x") }]))).toBeNull();
  });

  it("that is broken, newer or no graph is refused with a sentence", async () => {
    for (const broken of [
      { ...DATA, kind: "other" },
      { ...DATA, schema: 2 },
      { ...DATA, workflow: { nodes: "none" } },
    ]) {
      await expect(readBundle(page(broken))).rejects.toThrow(DocumentError);
    }
    const cut = new File([(await page(DATA).text()).slice(0, 140)], "take.html");
    await expect(readBundle(cut)).rejects.toThrow(DocumentError);
  });
});

describe("a ZIP", () => {
  it("gives nothing that would outgrow the limit, whatever it says of itself", async () => {
    const file = await zipOf([{ name: "big", data: new Uint8Array(5000), deflate: true }]);
    const [entry] = await zipEntries(file);
    if (!entry) throw new Error("no entry");
    await expect(zipContent(file, entry, 4999)).rejects.toThrow(RangeError);
    await expect(zipContent(file, { ...entry, bytes: 1 }, 4999)).rejects.toThrow(RangeError);
    expect((await zipContent(file, entry, 5000)).size).toBe(5000);
  });
});
