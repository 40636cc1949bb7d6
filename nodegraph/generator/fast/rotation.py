"""Rotary positions for a cache whose keys are rotated once, when they are made.

Attention sees only differences of positions. The plain path measures times from the frame being made, so it turns
every cached key again at every step. Here a key is turned by the absolute time of its frame and never again; queries
turn by theirs. What does move with the present is small: the sink, whose distance stops growing at the window's edge,
and the text, which stands at the query's own time. Phases are kept modulo one turn in float64, so that a session may
run for ever (Infinity-RoPE, arXiv 2511.20649, reaches the same by relative times).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from nodegraph.generator.rope import Rotation, space_time_rotation

__all__ = ["Phases"]


class Phases:
    """Rotations of one model's frames at any time, computed on the device without asking it anything.

    Args:
        grid: rows and columns of tokens.
        head_dim: width of a head.
        device: where the times live.
    """

    def __init__(self, grid: tuple[int, int], head_dim: int, device: torch.device) -> None:
        zero, one = torch.zeros(1, device=device), torch.ones(1, device=device)
        cos, sin = space_time_rotation(zero, *grid, head_dim)
        self.space_cos, self.space_sin = cos, sin
        cos, sin = space_time_rotation(one, 1, 1, head_dim)
        self.per_frame = torch.atan2(sin, cos)[0].double()
        """Radians per latent frame of each pair [K / 2]; zero for the pairs of rows and columns."""

    def time(self, when: Tensor) -> Rotation:
        """Rotation [1, K / 2] by time alone; `when` is a float64 scalar on the device, in latent frames."""
        angles = torch.remainder(when * self.per_frame, 2 * math.pi).float()[None]
        return angles.cos(), angles.sin()

    def frame(self, when: Tensor) -> Rotation:
        """Rotation [N, K / 2] of the tokens of a whole frame."""
        cos, sin = self.time(when)
        return self.space_cos * cos - self.space_sin * sin, self.space_sin * cos + self.space_cos * sin
