"""Which picture of a place to draw next: what the camera is about to see, the character from the side that it is seen
from, then what lies all around and the character's other sides. Pure; nothing is drawn here."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nodegraph.generator.motion import seen_cells
from nodegraph.values import KEYPOINTS, Camera, Pose

__all__ = ["Scout", "Shot"]

_ROWS, _COLUMNS = 10, 16
_HELD = 9
"""Pictures of the place that a stream remembers; earlier ones are drawn again where they are wanted."""
_NEAR_M, _AT_REST_M, _AROUND_M = 1.8, 0.3, 4.0
"""From how far away a picture still serves for what is seen in passing, at rest, and for what only might be seen."""
_ZOOM = 1.4
"""By how much a picture may be magnified."""
_COVERED, _COVERED_AT_REST = 0.85, 0.97
_AHEAD_TICKS = 4.0
_RING = 6
_SIDES = 4
_BODY_AWAY_M, _BODY_HEIGHT_M, _BODY_FOV_DEG = 3.2, 1.1, 50.0
_LEFT, _RIGHT = KEYPOINTS.index("left_shoulder"), KEYPOINTS.index("right_shoulder")
_HIPS = [KEYPOINTS.index("left_hip"), KEYPOINTS.index("right_hip")]


@dataclass(frozen=True)
class Shot:
    """A picture to draw: from which camera, and where the character stands (x, z, heading), None for without it."""

    camera: Camera
    stand: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Scout:
    """What has been drawn of a place: `cameras` of the last pictures of it, and which `sides` of the character, where 0
    is its face and 1 its left."""

    cameras: tuple[Camera, ...] = ()
    sides: frozenset[int] = frozenset()

    def next(self, before: Camera, now: Camera, pose: Pose | None) -> tuple[Scout, Shot | None]:
        """Return what to draw while the camera goes on as from `before` to `now`, and the scout that knows it."""
        ahead = _ahead(before, now)
        if not self._serves(ahead, _NEAR_M):
            return self._drawn(ahead)
        stand = None if pose is None or pose.space != "world" else _standing(pose)
        if stand is not None and (side := _side(stand, now)) not in self.sides:
            return self._posed(stand, side)
        if np.allclose(before.c2w, now.c2w) and not self._serves(now, _AT_REST_M, _COVERED_AT_REST):
            return self._drawn(now)
        for number in (0, 1, -1, 2, -2, 3):
            around = _turned(now, 2 * math.pi * number / _RING)
            if not self._serves(around, _AROUND_M):
                return self._drawn(around)
        left = [] if stand is None else [side for side in range(_SIDES) if side not in self.sides]
        return self._posed(stand, left[0]) if stand is not None and left else (self, None)

    def _serves(self, camera: Camera, far_m: float, covered: float = _COVERED) -> bool:
        """Whether enough of what the camera sees has been drawn, from near enough and large enough."""
        known = np.zeros((_ROWS, _COLUMNS), bool)
        for drawn in self.cameras:
            away = float(np.linalg.norm(drawn.c2w[:3, 3] - camera.c2w[:3, 3]))
            if away < far_m and _half(drawn) <= _ZOOM * _half(camera):
                known |= seen_cells(drawn, camera, _ROWS, _COLUMNS)
        return float(known.mean()) >= covered

    def _drawn(self, camera: Camera) -> tuple[Scout, Shot]:
        return replace(self, cameras=(*self.cameras, camera)[-_HELD:]), Shot(camera)

    def _posed(self, stand: tuple[float, float, float], side: int) -> tuple[Scout, Shot]:
        x, z, heading = stand
        angle = heading + side * 2 * math.pi / _SIDES
        c2w = np.eye(4)
        c2w[:3, :3] = _about_y(angle)
        c2w[:3, 3] = x + _BODY_AWAY_M * math.sin(angle), _BODY_HEIGHT_M, z + _BODY_AWAY_M * math.cos(angle)
        return replace(self, sides=self.sides | {side}), Shot(Camera(c2w=c2w, fov_y_deg=_BODY_FOV_DEG), stand)


def _half(camera: Camera) -> float:
    return math.tan(math.radians(camera.fov_y_deg) / 2)


def _about_y(angle_rad: float) -> NDArray[np.float64]:
    sin, cos = math.sin(angle_rad), math.cos(angle_rad)
    return np.array([[cos, 0.0, sin], [0.0, 1.0, 0.0], [-sin, 0.0, cos]])


def _heading(camera: Camera) -> float:
    """Turn about the vertical, 0 along -z, positive to the left."""
    back = camera.c2w[:3, 2]
    return math.atan2(float(back[0]), float(back[2]))


def _turned(camera: Camera, angle_rad: float) -> Camera:
    """A level camera at the same place with the widest lens that it needs, turned to the left."""
    c2w = np.eye(4)
    c2w[:3, :3], c2w[:3, 3] = _about_y(_heading(camera) + angle_rad), camera.c2w[:3, 3]
    return Camera(c2w=c2w, fov_y_deg=Camera().fov_y_deg)


def _ahead(before: Camera, now: Camera) -> Camera:
    """Where the camera will be in a moment if it goes on: turning about the vertical, and moving."""
    turn = math.remainder(_heading(now) - _heading(before), 2 * math.pi) * _AHEAD_TICKS
    c2w = now.c2w.copy()
    c2w[:3, :3] = _about_y(max(-1.0, min(1.0, turn))) @ c2w[:3, :3]
    c2w[:3, 3] += (now.c2w[:3, 3] - before.c2w[:3, 3]) * _AHEAD_TICKS
    return Camera(c2w=c2w, fov_y_deg=now.fov_y_deg)


def _standing(pose: Pose) -> tuple[float, float, float]:
    """Where a body stands and where it faces: x, z, heading (0 towards +z, positive towards +x)."""
    left = pose.keypoints[_LEFT] - pose.keypoints[_RIGHT]
    x, _, z = pose.keypoints[_HIPS].mean(0)
    return float(x), float(z), math.atan2(-float(left[2]), float(left[0]))


def _side(stand: tuple[float, float, float], camera: Camera) -> int:
    """Which side of the body the camera sees."""
    x, z, heading = stand
    bearing = math.atan2(float(camera.c2w[0, 3]) - x, float(camera.c2w[2, 3]) - z)
    return round((bearing - heading) / (2 * math.pi / _SIDES)) % _SIDES
