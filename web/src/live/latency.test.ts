import { describe, expect, it } from "vitest";
import { createLatencyMeter, STAGES } from "./latency";
import { quantile } from "./quantile";
import type { FrameMeta } from "./transport/frames";

/** The server's clock is an hour ahead of the browser's; each way over the network takes 5 ms. */
const AHEAD_MS = 3_600_000;
const WAY_MS = 5;

function meta(tick: number, generatedMs: number, encodedMs: number): FrameMeta {
  const server = (ms: number) => ms + AHEAD_MS;
  return {
    node_id: "8",
    run_id: "r",
    prompt_id: "r",
    image_type: "image/jpeg",
    tick,
    index: 0,
    count: 4,
    seq: tick,
    width: 5,
    height: 3,
    fps: 24,
    t_generated: server(generatedMs),
    t_decoded: 0,
    t_encoded: server(encodedMs),
    t_sent: server(encodedMs + 1),
  };
}

/** One control sent at 100 that tick 7 takes at 180, generated at 250, encoded at 254, drawn at 300. */
function oneControl() {
  const meter = createLatencyMeter();
  meter.sent("c", 100);
  meter.received("c", 100 + 2 * WAY_MS);
  meter.applied("c", 7, 180);
  const frame = meta(7, 250, 254);
  meter.arrived(frame, 255 + WAY_MS);
  return { meter, frame };
}

describe("createLatencyMeter", () => {
  it("splits the way from control to picture into its stages, whatever the server's clock", () => {
    const { meter, frame } = oneControl();
    expect(meter.drawn(frame, 300)).toBe(true);
    const summary = meter.summary();
    expect(summary?.totalMs).toBeCloseTo(200);
    expect(summary?.stages.send).toBeCloseTo(WAY_MS);
    expect(summary?.stages.wait).toBeCloseTo(75);
    expect(summary?.stages.generate).toBeCloseTo(70);
    expect(summary?.stages.encode).toBeCloseTo(4);
    expect(summary?.stages.deliver).toBeCloseTo(46);
  });

  it("does not count a picture of an earlier tick", () => {
    const { meter } = oneControl();
    expect(meter.drawn(meta(6, 200, 204), 220)).toBe(false);
    expect(meter.summary()).toBeNull();
  });

  it("counts a control once, on the first picture that has it", () => {
    const { meter, frame } = oneControl();
    meter.drawn(frame, 300);
    expect(meter.drawn(meta(8, 420, 424), 470)).toBe(false);
    expect(meter.summary()?.samples).toBe(1);
  });

  it("never gives a stage less than nothing, and the stages add up", () => {
    const meter = createLatencyMeter();
    meter.sent("c", 100);
    meter.received("c", 190);
    meter.applied("c", 1, 110);
    meter.arrived(meta(1, 90, 95), 96);
    meter.drawn(meta(1, 90, 95), 140);
    const summary = meter.summary();
    const stages = STAGES.map((stage) => summary?.stages[stage] ?? Number.NaN);
    expect(Math.min(...stages)).toBeGreaterThanOrEqual(0);
    expect(stages.reduce((sum, ms) => sum + ms)).toBeCloseTo(40);
  });

  it("forgets controls that were never answered", () => {
    const meter = createLatencyMeter();
    for (let index = 0; index < 300; index++) meter.sent(`${index}`, index);
    meter.applied("0", 1, 400);
    expect(meter.drawn(meta(1, 401, 402), 410)).toBe(false);
    meter.applied("299", 1, 400);
    expect(meter.drawn(meta(1, 401, 402), 410)).toBe(true);
  });
});

it("takes quantiles between the samples", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([], 0.5)).toBe(0);
  expect(quantile([7], 0.95)).toBe(7);
});
