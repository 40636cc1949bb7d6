/**
 * A stick figure whose joints are dragged. Dragging a joint turns its bone about the joint above and carries everything
 * below along, so bones keep their length. Units: the height of the picture, x right, y down. Pure.
 */
import { type Keypoint, KEYPOINT_NAMES, type KeypointName } from "./landmarks";

export type Joint = KeypointName | "pelvis" | "chest";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type Puppet = Readonly<Record<Joint, Point>>;

const PARENT: Readonly<Record<Exclude<Joint, "pelvis">, Joint>> = {
  chest: "pelvis",
  nose: "chest",
  left_eye: "nose",
  right_eye: "nose",
  left_ear: "nose",
  right_ear: "nose",
  left_shoulder: "chest",
  right_shoulder: "chest",
  left_elbow: "left_shoulder",
  right_elbow: "right_shoulder",
  left_wrist: "left_elbow",
  right_wrist: "right_elbow",
  left_hip: "pelvis",
  right_hip: "pelvis",
  left_knee: "left_hip",
  right_knee: "right_hip",
  left_ankle: "left_knee",
  right_ankle: "right_knee",
};

/** Joints with a handle; the pelvis moves the whole figure. */
export const HANDLES: readonly Joint[] = [
  "pelvis",
  "chest",
  "nose",
  "left_elbow",
  "right_elbow",
  "left_wrist",
  "right_wrist",
  "left_knee",
  "right_knee",
  "left_ankle",
  "right_ankle",
];

/** Metres of a standing person seen from the front, origin at the pelvis; the person's left is on the right of the picture. */
const STANDING_M: Readonly<Record<Joint, readonly [number, number]>> = {
  pelvis: [0, 0],
  chest: [0, -0.5],
  nose: [0, -0.7],
  left_eye: [0.03, -0.74],
  right_eye: [-0.03, -0.74],
  left_ear: [0.08, -0.72],
  right_ear: [-0.08, -0.72],
  left_shoulder: [0.18, -0.5],
  right_shoulder: [-0.18, -0.5],
  left_elbow: [0.25, -0.23],
  right_elbow: [-0.25, -0.23],
  left_wrist: [0.27, 0.02],
  right_wrist: [-0.27, 0.02],
  left_hip: [0.1, 0.02],
  right_hip: [-0.1, 0.02],
  left_knee: [0.11, 0.46],
  right_knee: [-0.11, 0.46],
  left_ankle: [0.11, 0.88],
  right_ankle: [-0.11, 0.88],
};

/** The character as the first camera sees it: 4 m away, 1.5 m up, 55 degrees: a metre is 0.24 of the picture's height. */
const HOME = { x: 0.5, y: 0.644, heightsPerMetre: 0.24 };

/** A standing figure in the middle of a picture of the given width over height. */
export function standingPuppet(aspect: number): Puppet {
  return mapJoints((joint) => {
    const [x, y] = STANDING_M[joint];
    return { x: HOME.x * aspect + x * HOME.heightsPerMetre, y: HOME.y + y * HOME.heightsPerMetre };
  });
}

const JOINTS = Object.keys(STANDING_M) as Joint[];

function mapJoints(make: (joint: Joint) => Point): Puppet {
  return Object.fromEntries(JOINTS.map((joint) => [joint, make(joint)])) as Record<Joint, Point>;
}

function isBelow(joint: Joint, ancestor: Joint): boolean {
  if (joint === ancestor) return true;
  return joint !== "pelvis" && isBelow(PARENT[joint], ancestor);
}

/** The figure after `joint` was dragged towards `target`. */
export function dragJoint(puppet: Puppet, joint: Joint, target: Point): Puppet {
  if (joint === "pelvis") {
    const [dx, dy] = [target.x - puppet.pelvis.x, target.y - puppet.pelvis.y];
    return mapJoints((one) => ({ x: puppet[one].x + dx, y: puppet[one].y + dy }));
  }
  const centre = puppet[PARENT[joint]];
  const before = Math.atan2(puppet[joint].y - centre.y, puppet[joint].x - centre.x);
  const after = Math.atan2(target.y - centre.y, target.x - centre.x);
  const [cos, sin] = [Math.cos(after - before), Math.sin(after - before)];
  return mapJoints((one) => {
    const point = puppet[one];
    if (!isBelow(one, joint)) return point;
    const [x, y] = [point.x - centre.x, point.y - centre.y];
    return { x: centre.x + cos * x - sin * y, y: centre.y + sin * x + cos * y };
  });
}

/** The figure `factor` times as large, about its pelvis. */
export function scalePuppet(puppet: Puppet, factor: number): Puppet {
  const { pelvis } = puppet;
  return mapJoints((joint) => ({
    x: pelvis.x + (puppet[joint].x - pelvis.x) * factor,
    y: pelvis.y + (puppet[joint].y - pelvis.y) * factor,
  }));
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The figure as the control pose.keypoints takes it. */
export function puppetKeypoints(puppet: Puppet, aspect: number): Keypoint[] {
  return KEYPOINT_NAMES.map((name): Keypoint => [round(puppet[name].x / aspect), round(puppet[name].y), 1]);
}
