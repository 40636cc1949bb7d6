"""The slow half of a recording, on a thread of its own: film, small pictures and statistics of frames."""

from __future__ import annotations

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

from nodegraph.takes.film import FilmPart
from nodegraph.takes.pictures import FilmRoll, Thumbs
from nodegraph.takes.stats import PictureStats

__all__ = ["SYNC_S", "Filmed", "Filmer"]

log = logging.getLogger(__name__)

SYNC_S = 1.0


@dataclass(frozen=True)
class Filmed:
    """What became of a tick's frames: records for the journal, statistics, and where they stand; or an error."""

    tick: int
    announced: tuple[dict[str, Any], ...] = ()
    stats: dict[str, float] | None = None
    part: FilmPart | None = None
    error: Exception | None = None


class Filmer:
    """Takes frames from a queue that drops nothing.

    Args:
        folder: of the take.
        segments: film files it has already.
        first_frames: uint8 [T, H, W, 3] of the take's first tick where another take made it.
        on_filmed: called on the filming thread for every tick, and with None when all is done and closed.
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

    def _work(self) -> None:
        failed = False
        while (job := self._jobs.get()) is not None:
            if failed:
                continue
            try:
                self._film(*job)
            except Exception as error:
                failed = True
                self._on_filmed(Filmed(job[0], error=error))
        try:
            self._roll.close()
        except Exception:
            log.exception("film_not_closed")
        self._on_filmed(None)

    def _film(self, tick: int, pixels: NDArray[np.uint8], keep: bool) -> None:
        stats = self._stats.of(pixels)
        if not keep:
            return
        announced: list[dict[str, Any]] = []
        part = self._roll.write(tick, pixels, announced.append)
        self._thumbs.add(tick, pixels)
        if time.monotonic() - self._synced_s >= SYNC_S:
            self._roll.sync()
            self._synced_s = time.monotonic()
        self._on_filmed(Filmed(tick, tuple(announced), stats, part))
