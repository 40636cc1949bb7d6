import { describe, expect, it } from "vitest";
import { parseBinary } from "./frames";

const META = {
  node_id: "8",
  run_id: "r1",
  prompt_id: "r1",
  image_type: "image/webp",
  tick: 3,
  index: 2,
  count: 4,
  seq: 11,
  width: 160,
  height: 96,
  fps: 24,
  t_generated: 1,
  t_encoded: 2,
  t_sent: 3,
};

function message(event: number, meta: unknown, image: number[], length?: number): ArrayBuffer {
  const json = new TextEncoder().encode(typeof meta === "string" ? meta : JSON.stringify(meta));
  const buffer = new ArrayBuffer(8 + json.length + image.length);
  const view = new DataView(buffer);
  view.setUint32(0, event);
  view.setUint32(4, length ?? json.length);
  new Uint8Array(buffer).set(json, 8);
  new Uint8Array(buffer).set(image, 8 + json.length);
  return buffer;
}

describe("parseBinary", () => {
  it("gives a frame's metadata and its picture without copying it", () => {
    const buffer = message(4, META, [9, 8, 7]);
    const frame = parseBinary(buffer);
    if (frame.kind !== "frame") throw new Error(frame.reason);
    expect(frame.meta).toEqual(META);
    expect([...frame.image]).toEqual([9, 8, 7]);
    expect(frame.image.buffer).toBe(buffer);
  });

  it("takes prompt_id where a server sends no run_id", () => {
    const { run_id, ...old } = META;
    const frame = parseBinary(message(4, old, [1]));
    expect(frame.kind === "frame" && frame.meta.run_id).toBe(run_id);
  });

  it.each([
    ["a message shorter than a header", new ArrayBuffer(7)],
    ["a preview without metadata", message(1, META, [1])],
    ["an event of the future", message(77, META, [1])],
    ["a length that runs past the end", message(4, META, [1], 1_000_000)],
    ["a frame without a picture", message(4, META, [])],
    ["metadata that is not JSON", message(4, "{nope", [1])],
    ["metadata that is null", message(4, "null", [1])],
    ["a tick that is not a number", message(4, { ...META, tick: "3" }, [1])],
    ["a frame of no node", message(4, { ...META, node_id: null }, [1])],
    ["a frame of no run", message(4, { ...META, run_id: undefined, prompt_id: undefined }, [1])],
  ])("ignores %s", (_, buffer) => {
    expect(parseBinary(buffer).kind).toBe("ignored");
  });
});
