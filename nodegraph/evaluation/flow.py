"""Optical flow between two pictures: pyramidal Lucas-Kanade (1981), dense, with Gaussian windows. Nothing is trained.

It stops at half size, so that a soft picture is not at a disadvantage against a sharp one.
Shapes: N pairs, H rows, W columns.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["cell_flow", "flow", "luminance"]

_ROUNDS = 3
_WINDOW = 7
_SIGMA = 2.0
_SMALLEST_SIDE = 10
_FLAT = 3e-4
"""Gradient energy (of luminance 0..1) below which a region counts as flat and takes its neighbours' motion."""


def luminance(pictures: Tensor) -> Tensor:
    """uint8 [N, H, W, 3] to float [N, 1, H, W] in 0..1 (Rec. 709 weights)."""
    weights = torch.tensor([0.2126, 0.7152, 0.0722])
    return (pictures.float() / 255 @ weights)[:, None]


def _blur(x: Tensor) -> Tensor:
    taps = torch.exp(-((torch.arange(_WINDOW) - _WINDOW // 2) ** 2) / (2 * _SIGMA**2))
    taps = taps / taps.sum()
    n, c, h, w = x.shape
    x = F.pad(x.reshape(n * c, 1, h, w), (_WINDOW // 2,) * 4, mode="replicate")
    return F.conv2d(F.conv2d(x, taps.view(1, 1, 1, -1)), taps.view(1, 1, -1, 1)).view(n, c, h, w)


def _warp(x: Tensor, flow_N2HW: Tensor) -> Tensor:
    h, w = x.shape[-2:]
    rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    at = torch.stack(
        [(columns + flow_N2HW[:, 0] + 0.5) / w * 2 - 1, (rows + flow_N2HW[:, 1] + 0.5) / h * 2 - 1], dim=-1
    )
    return F.grid_sample(x, at, mode="bilinear", padding_mode="border", align_corners=False)


def _refine(a: Tensor, b: Tensor, motion: Tensor) -> Tensor:
    """Gauss-Newton rounds on the windowed brightness error."""
    padded = F.pad(a, (1, 1, 1, 1), mode="replicate")
    gx = (padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2
    gy = (padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2
    xx, xy, yy = _blur(torch.cat([gx * gx, gx * gy, gy * gy], dim=1)).split(1, dim=1)
    xx, yy = xx + _FLAT, yy + _FLAT
    det = xx * yy - xy * xy
    for _ in range(_ROUNDS):
        gap = a - _warp(b, motion)
        ex, ey = _blur(torch.cat([gx * gap, gy * gap], dim=1)).split(1, dim=1)
        step = torch.cat([(yy * ex - xy * ey) / det, (xx * ey - xy * ex) / det], dim=1)
        motion = motion + step.clamp(-2, 2)
    return motion


@torch.no_grad()
def flow(before: Tensor, after: Tensor) -> tuple[Tensor, Tensor]:
    """Motion in pixels of the full picture [N, 2, H/2, W/2] (right, down), and how much texture carries it [N, 1, ...].

    Args:
        before, after: uint8 [N, H, W, 3].
    """
    levels = [(F.avg_pool2d(luminance(before), 2), F.avg_pool2d(luminance(after), 2))]
    while min(levels[-1][0].shape[-2:]) >= 2 * _SMALLEST_SIDE:
        levels.append((F.avg_pool2d(levels[-1][0], 2), F.avg_pool2d(levels[-1][1], 2)))
    motion = torch.zeros(len(before), 2, *levels[-1][0].shape[-2:])
    for a, b in reversed(levels):
        if motion.shape[-2:] != a.shape[-2:]:
            motion = 2 * F.interpolate(motion, size=a.shape[-2:], mode="bilinear", align_corners=False)
        motion = _refine(_blur(a), _blur(b), motion)
    first = _blur(levels[0][0])
    padded = F.pad(first, (1, 1, 1, 1), mode="replicate")
    texture = _blur(
        ((padded[..., 1:-1, 2:] - padded[..., 1:-1, :-2]) / 2) ** 2
        + ((padded[..., 2:, 1:-1] - padded[..., :-2, 1:-1]) / 2) ** 2
    )
    return 2 * motion, texture


def cell_flow(before: Tensor, after: Tensor, rows: int, columns: int) -> Tensor:
    """Motion per cell of a coarse grid, weighted by texture: [N, 3, rows, columns].

    The channels are right and down, in units of the picture's height, and the logarithm of the texture.
    """
    motion, texture = flow(before, after)
    weight = texture + 1e-6
    pooled = F.adaptive_avg_pool2d(torch.cat([motion * weight, weight], dim=1), (rows, columns))
    return torch.cat([pooled[:, :2] / pooled[:, 2:] / before.shape[1], (pooled[:, 2:] + 1e-6).log()], dim=1)
