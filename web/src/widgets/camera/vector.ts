/**
 * Vectors and rotations of the camera mathematics, as in nodegraph/media/camera.py. Pure.
 * World frame: x right, y up, metres; a camera looks along its own -z. Yaw is degrees to the right, pitch upwards.
 */

export type Vec3 = readonly [x: number, y: number, z: number];
/** Rows of a rotation, camera to world. */
export type Mat3 = readonly [Vec3, Vec3, Vec3];

const DEG = Math.PI / 180;

export const radians = (deg: number): number => deg * DEG;
export const degrees = (rad: number): number => rad / DEG;

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

export function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

export function apply(m: Mat3, v: Vec3): Vec3 {
  return [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
}

export function transpose([a, b, c]: Mat3): Mat3 {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

export function multiply(a: Mat3, b: Mat3): Mat3 {
  const columns = transpose(b);
  const row = (r: Vec3): Vec3 => [dot(r, columns[0]), dot(r, columns[1]), dot(r, columns[2])];
  return [row(a[0]), row(a[1]), row(a[2])];
}

/** The rotation of a camera without roll. */
export function fromYawPitch(yawDeg: number, pitchDeg: number): Mat3 {
  const [yaw, pitch] = [radians(-yawDeg), radians(pitchDeg)];
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  return [
    [cy, sy * sp, sy * cp],
    [0, cp, -sp],
    [-sy, cy * sp, cy * cp],
  ];
}

/** Yaw and pitch in degrees of the direction in which a camera looks. */
export function yawPitch(m: Mat3): readonly [yaw: number, pitch: number] {
  const forward: Vec3 = [-m[0][2], -m[1][2], -m[2][2]];
  return yawPitchTowards(forward);
}

/** Yaw and pitch of a unit direction. */
export function yawPitchTowards(forward: Vec3): readonly [yaw: number, pitch: number] {
  return [degrees(Math.atan2(forward[0], -forward[2])), degrees(Math.asin(clamp(forward[1], -1, 1)))];
}

/** The unit direction of a yaw and a pitch. */
export function direction(yawDeg: number, pitchDeg: number): Vec3 {
  const m = fromYawPitch(yawDeg, pitchDeg);
  return [-m[0][2], -m[1][2], -m[2][2]];
}

/** Turn `a` towards `b` the shorter way by a fraction, at constant angular speed. */
export function slerp(a: Mat3, b: Mat3, fraction: number): Mat3 {
  const turn = multiply(transpose(a), b);
  const angle = Math.acos(clamp((turn[0][0] + turn[1][1] + turn[2][2] - 1) / 2, -1, 1));
  return angle < 1e-9 ? a : multiply(a, rotation(axisOf(turn, angle), angle * fraction));
}

function axisOf(turn: Mat3, angle: number): Vec3 {
  if (angle > Math.PI - 1e-6) {
    // Half a turn: the antisymmetric part vanishes; (R + I) / 2 is axis axis^T.
    const diagonal = [turn[0][0], turn[1][1], turn[2][2]].map((value) => (value + 1) / 2);
    const most = diagonal.indexOf(Math.max(...diagonal)) as 0 | 1 | 2;
    const root = Math.sqrt(diagonal[most] ?? 1);
    const at = (row: 0 | 1 | 2) => (row === most ? (diagonal[most] ?? 1) : turn[row][most] / 2) / root;
    return [at(0), at(1), at(2)];
  }
  const odd: Vec3 = [turn[2][1] - turn[1][2], turn[0][2] - turn[2][0], turn[1][0] - turn[0][1]];
  return scale(odd, 1 / (2 * Math.sin(angle)));
}

/** Rodrigues' formula. */
function rotation([x, y, z]: Vec3, angle: number): Mat3 {
  const [s, c] = [Math.sin(angle), 1 - Math.cos(angle)];
  return [
    [1 - c * (y * y + z * z), c * x * y - s * z, c * x * z + s * y],
    [c * x * y + s * z, 1 - c * (x * x + z * z), c * y * z - s * x],
    [c * x * z - s * y, c * y * z + s * x, 1 - c * (x * x + y * y)],
  ];
}
