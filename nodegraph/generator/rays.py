"""Rays of a pinhole camera and its projection.

Shapes: R rows and Q columns of the latent, J points.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from nodegraph.values import Camera

__all__ = ["project", "unit_rays"]


@lru_cache(maxsize=64)
def unit_rays(fov_y_deg: float, rows: int, columns: int) -> NDArray[np.float64]:
    """Unit directions [R, Q, 3] in the camera's own frame (looking along -z); not to be written to."""
    half = np.tan(np.radians(fov_y_deg) / 2)
    y = (1 - 2 * (np.arange(rows) + 0.5) / rows) * half
    x = (2 * (np.arange(columns) + 0.5) / columns - 1) * half * columns / rows
    grid = np.stack([*np.meshgrid(x, y), np.full((rows, columns), -1.0)], axis=-1)
    rays = np.asarray(grid / np.linalg.norm(grid, axis=-1, keepdims=True))
    rays.flags.writeable = False
    return rays


def project(keypoints: NDArray[np.float64], camera: Camera, aspect: float) -> NDArray[np.float64]:
    """World points [J, 3] to [J, 3]: x, y as fractions of the picture (y down) and depth in metres (> 0 in front)."""
    local = (keypoints - camera.c2w[:3, 3]) @ camera.c2w[:3, :3]
    depth = -local[:, 2]
    safe = np.where(depth > 1e-3, depth, np.inf)
    half = np.tan(np.radians(camera.fov_y_deg) / 2)
    return np.stack(
        [0.5 + 0.5 * local[:, 0] / (safe * half * aspect), 0.5 - 0.5 * local[:, 1] / (safe * half), depth], axis=-1
    )
