/**
 * Pacing of a stream that arrives in bursts: the four pictures of a tick come together, then nothing for 1/6 s.
 *
 * The queue must never run dry (a visible stop), and everything that waits in it is latency. What is measured at the
 * arrival of each burst is its slack: how long the pictures already queued would still have lasted. The least slack of
 * the last two seconds is steered towards a small target by playing up to 8 % faster or slower. A burst that comes too late
 * is shown at once; a queue far ahead (after a stall) is cut at once, oldest first.
 */

import { median } from "../quantile";

export interface PacerOptions<T> {
  /** The stream's nominal rate; slower sources are played evenly at their own rate. */
  fps: number;
  /** Called with every picture that will not be shown. */
  drop: (item: T) => void;
}

export interface Pacer<T> {
  push(item: T, tick: number, nowMs: number): void;
  /** The picture to draw at `nowMs`, or null if none is due. Older pictures that fell due as well are dropped. */
  take(nowMs: number): T | null;
  /** True when pictures wait to be taken. */
  pending(): boolean;
  /** How long the waiting pictures would last. */
  leadMs(nowMs: number): number;
  clear(): void;
}

const TARGET_SLACK_MS = 15;
const MAX_SLACK_MS = 180;
const WINDOW_TICKS = 12;
const MAX_RATE_CHANGE = 0.08;
const CORRECTION_MS = 1500;
const FRAMES_PER_TICK = 4;
const SLOWEST_FPS = 2;
/** A display shows a picture up to half a refresh late; taking it slightly early is the smaller error. */
const EARLY_MS = 4;

export function createPacer<T>({ fps, drop }: PacerOptions<T>): Pacer<T> {
  const nominalMs = 1000 / fps;
  let queue: T[] = [];
  let slacks: number[] = [];
  let lastTick: number | null = null;
  let lastBurstMs = 0;
  let gapsMs: number[] = [];
  let frameMs = nominalMs;
  let dueMs = 0;

  function leadMs(nowMs: number): number {
    return Math.max(0, dueMs + queue.length * frameMs - nowMs);
  }

  function clear(): void {
    for (const item of queue) drop(item);
    queue = [];
    slacks = [];
    gapsMs = [];
    lastTick = null;
    frameMs = nominalMs;
  }

  function measureGap(tick: number, nowMs: number): void {
    if (lastTick === null) return;
    gapsMs.push((nowMs - lastBurstMs) / (tick - lastTick));
    if (gapsMs.length > WINDOW_TICKS) gapsMs.shift();
  }

  /**
   * The source's own rate: a slow one is played evenly slower instead of four quick pictures and a stop. Of median and mean the
   * smaller: the median forgives a stall, the mean forgives jitter.
   */
  function sourceFrameMs(): number {
    const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gapsMs.length);
    const measuredMs = Math.min(median(gapsMs), mean) / FRAMES_PER_TICK;
    return measuredMs > nominalMs * 1.1 ? Math.min(measuredMs, 1000 / SLOWEST_FPS) : nominalMs;
  }

  function steer(slackMs: number): void {
    slacks.push(slackMs);
    if (slacks.length > WINDOW_TICKS) slacks.shift();
    const error = Math.min(...slacks) - TARGET_SLACK_MS;
    const change = Math.max(-MAX_RATE_CHANGE, Math.min(MAX_RATE_CHANGE, error / CORRECTION_MS));
    frameMs = sourceFrameMs() * (1 - change);
  }

  /** After a stall several bursts arrive together: keep the newest and forget the measurements of the stall. */
  function cutLead(slackMs: number): void {
    const surplus = Math.min(queue.length, Math.floor((slackMs - TARGET_SLACK_MS) / frameMs));
    for (const item of queue.splice(0, surplus)) drop(item);
    slacks = [];
  }

  function startBurst(tick: number, nowMs: number): void {
    if (lastTick !== null && tick < lastTick) clear();
    const first = lastTick === null;
    measureGap(tick, nowMs);
    lastTick = tick;
    lastBurstMs = nowMs;
    const slackMs = first ? 0 : dueMs + queue.length * frameMs - nowMs;
    if (slackMs > MAX_SLACK_MS) cutLead(slackMs);
    else steer(Math.max(slackMs, -CORRECTION_MS));
    if (first || slackMs < 0) dueMs = nowMs;
  }

  return {
    push(item, tick, nowMs) {
      if (tick !== lastTick) startBurst(tick, nowMs);
      queue.push(item);
    },
    take(nowMs) {
      let taken: T | null = null;
      while (queue.length > 0 && dueMs <= nowMs + EARLY_MS) {
        if (taken !== null) drop(taken);
        taken = queue.shift() as T;
        dueMs += frameMs;
      }
      if (taken !== null) dueMs = Math.max(dueMs, nowMs);
      return taken;
    },
    pending: () => queue.length > 0,
    leadMs,
    clear,
  };
}
