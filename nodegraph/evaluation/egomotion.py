"""The judge of camera motion: a small network that reads the seven axes from the flow between two pictures.

It sees optical flow on a coarse grid and never a picture, so that it cannot know a world by its colours.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nodegraph.evaluation.commands import AXES
from nodegraph.evaluation.flow import cell_flow

__all__ = ["COLUMNS", "ROWS", "EgomotionJudge", "both_ways", "turned"]

ROWS, COLUMNS = 6, 10
_CHANNELS = 3

_MIRROR = torch.tensor([-1.0, 1.0, -1.0, 1.0, 1.0, -1.0, 1.0])
"""How each axis changes in a mirror across the vertical."""


class EgomotionJudge(nn.Module):
    """Camera motion [N, 7] in the order and units of `paths.camera_motion`."""

    scale: Tensor
    mean: Tensor
    deviation: Tensor

    def __init__(self) -> None:
        super().__init__()
        count = _CHANNELS * ROWS * COLUMNS
        self.net = nn.Sequential(nn.Linear(count, 192), nn.SiLU(), nn.Linear(192, 96), nn.SiLU())
        self.head = nn.Linear(96, len(AXES))
        self.linear = nn.Linear(count, len(AXES), bias=False)
        self.register_buffer("scale", torch.ones(len(AXES)))
        self.register_buffer("mean", torch.zeros(count))
        self.register_buffer("deviation", torch.ones(count))

    def fit_scales(self, cells: Tensor, motion: Tensor) -> None:
        """Take the units of inputs and outputs from the training set."""
        flat = cells.flatten(1)
        self.mean.copy_(flat.mean(0))
        self.deviation.copy_(flat.std(0) + 1e-3)
        self.scale.copy_(motion.std(0) + 1e-6)

    def forward(self, cells: Tensor) -> Tensor:
        """Scaled motion [N, 7] of flow cells [N, 3, ROWS, COLUMNS]."""
        x = (cells.flatten(1) - self.mean) / self.deviation
        out: Tensor = self.head(self.net(x)) + self.linear(x)
        return out

    @torch.no_grad()
    def motion(self, before: Tensor, after: Tensor, batch: int = 64) -> Tensor:
        """Camera motion between uint8 pictures [N, H, W, 3]."""
        self.eval()
        pairs = zip(before.split(batch), after.split(batch), strict=True)
        return torch.cat([self(cell_flow(a, b, ROWS, COLUMNS)) * self.scale for a, b in pairs])


def turned(
    cells: Tensor, motion: Tensor, fov_y_deg_N: Tensor, extra_N4: Tensor, aspect: float
) -> tuple[Tensor, Tensor]:
    """The same pairs as if the second camera had also turned or zoomed, which moves the picture independently of depth.

    Args:
        cells: [N, 3, ROWS, COLUMNS], flow in units of the picture's height.
        motion: [N, 7].
        fov_y_deg_N: the first camera's field of view.
        extra_N4: further pan, tilt and roll in degrees, and zoom.
        aspect: width by height.
    """
    half = torch.tan(torch.deg2rad(fov_y_deg_N) / 2)[:, None, None]
    zoom = (motion[:, 3, None, None]).exp()
    y, x = torch.meshgrid(
        1 - 2 * (torch.arange(ROWS) + 0.5) / ROWS, 2 * (torch.arange(COLUMNS) + 0.5) / COLUMNS - 1, indexing="ij"
    )
    x = x * aspect
    # Where each cell's content is seen by the second camera, as a ray (u, v, -1) of that camera.
    u, v = ((x + 2 * cells[:, 0]) * half / zoom, (y - 2 * cells[:, 1]) * half / zoom)
    pan, tilt, roll = (torch.deg2rad(extra_N4[:, i])[:, None, None] for i in range(3))
    # The inverse rotation, to first order: the angles are a few degrees.
    ray = (u - pan + roll * v, v - tilt - roll * u, -1 - pan * u - tilt * v)
    u, v = ray[0] / -ray[2], ray[1] / -ray[2]
    magnified = zoom * extra_N4[:, 3, None, None].exp() / half
    moved = torch.stack([(u * magnified - x) / 2, (y - v * magnified) / 2], dim=1)
    more = torch.cat([extra_N4, torch.zeros(len(extra_N4), 3)], dim=1)
    return torch.cat([moved, cells[:, 2:]], dim=1), motion + more


def both_ways(
    forwards: Tensor, backwards: Tensor, motion: Tensor, fov_y_deg_N2: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Four samples from one pair: as it is, in a mirror, with the pictures exchanged, and both.

    Args:
        forwards, backwards: flow cells of (first, second) and (second, first).
        motion: [N, 7] of the pair; a small motion's inverse is its negative.
        fov_y_deg_N2: fields of view of both cameras.

    Returns:
        Cells, motion, and the first camera's field of view.
    """

    def mirrored(cells: Tensor) -> Tensor:
        return cells.flip(3) * torch.tensor([-1.0, 1.0, 1.0]).view(1, 3, 1, 1)

    cells = torch.cat([forwards, mirrored(forwards), backwards, mirrored(backwards)])
    lenses = fov_y_deg_N2.T.repeat_interleave(2, dim=0).flatten()
    return cells, torch.cat([motion, motion * _MIRROR, -motion, -motion * _MIRROR]), lenses
