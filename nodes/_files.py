"""Files under way: written beside their place, moved there when they are whole, with the workflow inside."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.graph import Context, Registry, load_registry, to_api
from nodegraph.media.disk import named_disk_errors
from nodegraph.media.images import encode_image
from nodegraph.values import SavedFile

if TYPE_CHECKING:
    from nodegraph.media.video import VideoWriter

__all__ = ["VIDEO_SUFFIXES", "Film", "embedded", "to_the_end", "write_image"]

VIDEO_SUFFIXES = {"mp4": ".mp4", "webm_vp9": ".webm", "webm_av1": ".webm"}

_IMAGE_QUALITY = 92


def embedded(ctx: Context) -> dict[str, str]:
    """Return the texts that go into a result: the document under "workflow", the API format under "prompt"."""
    document = dict(ctx.workflow)
    return {"workflow": json.dumps(document), "prompt": json.dumps(to_api(document, _registry()))}


@cache
def _registry() -> Registry:
    return load_registry()


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await work that must not break off, however often its waiter is cancelled; cancellation passes afterwards."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


class Film:
    """A film under way. `finish` it whatever happens; what was written so far is kept. Blocking: use a worker thread.

    Args:
        saved: its place.
        kind: a key of `VIDEO_SUFFIXES`.
        crf: constant quality.
        notes: texts for its tags.
    """

    def __init__(self, saved: SavedFile, kind: str, crf: int, notes: Mapping[str, str]) -> None:
        self.saved = saved
        self._part = _beside(saved.path)
        self._kind, self._crf, self._notes = kind, crf, notes
        self._writer: VideoWriter | None = None

    def write(self, pixels: NDArray[np.uint8]) -> None:
        """Append frames, uint8 [T, H, W, 3].

        Raises:
            NodegraphError: disk_full.
        """
        if self._writer is None:
            # Here and not above: FFmpeg's libraries take a moment to load, and the node list must not wait for them.
            from nodegraph.media.video import VideoWriter

            _, height, width, _ = pixels.shape
            self._writer = VideoWriter(
                self._part, format=self._kind, width=width, height=height, crf=self._crf, metadata=self._notes
            )
        self._writer.write(pixels)

    def finish(self) -> bool:
        """Close the film and move it to its place; return whether there is one. After an error nothing is left.

        Raises:
            NodegraphError: disk_full.
        """
        try:
            if self._writer is not None:
                self._writer.close()
                self._part.replace(self.saved.path)
                return True
        except BaseException:
            self._discard()
            raise
        self._discard()
        return False

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
