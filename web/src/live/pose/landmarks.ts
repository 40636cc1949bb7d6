/** From MediaPipe's 33 body landmarks to the 17 keypoints of COCO, and the bones that join these. */

/** One landmark as MediaPipe gives it: fractions of the picture, y down. */
export interface Landmark {
  readonly x: number;
  readonly y: number;
  readonly visibility?: number;
}

/** [x, y, confidence]: fractions of the picture (y down), confidence 0..1. */
export type Keypoint = readonly [x: number, y: number, confidence: number];

export const KEYPOINT_NAMES = [
  "nose",
  "left_eye",
  "right_eye",
  "left_ear",
  "right_ear",
  "left_shoulder",
  "right_shoulder",
  "left_elbow",
  "right_elbow",
  "left_wrist",
  "right_wrist",
  "left_hip",
  "right_hip",
  "left_knee",
  "right_knee",
  "left_ankle",
  "right_ankle",
] as const;

export type KeypointName = (typeof KEYPOINT_NAMES)[number];

/** The landmark (MediaPipe Pose, 33 points) of each keypoint. */
const LANDMARK_OF = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28] as const;

export const BONES: readonly (readonly [KeypointName, KeypointName])[] = [
  ["left_shoulder", "right_shoulder"],
  ["left_shoulder", "left_elbow"],
  ["left_elbow", "left_wrist"],
  ["right_shoulder", "right_elbow"],
  ["right_elbow", "right_wrist"],
  ["left_shoulder", "left_hip"],
  ["right_shoulder", "right_hip"],
  ["left_hip", "right_hip"],
  ["left_hip", "left_knee"],
  ["left_knee", "left_ankle"],
  ["right_hip", "right_knee"],
  ["right_knee", "right_ankle"],
];

export const indexOf = (name: KeypointName): number => KEYPOINT_NAMES.indexOf(name);

/** Three decimals: a tenth of a percent of the picture. */
const round = (value: number): number => Math.round(value * 1000) / 1000;

/**
 * 33 landmarks to 17 keypoints. With `mirror` the picture's sides are exchanged, as in a looking glass: left and right change
 * places in the picture and in their names. Null when the landmarks are not a whole body's.
 */
export function toCoco(landmarks: readonly Landmark[], mirror: boolean): Keypoint[] | null {
  if (landmarks.length !== 33) return null;
  const points = LANDMARK_OF.map((place): Keypoint => {
    const { x, y, visibility = 1 } = landmarks[place] as Landmark;
    return [round(mirror ? 1 - x : x), round(y), round(Math.max(0, Math.min(1, visibility)))];
  });
  return mirror ? exchangeSides(points) : points;
}

function exchangeSides(points: readonly Keypoint[]): Keypoint[] {
  return KEYPOINT_NAMES.map((name, place) => {
    const other = name.startsWith("left_")
      ? name.replace("left_", "right_")
      : name.startsWith("right_")
        ? name.replace("right_", "left_")
        : name;
    return points[indexOf(other as KeypointName)] ?? (points[place] as Keypoint);
  });
}
