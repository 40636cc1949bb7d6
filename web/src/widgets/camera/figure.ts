/** What stands in the scene beside the path: the character where it starts, and the ground. Pure. */
import { BONES, indexOf } from "../../live/pose/landmarks";
import type { Vec3 } from "./vector";

/** A standing character, 17 keypoints in COCO order, metres: `keypoints(BodyState())` of nodegraph/worlds/body.py. */
const STANDING: readonly Vec3[] = [
  [0, 1.618, 0.141],
  [0.045, 1.663, 0.121],
  [-0.045, 1.663, 0.121],
  [0.1, 1.639, 0.011],
  [-0.1, 1.639, 0.011],
  [0.21, 1.429, 0.01],
  [-0.21, 1.429, 0.01],
  [0.263, 1.154, 0.018],
  [-0.263, 1.154, 0.018],
  [0.276, 0.895, 0.093],
  [-0.276, 0.895, 0.093],
  [0.11, 0.929, 0],
  [-0.11, 0.929, 0],
  [0.132, 0.49, 0],
  [-0.132, 0.49, 0],
  [0.152, 0.09, 0],
  [-0.152, 0.09, 0],
];

export type Segment = readonly [Vec3, Vec3];

const HEAD: Vec3 = [0, 1.62, 0.04];
export const HEAD_M = 0.13;
export const HEAD_CENTRE = HEAD;
export const GRID_M = 12;

const at = (index: number): Vec3 => STANDING[index] ?? HEAD;
const middle = (a: Vec3, b: Vec3): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];

/** The bones below the neck, and a neck. */
export const FIGURE: readonly Segment[] = [
  ...BONES.filter(([from, to]) => !/nose|eye|ear/.test(from + to)).map(
    ([from, to]): Segment => [at(indexOf(from)), at(indexOf(to))],
  ),
  [middle(at(indexOf("left_shoulder")), at(indexOf("right_shoulder"))), [0, HEAD[1] - HEAD_M, HEAD[2]]],
];

/** Lines of the ground, a metre apart. */
export const GROUND: readonly Segment[] = Array.from({ length: 2 * GRID_M + 1 }, (_, i) => i - GRID_M).flatMap(
  (place): Segment[] => [
    [
      [place, 0, -GRID_M],
      [place, 0, GRID_M],
    ],
    [
      [-GRID_M, 0, place],
      [GRID_M, 0, place],
    ],
  ],
);

/** The pictures of the shipped model are five to three. */
export const ASPECT = 5 / 3;
