import { describe, expect, it } from "vitest";
import { NO_DRIFT, withTick } from "../../live/drift/drift_state";
import { heightOf, rangeOf, sparkPath } from "../../live/drift/spark";
import { createServerClock } from "../../live/transport/clock";

describe("a strip", () => {
  it("leaves gaps where a tick has no value and keeps to one point a pixel", () => {
    const range = { least: 0, most: 1 };
    expect(sparkPath([0, 1, null, 0.5], range)).toBe("M0 1.000L1 0.000M3 0.500");
    const many = Array.from({ length: 10_000 }, (_, at) => at % 2);
    expect(sparkPath(many, range, { points: 400 }).match(/[ML]/g)?.length).toBeLessThanOrEqual(400);
  });

  it("has a range that holds the usual one and is never empty", () => {
    expect(rangeOf([]).most).toBeGreaterThan(rangeOf([]).least);
    const range = rangeOf([3, 3, null], [1, 2]);
    expect(range.least).toBeLessThan(1);
    expect(range.most).toBeGreaterThan(3);
    expect(heightOf(range.most, range)).toBe(0);
    expect(heightOf(range.least, range)).toBe(1);
  });
});

describe("an alarm", () => {
  it("stays for three seconds after its last tick", () => {
    const alarm = { stat: "luma", value: 2, low: 0, high: 1 };
    let state = withTick(NO_DRIFT, 100, { luma: 2 }, alarm);
    expect(state.alarm).toBe(alarm);
    state = withTick(state, 118, { luma: 0.5 }, null);
    expect(state.alarm).toBe(alarm);
    state = withTick(state, 119, { luma: 0.5 }, null);
    expect(state.alarm).toBeNull();
    expect(state.values.luma).toEqual([2, 0.5, 0.5]);
  });
});

it("trusts the ping with the shortest way for the server's clock", () => {
  let nowMs = 1000;
  const asked: number[] = [];
  const clock = createServerClock(
    ({ t_client }) => asked.push(t_client),
    () => nowMs,
  );
  clock.start();
  expect(clock.toServer(0)).toBeUndefined();
  nowMs = 1100;
  clock.answered({ t_client: 1000, t_server: 6050 });
  expect(clock.toServer(1100)).toBe(6100);
  nowMs = 1900;
  clock.answered({ t_client: 1100, t_server: 6900 });
  expect(clock.toServer(1900)).toBe(6900);
  nowMs = 1910;
  clock.answered({ t_client: 1900, t_server: 7005 });
  expect(clock.toServer(1910)).toBe(7010);
  clock.stop();
  expect(asked.length).toBe(4);
});
