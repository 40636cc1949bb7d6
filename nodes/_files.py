"""Files under way: written beside their place, moved there when they are whole, with the workflow inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nodegraph.graph import Context, Registry, load_registry, to_api
from nodegraph.media.disk import named_disk_errors
from nodegraph.media.images import encode_image
from nodegraph.values import SavedFile

__all__ = ["VIDEO_SUFFIXES", "Film", "embedded", "write_image"]

VIDEO_SUFFIXES = {"mp4": ".mp4", "webm_vp9": ".webm", "webm_av1": ".webm"}

_IMAGE_QUALITY = 92


def embedded(ctx: Context) -> dict[str, str]:
    """Return the texts that go into a result: the document under "workflow", the API format under "prompt"."""
    document = dict(ctx.workflow)
    return {"workflow": json.dumps(document), "prompt": json.dumps(to_api(document, _registry()))}


@cache
def _registry() -> Registry:
    return load_registry()


class Film:
    """A film under way. `finish` it whatever happens; what was written so far is kept. Blocking: use a worker thread.

    Args:
        saved: its place.
        kind: a key of `VIDEO_SUFFIXES`.
        crf: constant quality.
        size: height and width in pixels.
        notes: texts for its tags.

    Raises:
        NodegraphError: disk_full, here or from `write` and `finish`; nothing is left behind then.
    """

    def __init__(self, saved: SavedFile, kind: str, crf: int, size: tuple[int, int], notes: Mapping[str, str]) -> None:
        # Here and not above: FFmpeg's libraries take a moment to load, and the node list must not wait for them.
        from nodegraph.media.video import VideoWriter

        self.saved = saved
        self._part = _beside(saved.path)
        height, width = size
        try:
            self._writer = VideoWriter(self._part, format=kind, width=width, height=height, crf=crf, metadata=notes)
        except BaseException:
            self._discard()
            raise

    def write(self, pixels: NDArray[np.uint8]) -> None:
        """Append frames, uint8 [T, H, W, 3]."""
        self._writer.write(pixels)

    def finish(self) -> None:
        """Close the film and move it to its place."""
        try:
            self._writer.close()
            self._part.replace(self.saved.path)
        except BaseException:
            self._discard()
            raise

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self.saved.path.unlink(missing_ok=True)


def write_image(saved: SavedFile, kind: str, pixels: NDArray[np.uint8], notes: Mapping[str, str]) -> None:
    """Write one picture, uint8 [H, W, 3], to its place, whole or not at all.

    Raises:
        NodegraphError: disk_full.
    """
    data, part = encode_image(pixels, kind, _IMAGE_QUALITY, notes), _beside(saved.path)
    try:
        with named_disk_errors():
            part.write_bytes(data)
            part.replace(saved.path)
    except BaseException:
        part.unlink(missing_ok=True)
        saved.path.unlink(missing_ok=True)
        raise


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")
