"""Camera mathematics: look-at, orbit and keyframe splines. Steering by hand is in `steering`.

World frame: x right, y up, metres; a camera looks along its own -z. Yaw is degrees clockwise seen from above (to the
right), 0 looks along -z; pitch is degrees upwards. c2w is camera-to-world, float64 [4, 4].
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.values import Camera

__all__ = ["CameraKeyframe", "CameraSpline", "from_yaw_pitch", "look_at", "orbit", "slerp", "yaw_pitch"]

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]

_UP = np.array([0.0, 1.0, 0.0])


def from_yaw_pitch(position: Vector, yaw_deg: float, pitch_deg: float) -> Matrix:
    """Return the c2w of a camera without roll."""
    yaw, pitch = np.radians(-yaw_deg), np.radians(pitch_deg)
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    c2w = np.eye(4)
    # R_y(yaw) R_x(pitch): pitch about the camera's own right, then yaw about the world's up
    c2w[:3, :3] = [[cy, sy * sp, sy * cp], [0.0, cp, -sp], [-sy, cy * sp, cy * cp]]
    c2w[:3, 3] = position
    return c2w


def yaw_pitch(c2w: Matrix) -> tuple[float, float]:
    """Return (yaw, pitch) in degrees of the direction in which a camera looks; the inverse of `from_yaw_pitch`."""
    forward = -c2w[:3, 2]
    yaw = np.degrees(np.arctan2(forward[0], -forward[2]))
    return float(yaw), float(np.degrees(np.arcsin(np.clip(forward[1], -1.0, 1.0))))


def look_at(eye: Vector, target: Vector) -> Matrix:
    """Return the c2w of a camera at `eye` that looks at `target` without roll; straight up or down, yaw is 0."""
    direction = target - eye
    distance_m = float(np.linalg.norm(direction))
    assert distance_m > 0, "a camera cannot look at its own place"
    pitch = np.degrees(np.arcsin(direction[1] / distance_m))
    yaw = np.degrees(np.arctan2(direction[0], -direction[2])) if np.hypot(direction[0], direction[2]) > 1e-9 else 0.0
    return from_yaw_pitch(eye, float(yaw), float(pitch))


def orbit(target: Vector, *, radius_m: float, height_m: float, angle_deg: float) -> Matrix:
    """Return the c2w on a circle around `target`, looking at it.

    `height_m` is the camera's own y. At 0 degrees it stands in front of the target (towards +z); positive angles go
    to the camera's right.
    """
    angle = np.radians(angle_deg)
    eye = np.array([target[0] + radius_m * np.sin(angle), height_m, target[2] + radius_m * np.cos(angle)])
    return look_at(eye, target)


def slerp(a: Matrix, b: Matrix, fraction: float) -> Matrix:
    """Turn rotation `a` [3, 3] towards `b` the shorter way by `fraction`, at constant angular speed."""
    turn = a.T @ b
    angle = float(np.arccos(np.clip((np.trace(turn) - 1.0) / 2.0, -1.0, 1.0)))
    if angle < 1e-9:
        return a.copy()
    return np.asarray(a @ _rotation(_axis(turn, angle), angle * fraction))


def _axis(turn: Matrix, angle: float) -> Vector:
    if angle > np.pi - 1e-6:  # half a turn: the antisymmetric part vanishes; (R + I)/2 is axis axis^T
        outer = (turn + np.eye(3)) / 2.0
        column = int(np.argmax(np.diag(outer)))
        return np.asarray(outer[:, column] / np.sqrt(outer[column, column]))
    odd = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    return np.asarray(odd / (2.0 * np.sin(angle)))


def _rotation(axis: Vector, angle: float) -> Matrix:
    """Rodrigues' formula."""
    k = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * (k @ k))


@dataclass(frozen=True, kw_only=True)
class CameraKeyframe:
    """Where the camera is at `tick`: position in metres, yaw, pitch and vertical field of view in degrees."""

    tick: int
    position: tuple[float, float, float]
    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    fov_y_deg: float = 55.0


class CameraSpline:
    """A smooth path through keyframes: Catmull-Rom in position and field of view, slerp kept level in direction.

    Before the first keyframe the camera waits at it, after the last one it stays there. With `loop` the path starts
    again after the last keyframe's tick; last and first are joined as if they were the same place, so give them the
    same values for a seamless loop. Turns go the shorter way: put a keyframe in between for more than half a turn.

    Raises:
        NodegraphError: missing_input without keyframes, out_of_range when ticks do not rise.
    """

    def __init__(self, keyframes: Sequence[CameraKeyframe], *, loop: bool = False) -> None:
        if not keyframes:
            raise NodegraphError("missing_input", "A camera path needs at least one keyframe.", got="none")
        self.ticks = [key.tick for key in keyframes]
        if any(later <= earlier for earlier, later in zip(self.ticks, self.ticks[1:], strict=False)):
            got = ", ".join(map(str, self.ticks))
            raise NodegraphError(
                "out_of_range", "Keyframe ticks must rise.", got=got, remedy="Sort them; drop doubles."
            )
        self._loop = loop and len(keyframes) > 1
        # [K, 4]: x, y, z, field of view
        self._points = np.array([[*key.position, key.fov_y_deg] for key in keyframes], dtype=np.float64)
        self._turns = [from_yaw_pitch(np.zeros(3), key.yaw_deg, key.pitch_deg)[:3, :3] for key in keyframes]
        self._slopes = self._tangents()

    def at(self, tick: float) -> Camera:
        """Return the camera at a tick, which may lie between two."""
        first, last = self.ticks[0], self.ticks[-1]
        if self._loop and tick > last:
            tick = first + (tick - first) % (last - first)
        tick = min(max(tick, first), last)
        i = min(bisect_right(self.ticks, tick) - 1, max(len(self.ticks) - 2, 0))
        if len(self.ticks) == 1:
            return self._camera(self._points[0], self._turns[0])
        span = self.ticks[i + 1] - self.ticks[i]
        u = (tick - self.ticks[i]) / span
        return self._camera(self._hermite(i, u, span), slerp(self._turns[i], self._turns[i + 1], u))

    def _hermite(self, i: int, u: float, span: int) -> Vector:
        p, m, u2, u3 = self._points, self._slopes * span, u * u, u * u * u
        start = (2 * u3 - 3 * u2 + 1) * p[i] + (u3 - 2 * u2 + u) * m[i]
        return np.asarray(start + (3 * u2 - 2 * u3) * p[i + 1] + (u3 - u2) * m[i + 1])

    def _tangents(self) -> NDArray[np.float64]:
        """Slope at each keyframe, per tick, from its two neighbours (Catmull-Rom for uneven spacing); [K, 4]."""
        p, t = self._points, np.array(self.ticks, dtype=np.float64)
        slopes = np.zeros_like(p)
        if len(p) < 2:
            return slopes
        slopes[1:-1] = (p[2:] - p[:-2]) / (t[2:] - t[:-2])[:, None]
        if self._loop:
            around = (p[1] - p[-2]) / ((t[1] - t[0]) + (t[-1] - t[-2])) if len(p) > 2 else 0.0
            slopes[0] = slopes[-1] = around
        return slopes

    def _camera(self, point: Vector, turn: Matrix) -> Camera:
        c2w = np.eye(4)
        c2w[:3, :3] = turn
        # slerp between two level cameras may tilt on the way; keep the direction, drop the roll
        return Camera(c2w=from_yaw_pitch(point[:3], *yaw_pitch(c2w)), fov_y_deg=float(point[3]))
