"""The shapes a scene is made of, as plain numpy rows. No torch.

Every primitive is one row of `ROW` floats: `GEOMETRY` for its shape in world metres, `MATERIAL` for its looks.

    ellipsoid  centre xyz, radii xyz
    cone       axis x z, bottom y, top y, bottom radius, top radius (upright; a cylinder where the radii are equal)
    box        centre xyz, half sizes xyz, yaw
    capsule    end a xyz, end b xyz, radius (a sphere where the ends meet)
    material   colour a rgb, colour b rgb, emission a, emission b, gradient start, gradient end,
               bands per metre, band share, stripes per metre, stripe share, ground-like
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BOX",
    "CAPSULE",
    "CONE",
    "ELLIPSOID",
    "GEOMETRY",
    "MATERIAL",
    "ROW",
    "Material",
    "Part",
    "Rgb",
    "bounds",
    "dim",
    "pack",
    "rgb",
]

ELLIPSOID, CONE, BOX, CAPSULE = range(4)
GEOMETRY = 7
MATERIAL = 15
ROW = GEOMETRY + MATERIAL

Rgb = tuple[float, float, float]


def rgb(code: str) -> Rgb:
    """Linear colour of a hex code such as "#ffb25a" (gamma 2, as in the renderer's output)."""
    red, green, blue = (int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return (red * red, green * green, blue * blue)


def dim(colour: Rgb, share: float) -> Rgb:
    """The colour, brighter or darker by a factor."""
    return (colour[0] * share, colour[1] * share, colour[2] * share)


@dataclass(frozen=True, kw_only=True)
class Material:
    """Looks of one primitive: two colours and where the second one shows.

    Attributes:
        a: main colour, linear.
        b: second colour; None repeats the first.
        glow_a: light that the main colour sends out, 1 = as bright as lit white.
        glow_b: the same for the second colour.
        gradient: heights (0 bottom, 1 top) between which the second colour fades in; None for no gradient.
        bands: horizontal bands per metre of height, and the share of each that shows the second colour.
        stripes: vertical divisions per metre that cut the bands into windows, and their share.
        ground_like: takes the ground's pattern instead of its own colour (hills, dunes).
    """

    a: Rgb
    b: Rgb | None = None
    glow_a: float = 0.0
    glow_b: float = 0.0
    gradient: tuple[float, float] | None = None
    bands: tuple[float, float] = (0.0, 0.0)
    stripes: tuple[float, float] = (0.0, 1.0)
    ground_like: bool = False

    def row(self) -> list[float]:
        """Return the MATERIAL floats of a primitive's row."""
        start, end = self.gradient or (2.0, 3.0)
        b = self.b or self.a
        return [*self.a, *b, self.glow_a, self.glow_b, start, end, *self.bands, *self.stripes, float(self.ground_like)]


@dataclass(frozen=True)
class Part:
    """One primitive: its kind, its geometry floats (at most GEOMETRY) and its material."""

    kind: int
    shape: tuple[float, ...]
    material: Material = field(repr=False)


def pack(parts: list[Part]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return kinds [N] and rows [N, ROW] of a list of primitives."""
    kinds = np.array([p.kind for p in parts], dtype=np.int64)
    rows = np.zeros((len(parts), ROW), dtype=np.float32)
    for row, part in zip(rows, parts, strict=True):
        row[: len(part.shape)] = part.shape
        row[GEOMETRY:] = part.material.row()
    return kinds, rows


def bounds(kinds: NDArray[np.int64], rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return bounding spheres [N, 4]: centre xyz and radius, metres."""
    out = np.zeros((len(kinds), 4), dtype=np.float32)
    g = rows[:, :GEOMETRY]
    for kind in range(4):
        m = kinds == kind
        s = g[m]
        if kind == ELLIPSOID:
            out[m] = np.c_[s[:, :3], s[:, 3:6].max(1, initial=0.0)]
        elif kind == BOX:
            out[m] = np.c_[s[:, :3], np.linalg.norm(s[:, 3:6], axis=1)]
        elif kind == CONE:
            half = (s[:, 3] - s[:, 2]) / 2
            out[m] = np.c_[s[:, 0], s[:, 2] + half, s[:, 1], np.hypot(half, s[:, 4:6].max(1, initial=0.0))]
        else:
            half_length = np.linalg.norm(s[:, 3:6] - s[:, :3], axis=1) / 2
            out[m] = np.c_[(s[:, :3] + s[:, 3:6]) / 2, half_length + s[:, 6]]
    return out
