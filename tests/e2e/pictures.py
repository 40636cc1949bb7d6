"""Screens against kept pictures of them: small ones, so that how a machine smooths its letters does not count.

A screen is averaged down to 160 pixels of width or so, where a line of text is a grey bar, and compared twice: over the
whole picture, which colours and themes change, and tile by tile, which shows a part that is gone or stands elsewhere.
NODEGRAPH_PICTURES=update writes the kept pictures anew; look at them before they are committed.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Difference", "compare", "difference", "small"]

FOLDER = Path(__file__).parent / "pictures"
UPDATE = os.environ.get("NODEGRAPH_PICTURES") == "update"
WIDTH = 160
TILE = 8
MEAN_AT_MOST = 0.008
TILE_AT_MOST = 0.08
"""Of the full range of a channel. Another theme differs by 0.5; in a tile, a button that is gone by 0.2, and letters
that are smoothed and set another way by up to 0.045."""


@dataclass(frozen=True)
class Difference:
    """`mean` over all, `worst` the mean of the tile that differs most, which begins at `at` (x, y); 0 to 1."""

    mean: float
    worst: float
    at: tuple[int, int]


def small(png: bytes, width: int = WIDTH) -> NDArray[np.uint8]:
    """Return a screen averaged down to a width, uint8 [H, W, 3]; H and W are multiples of a tile."""
    full = Image.open(io.BytesIO(png)).convert("RGB")
    height = max(TILE, round(width * full.height / full.width / TILE) * TILE)
    return np.asarray(full.resize((width, height), Image.Resampling.BOX))


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> Difference:
    """Compare two pictures of one size, uint8 [H, W, 3]."""
    off = np.abs(one.astype(np.float64) - other).mean(axis=2) / 255
    rows, columns = off.shape[0] // TILE, off.shape[1] // TILE
    tiles = off.reshape(rows, TILE, columns, TILE).mean(axis=(1, 3))
    row, column = np.unravel_index(int(tiles.argmax()), tiles.shape)
    return Difference(float(off.mean()), float(tiles.max()), (int(column) * TILE, int(row) * TILE))


def compare(name: str, png: bytes, keep: Path, width: int = WIDTH) -> None:
    """Hold a screen against the kept picture of this name.

    Args:
        name: of the kept picture.
        png: a screen.
        keep: a folder where the screen is put if it differs.
        width: of the kept picture, in tiles' multiples: more for what is drawn in thin lines.

    Raises:
        AssertionError: it differs, has another shape, or none is kept.
    """
    got, path = small(png, width), FOLDER / f"{name}.png"
    if UPDATE:
        FOLDER.mkdir(exist_ok=True)
        Image.fromarray(got).save(path, optimize=True)
        return
    assert path.is_file(), f"no picture of {name} is kept: run once with NODEGRAPH_PICTURES=update and look at it"
    kept = np.asarray(Image.open(path).convert("RGB"))
    assert got.shape == kept.shape, f"{name} has the shape {got.shape}, {kept.shape} is kept"
    found = difference(got, kept)
    if found.mean > MEAN_AT_MOST or found.worst > TILE_AT_MOST:
        (keep / f"{name}.png").write_bytes(png)
        raise AssertionError(f"{name} looks different: {found}; the screen is in {keep / name}.png")
