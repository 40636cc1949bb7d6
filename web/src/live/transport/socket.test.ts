import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reconnectDelayMs } from "./backoff";
import { createSocket } from "./socket";

/** A WebSocket whose other end is the test. */
class Wire {
  binaryType = "blob";
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  drop(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  close(): void {
    this.drop();
  }
}

function setUp() {
  const wires: Wire[] = [];
  const handlers = { onMessage: vi.fn(), onFrame: vi.fn(), onConnection: vi.fn() };
  const socket = createSocket({
    url: "ws://here/ws",
    connect: () => {
      const wire = new Wire();
      wires.push(wire);
      return wire as unknown as WebSocket;
    },
    delayMs: (attempt) => 100 * (attempt + 1),
    ...handlers,
  });
  return { wires, socket, ...handlers };
}

const CONTROL = { type: "control", data: { run_id: "r", id: "c", node: "1", input: "x", value: 1 } } as const;

describe("createSocket", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("says first that it takes frames with metadata", () => {
    const { wires } = setUp();
    wires[0]?.open();
    expect(JSON.parse(wires[0]?.sent[0] ?? "")).toEqual({
      type: "feature_flags",
      data: { supports_preview_metadata: true },
    });
    expect(wires[0]?.binaryType).toBe("arraybuffer");
  });

  it("comes back after a loss, waiting longer each time, and counts anew once it was open", () => {
    const { wires, onConnection } = setUp();
    wires[0]?.drop();
    vi.advanceTimersByTime(99);
    expect(wires).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(wires).toHaveLength(2);
    wires[1]?.drop();
    vi.advanceTimersByTime(200);
    expect(wires).toHaveLength(3);
    wires[2]?.open();
    wires[2]?.drop();
    vi.advanceTimersByTime(100);
    expect(wires).toHaveLength(4);
    expect(onConnection.mock.calls.map(([state]) => state).slice(0, 3)).toEqual([
      "connecting",
      "waiting",
      "connecting",
    ]);
  });

  it("retries at once when asked to, but opens no second socket beside an open one", () => {
    const { wires, socket } = setUp();
    wires[0]?.drop();
    socket.retry();
    expect(wires).toHaveLength(2);
    socket.retry();
    vi.advanceTimersByTime(10_000);
    expect(wires).toHaveLength(2);
  });

  it("keeps no control for later: what cannot be sent now is refused", () => {
    const { wires, socket } = setUp();
    expect(socket.send(CONTROL)).toBe(false);
    wires[0]?.open();
    expect(socket.send(CONTROL)).toBe(true);
    expect(JSON.parse(wires[0]?.sent[1] ?? "")).toEqual(CONTROL);
  });

  it("stays closed", () => {
    const { wires, socket } = setUp();
    wires[0]?.open();
    socket.close();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
  });

  it("drops what it cannot read", () => {
    const { wires, onMessage, onFrame } = setUp();
    wires[0]?.onmessage?.({ data: "nonsense" });
    wires[0]?.onmessage?.({ data: new ArrayBuffer(3) });
    expect(onMessage).not.toHaveBeenCalled();
    expect(onFrame).not.toHaveBeenCalled();
  });
});

describe("reconnectDelayMs", () => {
  it("doubles up to eight seconds, less a third at most", () => {
    expect([0, 1, 2, 20].map((attempt) => reconnectDelayMs(attempt, () => 0))).toEqual([250, 500, 1000, 8000]);
    expect(reconnectDelayMs(20, () => 1)).toBeGreaterThanOrEqual(5333);
  });
});
