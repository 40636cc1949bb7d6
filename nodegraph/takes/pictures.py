"""The film of a take in as many segments as it has sizes, and a small picture for every second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil

from nodegraph.media.disk import named_disk_errors
from nodegraph.media.images import encode_image
from nodegraph.takes.film import FilmPart, FilmWriter, film_name
from nodegraph.values import TICK_S

__all__ = ["THUMBS", "THUMB_TICKS", "FilmRoll", "Thumbs"]

THUMBS = "thumbs"
THUMB_TICKS = round(1 / TICK_S)
THUMB_WIDTH = 160
THUMB_QUALITY = 70


class FilmRoll:
    """Opens a new segment whenever the size of the frames changes.

    Args:
        folder: of the take.
        segments: how many there are already.
    """

    def __init__(self, folder: Path, segments: int) -> None:
        self._folder = folder
        self._segments = segments
        self._writer: FilmWriter | None = None

    def write(self, tick: int, pixels: NDArray[np.uint8], announce: Callable[[dict[str, Any]], None]) -> FilmPart:
        """Append a tick's frames; return where they stand. A new segment is announced first.

        Raises:
            NodegraphError: disk_full.
        """
        height, width = pixels.shape[1:3]
        if self._writer is None or (self._writer.width, self._writer.height) != (width, height):
            self.close()
            number = self._segments
            self._segments += 1
            announce({"t": "film", "segment": number, "width": width, "height": height, "first": tick})
            self._writer = FilmWriter(self._folder / film_name(number), number, width=width, height=height)
        return self._writer.write(tick, pixels)

    def sync(self) -> None:
        """Put what was written on the disk."""
        if self._writer is not None:
            self._writer.sync()

    def close(self) -> None:
        """Finish the segment."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()


class Thumbs:
    """Writes `thumbs/0.webp`, `thumbs/1.webp`, ...: the last frame of every sixth tick."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / THUMBS
        with named_disk_errors():
            self._folder.mkdir(exist_ok=True)

    def add(self, tick: int, pixels: NDArray[np.uint8]) -> None:
        """Take a tick's frames, uint8 [T, H, W, 3].

        Raises:
            NodegraphError: disk_full.
        """
        if tick % THUMB_TICKS:
            return
        data = encode_image(_small(pixels[-1]), "webp", THUMB_QUALITY)
        temporary = self._folder / "new"
        with named_disk_errors():
            temporary.write_bytes(data)
            temporary.replace(self._folder / f"{tick // THUMB_TICKS}.webp")


def _small(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[:2]
    if width <= THUMB_WIDTH:
        return pixels
    size = THUMB_WIDTH, max(1, round(height * THUMB_WIDTH / width))
    return np.asarray(Pil.fromarray(np.ascontiguousarray(pixels)).resize(size, Pil.Resampling.BILINEAR, reducing_gap=2))
