"""Percentage of correct keypoints. numpy only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Pck", "pck"]


class Pck(NamedTuple):
    """Share of keypoints within 0.2 of the reference, and how many were compared."""

    share: float
    compared: int


def pck(
    found_T172: NDArray[np.float64],
    true_T172: NDArray[np.float64],
    seen_T17: NDArray[np.bool_],
    aspect: float,
    *,
    reference: str = "body",
    within: float = 0.2,
) -> Pck:
    """PCK@0.2 (Yang and Ramanan 2013) over keypoints that lie in the picture.

    Args:
        found_T172, true_T172: keypoints as fractions of the picture.
        seen_T17: which of the true ones lie in the picture.
        aspect: width by height of the picture.
        reference: "body": the longer side of the box around the true body; "torso": left shoulder to right hip.
        within: share of the reference that still counts as correct.
    """
    square = np.array([aspect, 1.0])
    found, true = found_T172 * square, true_T172 * square
    if reference == "body":
        size = (true.max(axis=1) - true.min(axis=1)).max(axis=1)
    else:
        size = np.linalg.norm(true[:, 5] - true[:, 12], axis=1)
    near = np.linalg.norm(found - true, axis=2) <= within * size[:, None]
    count = int(seen_T17.sum())
    return Pck(float((near & seen_T17).sum() / count) if count else 0.0, count)
