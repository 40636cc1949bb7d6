import { describe, expect, it } from "vitest";
import { indexOf, KEYPOINT_NAMES, type Landmark, toCoco } from "./landmarks";
import { dragJoint, type Joint, type Puppet, puppetKeypoints, scalePuppet, standingPuppet } from "./puppet";

const ASPECT = 5 / 3;

/** Every landmark carries its own number as x, so that a mix-up shows. */
const numbered = (): Landmark[] =>
  Array.from({ length: 33 }, (_, place) => ({ x: place / 100, y: 0.5, visibility: 1.7 }));

describe("toCoco", () => {
  it("takes the 17 points of COCO out of MediaPipe's 33", () => {
    const points = toCoco(numbered(), false);
    expect(points).toHaveLength(KEYPOINT_NAMES.length);
    expect(points?.[indexOf("nose")]).toEqual([0, 0.5, 1]);
    expect(points?.[indexOf("left_wrist")]?.[0]).toBe(0.15);
    expect(points?.[indexOf("right_ankle")]?.[0]).toBe(0.28);
  });

  it("exchanges the sides for a looking glass, names and picture alike", () => {
    const points = toCoco(numbered(), true);
    expect(points?.[indexOf("right_wrist")]?.[0]).toBeCloseTo(1 - 0.15);
    expect(points?.[indexOf("left_ankle")]?.[0]).toBeCloseTo(1 - 0.28);
    expect(points?.[indexOf("nose")]?.[0]).toBe(1);
  });

  it("refuses anything but a whole body", () => {
    expect(toCoco(numbered().slice(1), false)).toBeNull();
  });
});

const length = (puppet: Puppet, a: Joint, b: Joint) => Math.hypot(puppet[a].x - puppet[b].x, puppet[a].y - puppet[b].y);

describe("puppet", () => {
  const standing = standingPuppet(ASPECT);

  it("stands upright in the picture with all points inside", () => {
    expect(standing.nose.y).toBeLessThan(standing.pelvis.y);
    expect(standing.left_ankle.y).toBeGreaterThan(standing.left_knee.y);
    for (const [x, y, confidence] of puppetKeypoints(standing, ASPECT)) {
      expect(x).toBeGreaterThan(0.3);
      expect(x).toBeLessThan(0.7);
      expect(y).toBeGreaterThan(0.2);
      expect(y).toBeLessThan(0.95);
      expect(confidence).toBe(1);
    }
  });

  it("turns a bone about the joint above and keeps its length", () => {
    const waving = dragJoint(standing, "left_wrist", { x: standing.left_elbow.x, y: -1 });
    expect(waving.left_wrist.y).toBeLessThan(waving.left_elbow.y);
    expect(length(waving, "left_elbow", "left_wrist")).toBeCloseTo(length(standing, "left_elbow", "left_wrist"));
    expect(waving.right_wrist).toEqual(standing.right_wrist);
  });

  it("carries everything below along", () => {
    const raised = dragJoint(standing, "right_elbow", { x: -1, y: standing.right_shoulder.y });
    expect(raised.right_wrist).not.toEqual(standing.right_wrist);
    expect(length(raised, "right_elbow", "right_wrist")).toBeCloseTo(length(standing, "right_elbow", "right_wrist"));
  });

  it("moves as a whole by its pelvis and grows about it", () => {
    const moved = dragJoint(standing, "pelvis", { x: standing.pelvis.x + 0.1, y: standing.pelvis.y });
    expect(moved.nose.x).toBeCloseTo(standing.nose.x + 0.1);
    const grown = scalePuppet(standing, 2);
    expect(grown.pelvis).toEqual(standing.pelvis);
    expect(length(grown, "left_hip", "left_knee")).toBeCloseTo(2 * length(standing, "left_hip", "left_knee"));
  });
});
