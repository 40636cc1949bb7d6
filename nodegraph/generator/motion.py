"""Where what a frame shows was in the frame before: the movement that camera and keypoints command, as planes.

Nothing here is estimated from pictures. The camera moves the ground (y = 0) and, beyond a distance, a wall that stands
around it; keypoints move the body. Warping by known geometry is how camera-controlled generators keep a scene
together (GEN3C 2503.03751 section 3), here with the plainest geometry there is; what it gets wrong the network mends.

Shapes: J keypoints, K points of a body, R rows and Q columns of the latent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodegraph.generator.config import MOTION_CHANNELS
from nodegraph.generator.rays import project, unit_rays
from nodegraph.values import KEYPOINTS, Camera, Pose

__all__ = ["body_cover", "motion_maps", "seen_cells"]

_FAR_M = 12.0
_LONGEST_CELLS = 8.0
_BODY_PER_CELL = 9.0
"""A limb's half width as a fraction of the body's height on the picture."""
_COVERED, _SOFT = 0.3, 0.2

_LIMBS = [
    (KEYPOINTS.index(a), KEYPOINTS.index(b))
    for a, b in (
        *((f"{side}_{a}", f"{side}_{b}") for side in ("left", "right") for a, b in (
            ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle")
        )),
        ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"),
        ("left_hip", "right_shoulder"), ("right_hip", "left_shoulder"),
        ("nose", "left_shoulder"), ("nose", "right_shoulder"),
    )
]  # fmt: skip
_PARTS = (0.25, 0.5, 0.75)


def motion_maps(
    previous: Camera, current: Camera, before: Pose | None, now: Pose | None, rows: int, columns: int
) -> NDArray[np.float32]:
    """Planes [5, R, Q], see `MOTION_CHANNELS`; with both poses known, the body's movement lies over the camera's."""
    grid = _grid(rows, columns)
    shift = _camera_shift(previous, current, rows, columns) - grid
    old, had = _body(before, previous, rows, columns)
    new, has = _body(now, current, rows, columns)
    near = _nearness(new, has, grid)
    both = near * had.astype(np.float32)[:, None, None]
    if both.any():
        own = np.einsum("krq,kc->rqc", both, old - new) / np.maximum(both.sum(0), 1e-6)[..., None]
        over = _cover(both)[..., None]
        shift = shift * (1 - over) + own * over
    source = grid + shift
    covered, covered_before = _cover(near), _cover(_nearness(old, had, source))
    inside = _inside(source)
    shift = np.clip(shift, -_LONGEST_CELLS, _LONGEST_CELLS)
    planes = np.stack([shift[..., 0], shift[..., 1], inside, covered, covered_before])
    assert len(planes) == MOTION_CHANNELS
    return np.asarray(planes, np.float32)


def body_cover(pose: Pose | None, camera: Camera, rows: int, columns: int) -> NDArray[np.float32]:
    """How far the body that keypoints tell of covers each cell [R, Q], 0..1."""
    points, sure = _body(pose, camera, rows, columns)
    return _cover(_nearness(points, sure, _grid(rows, columns))).astype(np.float32)


def seen_cells(previous: Camera, current: Camera, rows: int, columns: int) -> NDArray[np.bool_]:
    """Which cells [R, Q] of what the current camera sees the previous one saw."""
    return _inside(_camera_shift(previous, current, rows, columns))


def _grid(rows: int, columns: int) -> NDArray[np.float64]:
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(float)


def _inside(source_RQ2: NDArray[np.float64]) -> NDArray[np.bool_]:
    rows, columns = source_RQ2.shape[:2]
    held = ((source_RQ2 >= -0.5) & (source_RQ2 <= np.array([columns, rows]) - 0.5)).all(-1)
    return np.asarray(held)


def _camera_shift(previous: Camera, current: Camera, rows: int, columns: int) -> NDArray[np.float64]:
    """Cell coordinates [R, Q, 2] at which the previous camera saw what each cell sees now."""
    if np.array_equal(previous.c2w, current.c2w) and previous.fov_y_deg == current.fov_y_deg:
        return _grid(rows, columns)
    origin = current.c2w[:3, 3]
    rays = unit_rays(current.fov_y_deg, rows, columns) @ current.c2w[:3, :3].T
    down = -rays[..., 1]
    ground = np.divide(origin[1], down, out=np.full_like(down, np.inf), where=(down > 1e-4) & (origin[1] > 0))
    points = origin + rays * np.minimum(ground, _FAR_M)[..., None]
    seen = project(points.reshape(-1, 3), previous, columns / rows).reshape(rows, columns, 3)
    return np.where(seen[..., 2:] > 0.01, seen[..., :2] * (columns, rows) - 0.5, -2.0 * columns)


def _body(
    pose: Pose | None, camera: Camera, rows: int, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points all over a body in cell coordinates [K, 2], and how surely each is seen [K]."""
    if pose is None:
        joints, seen = np.zeros((len(KEYPOINTS), 2)), np.zeros(len(KEYPOINTS))
    elif pose.space == "image":
        joints, seen = pose.keypoints[:, :2], np.asarray(pose.confidence, float)
    else:
        projected = project(pose.keypoints, camera, columns / rows)
        joints, seen = projected[:, :2], pose.confidence * (projected[:, 2] > 0.1)
    joints = np.clip(np.nan_to_num(joints, nan=9.0), -9.0, 9.0) * (columns, rows) - 0.5
    a, b = np.array(_LIMBS).T
    points = [joints, *(joints[a] * (1 - part) + joints[b] * part for part in _PARTS)]
    sure = [seen, *[np.minimum(seen[a], seen[b])] * len(_PARTS)]
    return np.concatenate(points), np.concatenate(sure)


def _nearness(points: NDArray[np.float64], sure: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float32]:
    """A Gaussian [K, R, Q] around each point, as wide as a limb."""
    held = points[sure > 0]
    height = float(np.ptp(held, axis=0).max()) if len(held) > 1 else 0.0
    sigma = max(height / _BODY_PER_CELL, 0.5)
    x, y = (np.asarray(grid[..., axis], np.float32) for axis in (0, 1))
    at = points.astype(np.float32)[:, :, None, None]
    distance = (x - at[:, 0]) ** 2 + (y - at[:, 1]) ** 2
    near: NDArray[np.float32] = np.exp(distance * np.float32(-0.5 / sigma**2)) * sure.astype(np.float32)[:, None, None]
    return near


def _cover(near: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far the body covers each cell [R, Q], 0..1."""
    return np.asarray(np.clip((near.max(0) - _COVERED) / _SOFT + 0.5, 0.0, 1.0), np.float32)
