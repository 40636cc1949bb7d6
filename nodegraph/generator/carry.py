"""The recycled frame, moved to where the commanded camera and pose have taken it.

A latent cell holds 8x8 pixels and 4 frames; moved by a fraction of a cell, its content is not a blend of two cells but
another mixture of the channels of all cells around. That mixture is linear in the old latents and smooth in the
movement, so it is fitted in closed form, as the autoencoder's linear path is, and trained further with the network.

Shape suffixes: F frames (batch times time), C latent channels, R rows and Q columns, P movement terms.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Carry"]

_TERMS = 7
_FASTEST = 3.0


class Carry(nn.Module):
    """Resamples a latent frame along planes of movement; where nothing moves it is the identity, before training and
    after."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.weight = nn.Parameter(torch.zeros(_TERMS * channels, channels, 3, 3))
        """What each term of the movement adds, from the nine cells around the source."""

    def forward(self, x_FCRQ: Tensor, motion_FMRQ: Tensor) -> Tensor:
        """Return [F, C, R, Q].

        Args:
            x_FCRQ: the frame to move.
            motion_FMRQ: at least columns and rows to each cell's source, in cells.
        """
        index, terms = _source(motion_FMRQ, x_FCRQ.dtype)
        mixed = F.conv2d(F.pad(x_FCRQ, (1, 1, 1, 1), mode="replicate"), self.weight.to(x_FCRQ.dtype))
        stacked = torch.cat([x_FCRQ, mixed], dim=1).flatten(2)
        there = stacked.gather(2, index[:, None].expand(-1, stacked.shape[1], -1))
        parts = there.unflatten(1, (_TERMS + 1, self.channels)).unflatten(3, x_FCRQ.shape[2:])
        return parts[:, 0] + (parts[:, 1:] * terms[:, :, None]).sum(1)

    @torch.no_grad()
    def fit(self, samples: Iterable[tuple[Tensor, Tensor, Tensor]], *, ridge: float = 1e-5) -> None:
        """Set the weights by least squares from batches of frame before [F, C, R, Q], movement as in `forward`, frame
        now [F, C, R, Q]."""
        size = _TERMS * self.channels * 9
        gram = torch.zeros(size, size, dtype=torch.float64)
        right = torch.zeros(size, self.channels, dtype=torch.float64)
        for before, motion, now in samples:
            index, terms = _source(motion, torch.float32)
            around = F.unfold(F.pad(before.float(), (1, 1, 1, 1), mode="replicate"), 3)
            around = around.gather(2, index[:, None].expand(-1, around.shape[1], -1))
            design = (terms.flatten(2)[:, :, None] * around[:, None]).flatten(1, 2).transpose(1, 2).flatten(0, 1)
            base = before.float().flatten(2).gather(2, index[:, None].expand(-1, self.channels, -1))
            rest = (now.float().flatten(2) - base).transpose(1, 2).flatten(0, 1)
            gram += (design.T @ design).double().cpu()
            right += (design.T @ rest).double().cpu()
        held = gram + ridge * gram.diagonal().mean().clamp(min=1e-9) * torch.eye(size, dtype=torch.float64)
        solved = torch.linalg.solve(held, right).float().view(_TERMS, self.channels, 3, 3, self.channels)
        self.weight.copy_(solved.permute(0, 4, 1, 2, 3).flatten(0, 1))


def _source(motion_FMRQ: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Index of the cell nearest each cell's source [F, RQ], and the terms of the movement [F, P, R, Q].

    Terms: the fraction beyond that cell, its square and product, and the movement within one tick, which tells how
    content moves within the four frames of a latent.
    """
    dx, dy = motion_FMRQ[:, 0].float(), motion_FMRQ[:, 1].float()
    rows, columns = dx.shape[-2:]
    x = dx + torch.arange(columns, device=dx.device)
    y = dy + torch.arange(rows, device=dx.device)[:, None]
    near_x, near_y = x.round().clamp(0, columns - 1), y.round().clamp(0, rows - 1)
    fx, fy = (x - near_x).clamp(-0.5, 0.5), (y - near_y).clamp(-0.5, 0.5)
    whole_x, whole_y = motion_FMRQ[:, :2].float().clamp(-_FASTEST, _FASTEST).unbind(1)
    terms = torch.stack([fx, fy, fx * fx, fy * fy, fx * fy, whole_x, whole_y], dim=1).to(dtype)
    return (near_y * columns + near_x).long().flatten(1), terms
