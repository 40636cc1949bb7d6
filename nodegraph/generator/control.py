"""Per-frame conditions: camera rays and pose heat maps at the latent's resolution.

Camera (APT2 section 3.3): each frame's pose relative to the PREVIOUS frame, as ray origin and ray direction per pixel,
scaled to about unit deviation. A third triple, the direction's change against the previous frame's ray at the same
pixel, states rotation and zoom directly; small models learn it much sooner than from the direction alone.

Models that know places are also told the rays in the world (as CameraCtrl 2404.02101 does relative to its first frame).

Shapes: T latent frames, R rows and Q columns of the latent.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.config import POSE_CHANNELS, GeneratorConfig
from nodegraph.generator.motion import motion_maps
from nodegraph.generator.rays import project, unit_rays
from nodegraph.values import Camera, Pose

__all__ = ["condition_planes", "place_maps", "pose_maps", "ray_maps"]

_ORIGIN_SCALE = 4.0
_DIRECTION_SCALE = 1.5
_CHANGE_SCALE = 10.0
_SIGMA_CELLS = 0.8
_EXTREME = 4.0
_PLACE_M, _PLACE_SCALE = 8.0, 3.0
_AZIMUTH_WAVES, _ELEVATION_WAVES = (4, 8, 16), (6, 12, 24)
_GROUND_M = 12.0


def ray_maps(previous: Camera, current: Camera, rows: int, columns: int) -> NDArray[np.float32]:
    """Camera planes [9, R, Q] of `current` relative to `previous`; extreme values are clipped."""
    relative = np.linalg.inv(previous.c2w) @ current.c2w
    directions = unit_rays(current.fov_y_deg, rows, columns) @ relative[:3, :3].T
    change = directions - unit_rays(previous.fov_y_deg, rows, columns)
    origin = np.broadcast_to(relative[:3, 3], directions.shape)
    planes = np.concatenate(
        [origin * _ORIGIN_SCALE, directions * _DIRECTION_SCALE, change * _CHANGE_SCALE], axis=-1
    ).transpose(2, 0, 1)
    held: NDArray[np.float32] = np.clip(planes, -_EXTREME, _EXTREME).astype(np.float32)
    return held


def place_maps(camera: Camera, rows: int, columns: int) -> NDArray[np.float32]:
    """Camera planes [22, R, Q] in the world: where the camera is, seen from its home, where each ray points, and waves
    over that, without which a network cannot tell neighbouring directions apart (Fourier features, 2006.10739).

    Positions are compressed, so that a camera that flies far away stays within what training has seen.
    """
    directions = unit_rays(camera.fov_y_deg, rows, columns) @ camera.c2w[:3, :3].T
    origin = np.tanh((camera.c2w[:3, 3] - Camera().c2w[:3, 3]) / _PLACE_M) * _PLACE_SCALE
    azimuth, elevation = np.arctan2(directions[..., 0], -directions[..., 2]), np.arcsin(directions[..., 1].clip(-1, 1))
    down = np.maximum(-directions[..., 1], 1e-3)
    reach = np.minimum(np.maximum(camera.c2w[1, 3], 0.0) / down, _GROUND_M)
    near = np.exp(-reach / _GROUND_M * 3) * (directions[..., 1] < 0)
    spot = (camera.c2w[:3, 3] + directions * reach[..., None])[..., (0, 2)]
    angles = [azimuth * n for n in _AZIMUTH_WAVES] + [elevation * n for n in _ELEVATION_WAVES]
    waves = [part for angle in angles for part in (np.sin(angle), np.cos(angle))]
    on_ground = [part * near for axis in (0, 1) for part in (np.sin(spot[..., axis]), np.cos(spot[..., axis]))]
    rays = [np.broadcast_to(origin, directions.shape), directions * _DIRECTION_SCALE]
    planes = np.concatenate([*rays, np.stack([*waves, *on_ground], axis=-1)], axis=-1)
    return planes.transpose(2, 0, 1).astype(np.float32)


def pose_maps(pose: Pose | None, camera: Camera, rows: int, columns: int) -> NDArray[np.float32]:
    """Keypoint heat maps [17, R, Q], Gaussian, peak 1; zeros where there is no pose or a point is behind the camera."""
    if pose is None:
        return np.zeros((POSE_CHANNELS, rows, columns), np.float32)
    if pose.space == "image":
        points, seen = pose.keypoints[:, :2], pose.confidence
    else:
        projected = project(pose.keypoints, camera, columns / rows)
        points, seen = projected[:, :2], pose.confidence * (projected[:, 2] > 0.1)
    # Far-away points would overflow the square; beyond one picture outside nothing is visible anyway.
    points = np.clip(np.nan_to_num(points, nan=9.0), -9.0, 9.0)
    dx = (np.arange(columns) + 0.5)[None, None] - (points[:, 0] * columns)[:, None, None]
    dy = (np.arange(rows) + 0.5)[None, :, None] - (points[:, 1] * rows)[:, None, None]
    maps = np.exp(-(dx**2 + dy**2) / (2 * _SIGMA_CELLS**2)) * seen[:, None, None]
    return maps.astype(np.float32)


def condition_planes(
    config: GeneratorConfig,
    previous: Camera,
    current: Camera,
    pose: Pose | None,
    *,
    before: Pose | None = None,
    memory: Tensor | None = None,
    recycled: bool,
    at_place: bool = True,
) -> Tensor:
    """All condition planes of one frame, float32 [U, R, Q].

    Args:
        config: the model's; says which planes there are.
        previous, current: cameras of the frame before and of this one.
        pose: keypoints, if any.
        before: those of the frame before.
        memory: planes of what the scene memory shows [2 + C, R, Q], for models with `carry`; None for nothing.
        recycled: whether the recycled frame is given.
        at_place: whether the picture shows one of the places of the training data; a user's own image does not.
    """
    _, rows, columns = config.latent_shape
    flag = np.full((1, rows, columns), float(recycled), np.float32)
    camera = ray_maps(previous, current, rows, columns)
    parts = [flag, camera, pose_maps(pose, current, rows, columns)]
    if config.transformer.carry:
        parts.append(motion_maps(previous, current, before, pose, rows, columns))
        empty = np.zeros((config.memory_latent.stop - config.memory_planes.start, rows, columns), np.float32)
        parts.append(empty if memory is None else memory.numpy())
    if config.transformer.place_rays:
        place = place_maps(current, rows, columns)
        parts.append(place if at_place else np.zeros_like(place))
    planes = torch.from_numpy(np.concatenate(parts))
    assert len(planes) == config.condition_channels
    return planes
