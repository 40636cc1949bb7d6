import { describe, expect, it } from "vitest";
import { flown, simplified } from "../../widgets/camera/fly";
import {
  addAt,
  type CameraKey,
  type CameraPath,
  change,
  duplicate,
  FIRST_KEY,
  readPath,
  settle,
} from "../../widgets/camera/path";
import { remove } from "../../widgets/keyframes";
import { project, projectLine, projectPath } from "../../widgets/camera/project";
import { makeSpline, sampleAt } from "../../widgets/camera/spline";
import cases from "../fixtures/camera_paths.json";

const key = (tick: number, more: Partial<CameraKey> = {}): CameraKey => ({ ...FIRST_KEY, tick, ...more });
const ticks = (path: CameraPath) => path.map((one) => one.tick);

describe("the path through keyframes", () => {
  for (const { name, keyframes, loop, samples } of cases) {
    it(`is the server's: ${name}`, () => {
      const spline = makeSpline(readPath(keyframes), loop);
      for (const [tick, ...expected] of samples) {
        const at = spline.at(tick ?? 0);
        const found = [...at.position, at.yaw, at.pitch, at.fov];
        for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 6);
      }
    });
  }
});

describe("edits of a path", () => {
  const path = [key(0), key(12, { position: [2, 1, 3] }), key(24)];

  it("adds a keyframe on the path, so that nothing jumps", () => {
    const { keys: longer, selected } = addAt(path, 5, false);
    expect(ticks(longer)).toEqual([0, 5, 12, 24]);
    expect(selected).toBe(1);
    const at = sampleAt(path, 5, false);
    expect(longer[1]?.position.map((value) => value.toFixed(2))).toEqual(at.position.map((value) => value.toFixed(2)));
  });

  it("selects the keyframe that already stands at a tick, and goes on from the last one after it", () => {
    expect(addAt(path, 12, false)).toEqual({ keys: path, selected: 1 });
    expect(addAt(path, 40, false).keys.at(-1)).toEqual(key(40));
    expect(addAt([], 7, false).keys).toEqual([key(7)]);
  });

  it("keeps ticks apart when a keyframe is moved onto another", () => {
    expect(ticks(change(path, 0, { tick: 12 }).keys)).toEqual([12, 13, 24]);
    expect(change(path, 0, { tick: 12 }).selected).toBe(1);
    expect(ticks(change(path, 2, { tick: 0 }).keys)).toEqual([0, 1, 12]);
  });

  it("never leaves what the node accepts", () => {
    const wild = change(path, 1, { tick: -4, pitch: 120, fov: 500, yaw: 540, position: [9999, 1, 1] }).keys;
    expect(wild[1]).toMatchObject({ tick: 1, pitch: 89, fov: 120, yaw: -180, position: [1000, 1, 1] });
  });

  it("copies behind the end and never removes the last keyframe", () => {
    expect(ticks(duplicate(path, 1).keys)).toEqual([0, 12, 24, 36]);
    expect(duplicate(path, 1).keys[3]?.position).toEqual([2, 1, 3]);
    expect(ticks(remove(path, 2).keys)).toEqual([0, 12]);
    expect(remove([key(0)], 0).keys).toHaveLength(1);
  });

  it("reads what a workflow holds, with the node's defaults, sorted", () => {
    expect(readPath([{ tick: 5, position: [1, 2, 3] }, { tick: 1 }, 7, null])).toEqual([
      key(1),
      key(5, { position: [1, 2, 3] }),
    ]);
    expect(readPath("no")).toEqual([]);
    expect(ticks(settle([key(3), key(3), key(3)]))).toEqual([3, 4, 5]);
  });
});

describe("flying", () => {
  const still = { forward: 0, right: 0, up: 0, yawDeg: 0, pitchDeg: 0, zoomDeg: 0 };

  it("flies where the camera heads and stays above the ground", () => {
    let flyer = { camera: key(0, { yaw: 90 }), velocity: [0, 0, 0] as const };
    for (let i = 0; i < 120; i += 1) flyer = { ...flown(flyer, { ...still, forward: 1, up: -1 }, 1 / 60, 2) } as never;
    expect(flyer.camera.position[0]).toBeGreaterThan(3);
    expect(flyer.camera.position[1]).toBe(0.3);
    expect(flyer.camera.position[2]).toBeCloseTo(FIRST_KEY.position[2]);
  });

  it("turns a flight into few keyframes whose path stays near it", () => {
    const straight = Array.from({ length: 60 }, (_, i) => key(i, { position: [0, 1.5, 5 - i * 0.1] }));
    expect(simplified(straight).length).toBeLessThan(8);
    const circle = Array.from({ length: 72 }, (_, i) => {
      const angle = (i / 72) * 2 * Math.PI;
      return key(i, { position: [4 * Math.sin(angle), 1.5, 4 * Math.cos(angle)], yaw: -(angle * 180) / Math.PI });
    });
    const few = simplified(circle);
    expect(few.length).toBeLessThan(20);
    const spline = makeSpline(few, false);
    for (const { tick, position } of settle(circle)) {
      const at = spline.at(tick).position;
      expect(Math.hypot(...at.map((value, i) => value - (position[i] ?? 0)))).toBeLessThan(0.09);
    }
  });
});

describe("the picture of a camera", () => {
  const eye = { position: [0, 1, 5] as const, yaw: 0, pitch: 0, fov: 90 };

  it("puts what lies straight ahead in the middle and the edge of the view at the edge", () => {
    expect(project(eye, 2, [0, 1, 0])).toEqual({ x: 0.5, y: 0.5, depth: 5 });
    expect(project(eye, 2, [0, 6, 0])?.y).toBeCloseTo(0);
    expect(project(eye, 2, [10, 1, 0])?.x).toBeCloseTo(1);
    expect(project(eye, 2, [0, 1, 6])).toBeNull();
  });

  it("cuts lines that pass behind the camera", () => {
    const line = projectLine(eye, 1, [0, 0, 0], [0, 0, 10]);
    expect(line?.[1].depth).toBeCloseTo(0.05);
    expect(projectLine(eye, 1, [0, 0, 6], [0, 0, 10])).toBeNull();
  });

  it("draws a path ahead and leaves out what is behind", () => {
    const path = [key(0, { position: [0, 1, 0] }), key(10, { position: [0, 1, 10] })];
    const { lines, keys } = projectPath(path, false, eye, 1.5);
    expect(lines).toHaveLength(1);
    expect(keys.map(({ index }) => index)).toEqual([0]);
  });
});
