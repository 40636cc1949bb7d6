"""Names for the renderer's numbers, and arithmetic on triples of tensors."""

from __future__ import annotations

import torch
from torch import Tensor

from nodegraph.worlds.look import LOOK_SIZES

__all__ = ["FRAME_SIZES", "Uniforms", "Vec", "add", "dot", "hashed", "mix", "select", "step"]

FRAME_SIZES = {"origin": 3, "right": 3, "up": 3, "back": 3, "pixel": 1, "time": 1}
"""Uniforms of the camera: `right` and `up` times the tangents of the half angles, `pixel` the angle of a pixel."""

Vec = tuple[Tensor, Tensor, Tensor]


class Uniforms:
    """Names for the columns of the uniform matrix [B, U]; a colour or a vector comes as three [B, 1] tensors."""

    def __init__(self, values_BU: Tensor) -> None:
        self._values = values_BU
        self._at: dict[str, int] = {}
        offset = 0
        for name, size in (LOOK_SIZES | FRAME_SIZES).items():
            self._at[name] = offset
            offset += size

    def one(self, name: str, index: int = 0) -> Tensor:
        """Return a number, or one component of a triple, as [B, 1]."""
        at = self._at[name] + index
        return self._values[:, at : at + 1]

    def three(self, name: str) -> Vec:
        """Return a colour or vector."""
        return self.one(name, 0), self.one(name, 1), self.one(name, 2)


def select(here: Tensor, a: Vec, b: Vec) -> Vec:
    """`a` where the mask holds, else `b`."""
    return torch.where(here, a[0], b[0]), torch.where(here, a[1], b[1]), torch.where(here, a[2], b[2])


def mix(a: Vec, b: Vec, w: Tensor) -> Vec:
    """From `a` at w = 0 to `b` at w = 1."""
    return a[0] + (b[0] - a[0]) * w, a[1] + (b[1] - a[1]) * w, a[2] + (b[2] - a[2]) * w


def add(a: Vec, b: Vec, w: Tensor) -> Vec:
    """`a` plus `b` times `w`."""
    return a[0] + b[0] * w, a[1] + b[1] * w, a[2] + b[2] * w


def dot(a: Vec, b: Vec) -> Tensor:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def step(low: Tensor | float, high: Tensor | float, x: Tensor) -> Tensor:
    """Smooth step: 0 at `low`, 1 at `high` (which may be the smaller of the two), level at both ends."""
    s = ((x - low) / (high - low)).clamp(0.0, 1.0)
    return s * s * (3.0 - 2.0 * s)


def hashed(x: Tensor, y: Tensor) -> Tensor:
    """Random-looking number in 0..1 of whole-number coordinates."""
    return torch.frac(torch.sin(x * 12.9898 + y * 78.233).abs() * 437.585)
