import { describe, expect, it } from "vitest";
import { videoSeconds, videoTick } from "../../live/review/video_time";
import { exactRuns, heldAt, type Kept, pictured, waySpans } from "../../timeline/held";
import { heldLines } from "../../timeline/held_text";
import { lanesOf, stepPath } from "../../timeline/lanes";
import { clock, fitZoom, marks, scrollAfterZoom } from "../../timeline/scale";
import { control } from "./fixtures";

describe("what is held", () => {
  it("has no picture of the ticks that a stop left without frames, nor of those that are being written", () => {
    expect(pictured({ status: "done", ticks: 20 }, [2, 17])).toEqual([2, 17]);
    expect(pictured({ status: "done", ticks: 20 })).toEqual([0, 19]);
    expect(pictured({ status: "live", ticks: 20 }, [0, 17])).toEqual([0, 11]);
    expect(pictured({ status: "live", ticks: 3 }, [0, 2])).toEqual([0, 0]);
  });

  const held = { exact: [0, 24, 36], latents: [0, 59] as [number, number], video: [0, 80] as [number, number] };
  const gone = { ...held, exact: [0] };
  const kept = (more: Partial<Kept> = {}): Kept => ({ held, exact: true, ...more });

  it("tells a snapshot from a replay, and latents from video only", () => {
    expect(heldAt(kept(), 36)).toEqual({ kind: "exact", replayTicks: 0, nearly: false });
    expect(heldAt(kept(), 30)).toEqual({ kind: "replay", replayTicks: 6, nearly: false });
    const near = { exact: false, approximate_from: 10 };
    expect(heldAt(kept({ ...near, held: gone }), 30).kind).toBe("latents");
    expect(heldAt(kept({ ...near, held: gone }), 70).kind).toBe("video");
    expect(heldAt(kept({ exact: false, held: { exact: [], latents: null, video: null } }), 1).kind).toBe("nothing");
  });

  it("offers latents where the exact state is gone, and only where all of them before the tick are there", () => {
    expect(heldAt(kept({ held: gone }), 30)).toEqual({ kind: "replay", replayTicks: 30, nearly: true });
    expect(heldAt(kept({ held: gone }), 60).nearly).toBe(true);
    expect(heldAt(kept({ held: gone }), 61).nearly).toBe(false);
    expect(heldAt(kept({ held: { ...gone, latents: [6, 59] } }), 30).nearly).toBe(false);
    expect(heldAt(kept({ held: gone }), 0)).toEqual({ kind: "exact", replayTicks: 0, nearly: false });
  });

  it("makes an approximate take again exactly up to where it stopped being exact", () => {
    const near = kept({ held: gone, exact: false, approximate_from: 10 });
    expect(heldAt(near, 10)).toEqual({ kind: "replay", replayTicks: 10, nearly: true });
    expect(heldAt(near, 11).kind).toBe("latents");
  });

  it("draws the ways as stretches that cover the take without a gap", () => {
    const near = kept({ held: gone, exact: false, approximate_from: 10 });
    expect(waySpans(near, 0, 90)).toEqual([
      { kind: "replay", ticks: [0, 10] },
      { kind: "latents", ticks: [11, 60] },
      { kind: "video", ticks: [61, 80] },
      { kind: "nothing", ticks: [81, 90] },
    ]);
    expect(waySpans(kept(), 12, 59)).toEqual([{ kind: "replay", ticks: [12, 59] }]);
  });

  it("says the way and what lies on the disk in words", () => {
    expect(heldLines(kept({ held: gone }), 30)).toEqual([
      "tick 30: Continues exactly, after 30 ticks made again",
      "Or nearly, at once, from the latents",
      "On the disk: latents, film",
    ]);
    const near = kept({ held: { ...held, latents: null, video: null }, exact: false, approximate_from: 10 });
    expect(heldLines(near, 30).slice(1)).toEqual([
      "On the disk: nothing but the log",
      "Approximate from tick 10 on: rebuilt from latents",
    ]);
  });

  it("draws neighbouring snapshots as one bar", () => {
    expect(exactRuns([7, 5, 6, 12])).toEqual([
      [5, 7],
      [12, 12],
    ]);
  });
});

describe("time", () => {
  it("finds the tick of a moment of the video and back, from any first tick", () => {
    for (const first of [0, 1, 17]) {
      for (let tick = first; tick < first + 40; tick += 1) {
        expect(videoTick(videoSeconds(tick, first), first)).toBe(tick);
      }
    }
  });

  it("labels the ruler so that marks do not touch, at any zoom", () => {
    for (const px of [0.05, 0.4, 3, 12, 48]) {
      const list = marks(0, 6000, px);
      const gaps = list.slice(1).map((mark, at) => (mark.tick - (list[at]?.tick ?? 0)) * px);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(72);
    }
    expect(clock(6 * 65)).toBe("1:05");
  });

  it("keeps the tick under the pointer while zooming", () => {
    const scroll = scrollAfterZoom(100, 300, 4, 8);
    expect((scroll + 100) / 8).toBe((300 + 100) / 4);
    expect(fitZoom(98, 800)).toBe(8);
  });
});

describe("lanes", () => {
  it("groups the log by input, prompts first", () => {
    const lanes = lanesOf([control(3, "yaw", 0.5), control(1, "text", "fog", "1"), control(9, "yaw", -0.5)]);
    expect(lanes.map(({ input, kind, controls }) => [input, kind, controls.length])).toEqual([
      ["text", "text", 1],
      ["yaw", "number", 2],
    ]);
    expect(lanes[1]).toMatchObject({ least: -0.5, most: 0.5 });
  });

  it("draws a number as steps that hold until the next control", () => {
    const [lane] = lanesOf([control(2, "yaw", 1), control(6, "yaw", 0)]);
    expect(lane && stepPath(lane, 0, 10)).toBe("M2 0.000 H6 V1.000 H10");
  });
});
