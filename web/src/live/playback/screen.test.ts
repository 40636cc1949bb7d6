import { beforeEach, describe, expect, it } from "vitest";
import type { FrameMeta } from "../transport/frames";
import { createScreen, type Picture, type Screen } from "./screen";

interface Fake extends Picture {
  readonly id: number;
  closed: boolean;
}

let nowMs = 0;
let acknowledged: number[] = [];
let decoders: ((picture: Fake | null) => void)[] = [];
let pictures: Fake[] = [];
let woken = 0;

function meta(seq: number, change: Partial<FrameMeta> = {}): FrameMeta {
  return {
    node_id: "8",
    run_id: "r",
    prompt_id: "r",
    image_type: "image/jpeg",
    tick: Math.floor(seq / 4),
    index: seq % 4,
    count: 4,
    seq,
    width: 5,
    height: 3,
    fps: 24,
    t_generated: 0,
    t_decoded: 0,
    t_encoded: 0,
    t_sent: 0,
    ...change,
  };
}

function picture(id: number): Fake {
  const fake = {
    id,
    width: 5,
    height: 3,
    closed: false,
    close() {
      this.closed = true;
    },
  };
  pictures.push(fake);
  return fake;
}

function setUp(): Screen<Fake> {
  return createScreen<Fake>({
    decode: () =>
      new Promise((resolve, reject) => {
        decoders.push((decoded) => (decoded ? resolve(decoded) : reject(new Error("broken"))));
      }),
    acknowledge: ({ seq }) => acknowledged.push(seq),
    now: () => nowMs,
    wake: () => {
      woken += 1;
    },
  });
}

const frame = (seq: number, change?: Partial<FrameMeta>) => ({
  kind: "frame" as const,
  meta: meta(seq, change),
  image: new Uint8Array([seq]),
});

function recorder() {
  const drawn: number[] = [];
  return { drawn, draw: ({ id }: Fake) => void drawn.push(id) };
}

describe("createScreen", () => {
  beforeEach(() => {
    nowMs = 0;
    acknowledged = [];
    decoders = [];
    pictures = [];
    woken = 0;
  });

  it("acknowledges a frame when it was drawn, not before", async () => {
    const screen = setUp();
    const surface = recorder();
    screen.attach(surface);
    const received = screen.receive(frame(0));
    decoders[0]?.(picture(0));
    await received;
    expect(acknowledged).toEqual([]);
    expect(woken).toBe(1);
    screen.animate(0);
    expect(surface.drawn).toEqual([0]);
    expect(acknowledged).toEqual([0]);
  });

  it("keeps the order of the frames whatever the order of decoding", async () => {
    const screen = setUp();
    const surface = recorder();
    screen.attach(surface);
    const received = [0, 1, 2].map((seq) => screen.receive(frame(seq)));
    for (const seq of [2, 0, 1]) decoders[seq]?.(picture(seq));
    await Promise.all(received);
    for (const ms of [0, 42, 84]) screen.animate(ms);
    expect(surface.drawn).toEqual([0, 1, 2]);
  });

  it("closes every picture but the one on show", async () => {
    const screen = setUp();
    screen.attach(recorder());
    const received = [0, 1, 2, 3].map((seq) => screen.receive(frame(seq)));
    decoders.forEach((decode, seq) => {
      decode(picture(seq));
    });
    await Promise.all(received);
    screen.animate(0);
    screen.animate(130);
    expect(screen.current()?.id).toBe(3);
    expect(pictures.filter(({ closed }) => !closed).map(({ id }) => id)).toEqual([3]);
    expect(acknowledged).toEqual([0, 3]);
  });

  it("goes on after a picture that cannot be decoded", async () => {
    const screen = setUp();
    const surface = recorder();
    screen.attach(surface);
    const received = [screen.receive(frame(0)), screen.receive(frame(1))];
    decoders[0]?.(null);
    decoders[1]?.(picture(1));
    await Promise.all(received);
    screen.animate(0);
    expect(surface.drawn).toEqual([1]);
  });

  it("neither decodes nor acknowledges while nothing shows the node, and opens the way again when something does", async () => {
    const screen = setUp();
    await screen.receive(frame(0));
    await screen.receive(frame(5));
    expect(decoders).toHaveLength(0);
    expect(acknowledged).toEqual([]);
    screen.attach(recorder());
    expect(acknowledged).toEqual([5]);
  });

  it("shows the picture on show to a surface that comes later, and nothing to one that left", async () => {
    const screen = setUp();
    const [first, second] = [recorder(), recorder()];
    const detach = screen.attach(first);
    const received = [screen.receive(frame(0)), screen.receive(frame(1))];
    decoders[0]?.(picture(0));
    decoders[1]?.(picture(1));
    await Promise.all(received);
    screen.animate(0);
    screen.attach(second);
    expect(second.drawn).toEqual([0]);
    detach();
    screen.animate(50);
    expect(first.drawn).toEqual([0]);
    expect(second.drawn).toEqual([0, 1]);
  });

  it("throws away what is still being decoded when it is cleared", async () => {
    const screen = setUp();
    const surface = recorder();
    screen.attach(surface);
    const received = screen.receive(frame(0));
    screen.clear();
    decoders[0]?.(picture(0));
    await received;
    expect(screen.animate(0)).toBe(false);
    expect(surface.drawn).toEqual([]);
    expect(pictures[0]?.closed).toBe(true);
  });
});
