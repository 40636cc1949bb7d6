import { describe, expect, it } from "vitest";
import { createPacer } from "./pacer";

const TICK_MS = 1000 / 6;
const REFRESH_MS = 1000 / 60;

interface Shown {
  id: string;
  ms: number;
}

/** Play ticks that arrive at the given times on a 60 Hz display; returns what was drawn when, and what was dropped. */
function play(arrivalsMs: readonly number[], options: { hiddenMs?: [number, number] } = {}) {
  const dropped: string[] = [];
  const pacer = createPacer<string>({ fps: 24, drop: (id) => dropped.push(id) });
  const shown: Shown[] = [];
  let tick = 0;
  let worstLeadMs = 0;
  const endMs = (arrivalsMs.at(-1) ?? 0) + 400;
  for (let ms = 0; ms < endMs; ms += REFRESH_MS) {
    while ((arrivalsMs[tick] ?? Number.POSITIVE_INFINITY) <= ms) {
      for (let index = 0; index < 4; index++) pacer.push(`${tick}.${index}`, tick, arrivalsMs[tick] ?? 0);
      tick += 1;
    }
    const [from, to] = options.hiddenMs ?? [0, 0];
    if (ms >= from && ms < to) continue;
    const id = pacer.take(ms);
    if (id !== null) shown.push({ id, ms });
    worstLeadMs = Math.max(worstLeadMs, pacer.leadMs(ms));
  }
  return { shown, dropped, worstLeadMs };
}

const steady = (ticks: number, periodMs = TICK_MS) => Array.from({ length: ticks }, (_, tick) => tick * periodMs);
const gaps = (shown: readonly Shown[]) => shown.slice(1).map(({ ms }, index) => ms - (shown[index]?.ms ?? 0));

/** Repeatable noise in -1..1. */
function noise(index: number): number {
  const value = Math.sin(index * 12.9898) * 43758.5453;
  return (value - Math.floor(value)) * 2 - 1;
}

describe("createPacer", () => {
  it("spreads the four pictures of a tick evenly, and shows every one in order", () => {
    const { shown, dropped } = play(steady(60));
    expect(dropped).toEqual([]);
    expect(shown.map(({ id }) => id)).toEqual(
      steady(60).flatMap((_, tick) => [0, 1, 2, 3].map((index) => `${tick}.${index}`)),
    );
    for (const gap of gaps(shown).slice(24)) expect(gap).toBeLessThanOrEqual(4 * REFRESH_MS + 1e-6);
  });

  it("shows the first picture at once", () => {
    expect(play(steady(2)).shown[0]).toEqual({ id: "0.0", ms: 0 });
  });

  it("holds only a small lead on a steady source", () => {
    const { worstLeadMs } = play(steady(60));
    expect(worstLeadMs).toBeLessThan(TICK_MS + 60);
  });

  it("never stops for jitter once it knows it, and adds less than 120 ms for it", () => {
    const arrivals = steady(120).map((ms, tick) => Math.max(0, ms + 30 * noise(tick)));
    const { shown, dropped, worstLeadMs } = play(arrivals);
    const late = gaps(shown.filter(({ ms }) => ms > 5000)).filter((gap) => gap > 84);
    expect(late).toEqual([]);
    expect(dropped).toEqual([]);
    expect(worstLeadMs).toBeLessThan(TICK_MS + 120);
  });

  it("plays a source at half speed evenly instead of in fits", () => {
    const { shown } = play(steady(40, TICK_MS * 2));
    const settled = gaps(shown.filter(({ ms }) => ms > 6000));
    expect(Math.max(...settled)).toBeLessThan(130);
    expect(Math.min(...settled)).toBeGreaterThan(60);
  });

  it("cuts to the newest after a stall delivered everything together", () => {
    const arrivals = [...steady(12), ...Array.from({ length: 8 }, () => 12 * TICK_MS + 1300), 12 * TICK_MS + 1467];
    const { dropped, shown } = play(arrivals);
    expect(dropped.length).toBeGreaterThan(12);
    const last = shown.at(-1);
    expect(last?.id).toBe("20.3");
    expect(last?.ms).toBeLessThan(12 * TICK_MS + 1467 + 260);
  });

  it("after a hidden page shows the newest picture and drops the rest", () => {
    const { shown, dropped } = play(steady(30), { hiddenMs: [1000, 3000] });
    const first = shown.find(({ ms }) => ms >= 3000);
    expect(Number.parseInt(first?.id ?? "0", 10)).toBeGreaterThanOrEqual(16);
    expect(dropped.length).toBeGreaterThan(40);
  });

  it("starts anew when a run begins again at tick 0", () => {
    const dropped: string[] = [];
    const pacer = createPacer<string>({ fps: 24, drop: (id) => dropped.push(id) });
    for (const id of ["a", "b", "c", "d"]) pacer.push(id, 90, 0);
    expect(pacer.take(0)).toBe("a");
    pacer.push("new", 0, 10);
    expect(dropped).toEqual(["b", "c", "d"]);
    expect(pacer.take(10)).toBe("new");
    expect(pacer.pending()).toBe(false);
  });

  it("accounts for every picture: it is shown, dropped or still waits", () => {
    const dropped: string[] = [];
    const pacer = createPacer<string>({ fps: 24, drop: (id) => dropped.push(id) });
    for (let index = 0; index < 4; index++) pacer.push(`${index}`, 1, 0);
    expect(pacer.take(50)).toBe("1");
    expect(dropped).toEqual(["0"]);
    pacer.clear();
    expect(dropped).toEqual(["0", "2", "3"]);
  });
});
