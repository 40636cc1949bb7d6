import { describe, expect, it } from "vitest";
import { videoSeconds, videoTick } from "../../live/review/video_time";
import { exactRuns, heldAt } from "../../timeline/held";
import { lanesOf, stepPath } from "../../timeline/lanes";
import { clock, fitZoom, marks, scrollAfterZoom } from "../../timeline/scale";
import { control } from "./fixtures";

describe("what is held", () => {
  const held = { exact: [0, 24, 36], latents: [0, 59] as [number, number], video: [0, 80] as [number, number] };

  it("tells a snapshot from a replay, and latents from video only", () => {
    expect(heldAt(held, 36, false)).toEqual({ kind: "exact", replayTicks: 0 });
    expect(heldAt(held, 30, false)).toEqual({ kind: "replay", replayTicks: 6 });
    expect(heldAt({ ...held, exact: [] }, 30, true)).toEqual({ kind: "replay", replayTicks: 30 });
    expect(heldAt({ ...held, exact: [] }, 30, false).kind).toBe("latents");
    expect(heldAt({ ...held, exact: [] }, 70, false).kind).toBe("video");
    expect(heldAt({ exact: [], latents: null, video: null }, 1, false).kind).toBe("nothing");
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
