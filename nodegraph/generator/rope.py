"""Rotary positions in three axes (time, row, column). RoPE: arXiv 2104.09864; 3-D use: APT2 section 3.

Space stretches with resolution: rows and columns are measured in fractions of the picture, so a model meets the same
range at any size. Time has a fixed interval of one latent frame and is relative to the frame being made, so that it
stays bounded in endless sessions (Infinity-RoPE, arXiv 2511.20649).
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["Rotation", "rotate", "space_time_rotation"]

Rotation = tuple[Tensor, Tensor]
"""Cosines and sines, each [tokens, head_dim / 2]."""

_SPACE_RANGE = 16.0


def _axis_dims(head_dim: int) -> tuple[int, int, int]:
    """Split the rotated pairs among time, rows and columns; time takes what is left over."""
    pairs = head_dim // 2
    space = pairs * 3 // 8
    return pairs - 2 * space, space, space


def _angles(positions: Tensor, pairs: int, base: float) -> Tensor:
    rates = base ** (-torch.arange(pairs, dtype=torch.float32, device=positions.device) / max(pairs, 1))
    return positions.float()[:, None] * rates


def space_time_rotation(times: Tensor, rows: int, columns: int, head_dim: int) -> Rotation:
    """Rotation of every token of the frames at `times` (1-D, in latent frames): [len(times) * rows * columns, ...]."""
    time_pairs, row_pairs, column_pairs = _axis_dims(head_dim)
    device = times.device
    row_pos = torch.arange(rows, device=device) * (_SPACE_RANGE / rows)
    column_pos = torch.arange(columns, device=device) * (_SPACE_RANGE / columns)
    time_a = _angles(times, time_pairs, 100.0)[:, None, None].expand(-1, rows, columns, -1)
    row_a = _angles(row_pos, row_pairs, 100.0)[None, :, None].expand(len(times), -1, columns, -1)
    column_a = _angles(column_pos, column_pairs, 100.0)[None, None].expand(len(times), rows, -1, -1)
    angles = torch.cat([time_a, row_a, column_a], dim=-1).reshape(-1, head_dim // 2)
    return angles.cos(), angles.sin()


def rotate(x: Tensor, rotation: Rotation) -> Tensor:
    """Rotate queries or keys [..., tokens, heads, head_dim]; pairs are (first half, second half) of the head."""
    cos, sin = (part[..., :, None, :].to(x.dtype) for part in rotation)
    halves = x.unflatten(-1, (2, -1))
    turned = halves * cos[..., None, :]
    turned[..., 0, :].addcmul_(halves[..., 1, :], sin, value=-1)
    turned[..., 1, :].addcmul_(halves[..., 0, :], sin)
    return turned.flatten(-2)
