"""A number written into the corner of a picture as black and white squares, and read from there again.

It survives JPEG: eight bits, highest first, between a white and a black square. A clock that is filmed, so to speak:
whoever sees the squares change knows which control has reached the pixels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["burn_marker", "read_marker"]

BITS = 8
SQUARES = BITS + 2
PER_WIDTH = 16
"""A square's side is this part of the width."""

_DARK, _BRIGHT = 64, 192


def burn_marker(pixels: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Return frames uint8 [T, H, W, 3] with 0 <= `number` < 256 in the upper left corner."""
    assert 0 <= number < 1 << BITS, number
    side = _side(pixels.shape[2])
    marked = pixels.copy()
    for index, bit in enumerate(_squares(number)):
        marked[:, :side, index * side : (index + 1) * side] = 255 * bit
    return marked


def read_marker(pixels: NDArray[np.uint8]) -> int | None:
    """Return the number in the corner of a picture uint8 [H, W, 3]; None where there is none."""
    side = _side(pixels.shape[1])
    margin = side // 4
    levels = [
        float(pixels[margin : side - margin, i * side + margin : (i + 1) * side - margin].mean())
        for i in range(SQUARES)
    ]
    if any(_DARK < level < _BRIGHT for level in levels) or levels[0] < _BRIGHT or levels[-1] > _DARK:
        return None
    return sum((level > _BRIGHT) << (BITS - 1 - i) for i, level in enumerate(levels[1:-1]))


def _side(width: int) -> int:
    return max(width // PER_WIDTH, 1)


def _squares(number: int) -> list[int]:
    return [1, *(number >> (BITS - 1 - i) & 1 for i in range(BITS)), 0]
