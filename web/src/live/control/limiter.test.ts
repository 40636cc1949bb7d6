import { beforeEach, describe, expect, it } from "vitest";
import { createLimiter, type Limiter } from "./limiter";

let nowMs = 0;
let timers: { atMs: number; run: () => void }[] = [];
let sent: { key: string; value: unknown; ms: number }[] = [];
let limiter: Limiter;

function advance(ms: number): void {
  const endMs = nowMs + ms;
  for (;;) {
    timers.sort((a, b) => a.atMs - b.atMs);
    const [next] = timers;
    if (!next || next.atMs > endMs) break;
    timers.shift();
    nowMs = next.atMs;
    next.run();
  }
  nowMs = endMs;
}

const values = () => sent.map(({ value }) => value);

describe("createLimiter", () => {
  beforeEach(() => {
    nowMs = 0;
    timers = [];
    sent = [];
    limiter = createLimiter({
      intervalMs: 1000 / 30,
      send: (key, value) => sent.push({ key, value, ms: nowMs }),
      now: () => nowMs,
      after(ms, run) {
        const timer = { atMs: nowMs + ms, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    });
  });

  it("sends the first value at once", () => {
    limiter.set("a", 1);
    expect(values()).toEqual([1]);
  });

  it("sends at most 30 values a second and the last one always", () => {
    for (let step = 0; step <= 1000; step++) {
      limiter.set("a", step);
      advance(1);
    }
    advance(100);
    expect(sent.length).toBeLessThanOrEqual(32);
    expect(values().at(-1)).toBe(1000);
    const gaps = sent.slice(1).map(({ ms }, index) => ms - (sent[index]?.ms ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(33.3);
  });

  it("sends the zero of a released key", () => {
    limiter.set("a", 1);
    advance(5);
    limiter.set("a", 0);
    advance(40);
    expect(values()).toEqual([1, 0]);
  });

  it("sends nothing for a value that returned before its turn", () => {
    limiter.set("a", 1);
    limiter.set("a", 0);
    limiter.set("a", 1);
    advance(100);
    expect(values()).toEqual([1]);
  });

  it("does not repeat a value", () => {
    limiter.set("a", 1);
    advance(100);
    limiter.set("a", 1);
    advance(100);
    expect(values()).toEqual([1]);
  });

  it("limits each input by itself", () => {
    limiter.set("a", 1);
    limiter.set("b", 2);
    expect(sent.map(({ key }) => key)).toEqual(["a", "b"]);
  });

  it("sends what waits when flushed, and nothing after a reset", () => {
    limiter.set("a", 1);
    limiter.set("a", 2);
    limiter.flush();
    expect(values()).toEqual([1, 2]);
    limiter.set("a", 3);
    limiter.reset();
    advance(100);
    expect(values()).toEqual([1, 2]);
    limiter.set("a", 2);
    expect(values()).toEqual([1, 2, 2]);
  });
});
