"""Rendered truth: a scene of the worlds seen from any path, with any body in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from nodegraph.generator.rays import project
from nodegraph.values import FPS, Camera
from nodegraph.worlds.clip import ClipPlan, plan_clip
from nodegraph.worlds.renderer import render

__all__ = ["draw", "plan_scene", "projected", "shrink"]

Floats = NDArray[np.float64]


def plan_scene(seed: int, frames: int, aspect: float, attributes: Mapping[str, str]) -> ClipPlan:
    """A scene with the given attributes and nothing that changes, around a camera that stands still.

    Attributes that are not given are drawn from the seed.
    """
    names = ("setting", "light", "character", "action", "weather", "prop")
    wanted: dict[str, Any] = {name: attributes[name] for name in names if name in attributes}
    return plan_clip(seed, frames=frames, aspect=aspect, move="static", change="none", place=0, **wanted)


def draw(
    plan: ClipPlan,
    c2w_T44: Floats,
    fov_T: Floats,
    keypoints_T173: Floats,
    width: int,
    height: int,
    *,
    every: int = 1,
    compiled: bool = False,
) -> NDArray[np.uint8]:
    """Pictures [T, height, width, 3] of the plan's scene along another path, `every` frames apart in time."""
    times = plan.times_s[0] + np.arange(len(c2w_T44)) * every / FPS
    stage = replace(plan.stage, shown=np.ones(len(c2w_T44)), blend=np.zeros(len(c2w_T44)))
    made = render(
        plan.scene, c2w_T44, fov_T, keypoints_T173, times, width, height, world=plan.world, stage=stage,
        compiled=compiled,
    )  # fmt: skip
    return np.asarray(made.numpy())


def projected(
    keypoints_T173: Floats, c2w_T44: Floats, fov_T: Floats, aspect: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """Keypoints in the picture: [T, 17, 2] fractions, and [T, 17] whether they lie in it."""
    flat = np.stack(
        [
            project(k, Camera(c2w=c, fov_y_deg=float(f)), aspect)
            for k, c, f in zip(keypoints_T173, c2w_T44, fov_T, strict=True)
        ]
    )
    points = flat[..., :2]
    return points, (flat[..., 2] > 0.1) & ((points > 0) & (points < 1)).all(-1)


def shrink(pictures: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Pictures [T, H, W, 3] at `size` (width, height), by area."""
    width, height = size
    if pictures.shape[1:3] == (height, width):
        return pictures
    x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    small = F.interpolate(x, size=(height, width), mode="area").round().to(torch.uint8)
    return np.ascontiguousarray(small.permute(0, 2, 3, 1).numpy())
