import { describe, expect, it } from "vitest";
import { inputUrl } from "../../graph/widgets/input_url";
import { isFitting } from "../../graph/widgets/uploads";
import { GRIPS, held, MOVE, pulled, readCrop, shaped, WHOLE, writeCrop } from "../../widgets/crop/model";
import { boxOf, lengthOf, poseAt, readClip, seen } from "../../widgets/pose/clip";

describe("files for a node", () => {
  it("fit by type or, where there is none, by ending", () => {
    expect(isFitting({ type: "image/png", name: "a" }, "image")).toBe(true);
    expect(isFitting({ type: "", name: "walk.JSON" }, "pose")).toBe(true);
    expect(isFitting({ type: "application/json", name: "w.json" }, "image")).toBe(false);
  });

  it("have an address by folder and name", () => {
    expect(inputUrl("mine/a b.png")).toBe("/view?filename=a+b.png&subfolder=mine&type=input");
  });
});

describe("a crop", () => {
  const crop = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };

  it("is nothing where it is the whole picture", () => {
    expect(writeCrop(WHOLE)).toBeNull();
    expect(writeCrop(crop)).toEqual(crop);
    expect(readCrop(null)).toEqual(WHOLE);
    expect(readCrop({ x: 0.9, width: 0.5 })).toEqual({ x: 0.5, y: 0, width: 0.5, height: 1 });
  });

  it("moves inside the picture and keeps its size", () => {
    expect(pulled(crop, MOVE, 5, -5, null)).toEqual({ x: 0.5, y: 0, width: 0.5, height: 0.5 });
  });

  it("is pulled by each of its grips without leaving the picture or vanishing", () => {
    for (const grip of GRIPS) {
      for (const [byX, byY] of [
        [5, 5],
        [-5, -5],
        [0.1, -0.1],
      ] as const) {
        for (const ratio of [null, 1, 2]) {
          const after = pulled(crop, grip, byX, byY, ratio);
          expect(after).toEqual(held(after));
          expect(after.width).toBeGreaterThanOrEqual(0.01);
          if (ratio !== null && after.width > 0.03 && after.height > 0.03) {
            expect(after.width / after.height).toBeCloseTo(ratio, 1);
          }
        }
      }
    }
    expect(pulled(crop, { dx: 1, dy: 0 }, 0.1, 0.4, null)).toEqual({ ...crop, width: 0.6 });
    expect(pulled(crop, { dx: -1, dy: -1 }, 0.1, 0.1, null)).toEqual({ x: 0.35, y: 0.35, width: 0.4, height: 0.4 });
  });

  it("takes a shape about its middle, as large as fits", () => {
    expect(shaped(crop, 0.5)).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
    expect(shaped(crop, 2)).toEqual({ x: 0, y: 0.25, width: 1, height: 0.5 });
  });
});

describe("a pose clip", () => {
  const body = (x: number) => Array.from({ length: 17 }, (_, i) => [x, i / 10, 0]);
  const clip = readClip({ kind: "pose_clip", schema: 1, fps: 2, space: "world", frames: [body(0), body(1)] });

  it("is refused where it cannot be drawn", () => {
    expect(clip).not.toBeNull();
    expect(readClip({ kind: "pose_clip", fps: 2, space: "world", frames: [[]] })).toBeNull();
    expect(readClip({ kind: "pose_clip", fps: 0, space: "world", frames: [body(0)] })).toBeNull();
    expect(readClip([])).toBeNull();
  });

  it("plays between its frames, round and round or to its end", () => {
    if (!clip) throw new Error("no clip");
    expect(lengthOf(clip)).toBe(1);
    expect(poseAt(clip, 0.25, false)[0]?.[0]).toBe(0.5);
    expect(poseAt(clip, 9, false)[0]?.[0]).toBe(1);
    expect(poseAt(clip, 1.25, true)[0]?.[0]).toBe(0.5);
    expect(poseAt(clip, 0.75, true)[0]?.[0]).toBe(0.5);
  });

  it("fits its box", () => {
    if (!clip) throw new Error("no clip");
    const box = boxOf(clip);
    for (const point of clip.frames.flat()) {
      const [x, y] = seen(point, "world");
      expect(x).toBeGreaterThan(box.left);
      expect(x).toBeLessThan(box.left + box.width);
      expect(y).toBeGreaterThan(box.top);
      expect(y).toBeLessThan(box.top + box.height);
    }
  });
});
