/**
 * Where the time goes between moving a control and seeing it: a stopwatch fed from messages and frame metadata.
 *
 * Stages of one control, in order: `send` (browser to server, half the measured round trip), `wait` (until a tick that nobody has
 * begun takes it), `generate` (step and decode), `encode`, `deliver` (network, picture decoding, pacing, drawing).
 * Server times are moved onto the browser's clock by the smallest difference seen, which is the offset plus the
 * shortest way over the network.
 */
import { median, quantile } from "./quantile";
import type { FrameMeta } from "./transport/frames";

export const STAGES = ["send", "wait", "generate", "encode", "deliver"] as const;
export type Stage = (typeof STAGES)[number];

export interface LatencySummary {
  /** Medians over the last controls, in milliseconds. */
  stages: Record<Stage, number>;
  totalMs: number;
  p95Ms: number;
  p99Ms: number;
  samples: number;
}

interface Journey {
  sentMs: number;
  receivedMs: number | null;
  appliedMs: number | null;
  tick: number | null;
}

const KEPT_SAMPLES = 32;
const KEPT_JOURNEYS = 256;

export interface LatencyMeter {
  sent(id: string, nowMs: number): void;
  received(id: string, nowMs: number): void;
  applied(id: string, tick: number, nowMs: number): void;
  /** A frame reached the browser; `nowMs` and the metadata may come from clocks that disagree. */
  arrived(meta: FrameMeta, nowMs: number): void;
  /** A frame was drawn: controls applied at or before its tick are complete. True when a sample was added. */
  drawn(meta: FrameMeta, nowMs: number): boolean;
  summary(): LatencySummary | null;
  reset(): void;
}

type Sample = Record<Stage, number>;

/** All times are in milliseconds on one browser clock. */
export function createLatencyMeter(): LatencyMeter {
  const journeys = new Map<string, Journey>();
  const samples: Sample[] = [];
  const roundTripsMs: number[] = [];
  let leastDifferenceMs = Number.POSITIVE_INFINITY;

  const oneWayMs = () => (roundTripsMs.length === 0 ? 0 : Math.min(...roundTripsMs) / 2);
  const toBrowserMs = (serverMs: number) => serverMs + leastDifferenceMs - oneWayMs();

  function finish(journey: Journey, meta: FrameMeta, nowMs: number): void {
    const { sentMs, appliedMs } = journey;
    if (appliedMs === null) return;
    const marks = [
      sentMs,
      sentMs + Math.min(oneWayMs(), appliedMs - sentMs),
      appliedMs,
      toBrowserMs(meta.t_generated),
      toBrowserMs(meta.t_encoded),
      nowMs,
    ];
    const sample = {} as Sample;
    let before = sentMs;
    for (const [index, stage] of STAGES.entries()) {
      const mark = Math.min(Math.max(marks[index + 1] ?? before, before), nowMs);
      sample[stage] = mark - before;
      before = mark;
    }
    samples.push(sample);
    if (samples.length > KEPT_SAMPLES) samples.shift();
  }

  return {
    sent(id, nowMs) {
      journeys.set(id, { sentMs: nowMs, receivedMs: null, appliedMs: null, tick: null });
      const oldest = journeys.keys().next().value;
      if (journeys.size > KEPT_JOURNEYS && oldest !== undefined) journeys.delete(oldest);
    },
    received(id, nowMs) {
      const journey = journeys.get(id);
      if (!journey) return;
      journey.receivedMs = nowMs;
      roundTripsMs.push(nowMs - journey.sentMs);
      if (roundTripsMs.length > KEPT_SAMPLES) roundTripsMs.shift();
    },
    applied(id, tick, nowMs) {
      const journey = journeys.get(id);
      if (!journey) return;
      journey.appliedMs = nowMs;
      journey.tick = tick;
    },
    arrived(meta, nowMs) {
      leastDifferenceMs = Math.min(leastDifferenceMs, nowMs - meta.t_sent);
    },
    drawn(meta, nowMs) {
      let added = false;
      for (const [id, journey] of journeys) {
        if (journey.tick === null || journey.tick > meta.tick) continue;
        journeys.delete(id);
        finish(journey, meta, nowMs);
        added = true;
      }
      return added;
    },
    summary() {
      if (samples.length === 0) return null;
      const totals = samples.map((sample) => STAGES.reduce((sum, stage) => sum + sample[stage], 0));
      const stages = Object.fromEntries(
        STAGES.map((stage) => [stage, median(samples.map((sample) => sample[stage]))]),
      ) as Record<Stage, number>;
      return {
        stages,
        totalMs: median(totals),
        p95Ms: quantile(totals, 0.95),
        p99Ms: quantile(totals, 0.99),
        samples: samples.length,
      };
    },
    reset() {
      journeys.clear();
      samples.length = 0;
      roundTripsMs.length = 0;
      leastDifferenceMs = Number.POSITIVE_INFINITY;
    },
  };
}
