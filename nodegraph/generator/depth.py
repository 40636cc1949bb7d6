"""How far away everything in a picture is, and where its character stands: what a view needs to be seen from elsewhere.

A small U-Net that runs when a view is remembered, not at every tick. Trained on rendered pictures, whose distances are
exact; the camera's height and the rays' slopes come with the picture, so that the ground need not be guessed.

Shapes: B batch, H rows and W columns of pixels.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.rays import unit_rays
from nodegraph.values import Camera

__all__ = ["DepthNet", "depth_hints"]

_PATCH = 4
_HINTS = 5
_GROUND_M = 200.0
_NOBODY = -4.0


class _Block(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.GroupNorm(1, channels)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.second(F.silu(self.first(F.silu(self.norm(x)))))
        return out


class DepthNet(nn.Module):
    """Picture [B, 3, H, W] in -1..1 and hints [B, 5, H/4, W/4] to nearness [B, 1, H, W] in 1/m and body [B, 1, H, W]
    in 0..1."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.enter = nn.Conv2d(3 * _PATCH**2 + _HINTS, widths[0], 3, padding=1)
        self.going_in = nn.ModuleList(_Block(c) for c in widths)
        self.coming_out = nn.ModuleList(_Block(c) for c in widths)
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(widths))
        self.widen = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in pairwise(widths))
        self.leave = nn.Conv2d(widths[0], 2 * _PATCH**2, 3, padding=1)
        # Before training: bare ground, and nobody on it.
        nn.init.zeros_(self.leave.weight)
        assert self.leave.bias is not None
        nn.init.constant_(self.leave.bias[_PATCH**2 :], _NOBODY)

    def logits(self, picture_B3HW: Tensor, hints_BKRQ: Tensor) -> tuple[Tensor, Tensor]:
        """What nearness adds to that of the bare ground, and the body's logit, each [B, 1, H, W]."""
        x = torch.cat([F.pixel_unshuffle(picture_B3HW, _PATCH), hints_BKRQ], dim=1)
        x = self.enter(x.contiguous(memory_format=torch.channels_last))
        levels = []
        for index, block in enumerate(self.going_in):
            x = block(self.narrow[index - 1](x) if index else x)
            levels.append(x)
        for index in reversed(range(len(levels))):
            if index < len(levels) - 1:
                up = F.interpolate(self.widen[index](x), size=levels[index].shape[2:], mode="nearest")
                x = up + levels[index]
            x = self.coming_out[index](x)
        out: Tensor = F.pixel_shuffle(self.leave(F.silu(x)), _PATCH)
        return out[:, :1], out[:, 1:]

    def forward(self, picture_B3HW: Tensor, hints_BKRQ: Tensor) -> tuple[Tensor, Tensor]:
        """Return nearness and body."""
        added, body = self.logits(picture_B3HW, hints_BKRQ)
        ground = F.interpolate(hints_BKRQ[:, -2:-1], scale_factor=_PATCH, mode="bilinear", align_corners=False)
        return F.relu(ground + added), torch.sigmoid(body)


def depth_hints(camera: Camera, height: int, width: int, body_RQ: Tensor | None) -> Tensor:
    """Planes [5, H/4, W/4]: direction of each ray in the world (3), nearness of bare ground along it (1/m), and where
    keypoints say that the body is."""
    rows, columns = height // _PATCH, width // _PATCH
    rays = unit_rays(camera.fov_y_deg, rows, columns) @ camera.c2w[:3, :3].T
    high_m = max(float(camera.c2w[1, 3]), 0.05)
    ground = np.clip(-rays[..., 1] / high_m, 1 / _GROUND_M, 3.0) * (rays[..., 1] < 0)
    planes = torch.from_numpy(np.concatenate([rays, ground[..., None]], axis=-1).transpose(2, 0, 1).astype(np.float32))
    body = torch.zeros(1, rows, columns) if body_RQ is None else body_RQ[None].float()
    return torch.cat([planes, body])
