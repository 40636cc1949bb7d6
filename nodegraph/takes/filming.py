"""The slow half of a recording, on a thread of its own: film, small pictures and statistics of frames.

An encoder that fails ends the film and not the take: latents, log and hashes go on, and a render makes the film again.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.takes.film import FilmPart
from nodegraph.takes.pictures import FilmRoll, Thumbs
from nodegraph.takes.stats import PictureStats

__all__ = ["SYNC_S", "Filmed", "Filmer"]

log = logging.getLogger(__name__)

SYNC_S = 1.0


@dataclass(frozen=True)
class Filmed:
    """What became of a tick's frames: records for the journal, statistics, and where they stand.

    `kept` is False for a tick that another take has filmed. `error`: disk_full ends the recording, any other the film.
    """

    tick: int
    nbytes: int
    kept: bool = True
    announced: tuple[dict[str, Any], ...] = ()
    stats: dict[str, float] | None = None
    part: FilmPart | None = None
    error: NodegraphError | None = None


class Filmer:
    """Takes frames from a queue that drops nothing.

    Args:
        folder: of the take.
        segments: film files it has already.
        first_frames: uint8 [T, H, W, 3] of the take's first tick where another take made it.
        on_filmed: called on the filming thread for every tick that was put, and with None when all is closed.
    """

    def __init__(
        self,
        folder: Path,
        segments: int,
        first_frames: NDArray[np.uint8] | None,
        on_filmed: Callable[[Filmed | None], None],
    ) -> None:
        self._roll = FilmRoll(folder, segments)
        self._thumbs = Thumbs(folder)
        self._stats = PictureStats()
        if first_frames is not None:
            self._stats.of(first_frames)
        self._on_filmed = on_filmed
        self._synced_s = time.monotonic()
        self._jobs: queue.SimpleQueue[tuple[int, NDArray[np.uint8], bool] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"film {folder.name}", daemon=True)
        self._thread.start()

    def put(self, tick: int, pixels: NDArray[np.uint8], *, keep: bool) -> None:
        """Film a tick's frames; without `keep` they are only looked at, because another take has them."""
        self._jobs.put((tick, pixels, keep))

    def end(self) -> None:
        """Film what waits, then close."""
        self._jobs.put(None)

    def give_up(self) -> None:
        """Let go of what waits, then close."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._jobs.get_nowait()
        self._jobs.put(None)

    def _work(self) -> None:
        try:
            self._film_all()
            self._roll.close()
        except Exception:
            log.exception("film_not_closed")
        finally:
            self._on_filmed(None)  # the recording waits for it

    def _film_all(self) -> None:
        error: NodegraphError | None = None
        while (job := self._jobs.get()) is not None:
            tick, pixels, keep = job
            filmed, error = self._looked_at(tick, pixels, keep=keep, failed=error)
            del job, pixels  # the next one may be long in coming
            self._on_filmed(filmed)

    def _looked_at(
        self, tick: int, pixels: NDArray[np.uint8], *, keep: bool, failed: NodegraphError | None
    ) -> tuple[Filmed, NodegraphError | None]:
        """Return what became of a tick, and the error that the film has ended with, once it has."""
        announced: list[dict[str, Any]] = []
        stats: dict[str, float] | None = None
        part: FilmPart | None = None
        error: NodegraphError | None = None
        try:
            stats = self._stats.of(pixels)
            if keep and failed is None:
                part = self._film(tick, pixels, announced.append)
        except Exception as fault:
            error = fault if isinstance(fault, NodegraphError) else _failed(tick, fault)
            log.warning("film_stopped tick=%s error=%s", tick, error, exc_info=error is not fault)
        told = error if failed is None else None
        noted = tuple(announced) if part is not None else ()  # a segment without a tick would count as a film
        return Filmed(tick, pixels.nbytes, keep, noted, stats, part, told), failed or error

    def _film(self, tick: int, pixels: NDArray[np.uint8], announce: Callable[[dict[str, Any]], None]) -> FilmPart:
        part = self._roll.write(tick, pixels, announce)
        self._thumbs.add(tick, pixels)
        if time.monotonic() - self._synced_s >= SYNC_S:
            self._roll.sync()
            self._synced_s = time.monotonic()
        return part


def _failed(tick: int, error: Exception) -> NodegraphError:
    return NodegraphError(
        "internal_error",
        f"The film of the take ended at tick {tick}: the encoder failed.",
        got=f"{type(error).__name__}: {error}"[:300],
        remedy="The stream and the rest of the take go on. Render the take to make its film again.",
    )
