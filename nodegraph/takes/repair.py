"""After a kill: cut off what was not committed, and say what that was."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nodegraph.takes.film import film_name
from nodegraph.takes.header import TakeHeader
from nodegraph.takes.journal import JournalWriter, cut_torn_tail
from nodegraph.takes.latents import LATENTS
from nodegraph.takes.reader import TakeReader
from nodegraph.takes.recorder import JOURNAL

__all__ = ["Repair", "repair_take"]


@dataclass(frozen=True)
class Repair:
    """What was cut off, in bytes; all zero where the process died between two ticks."""

    header: TakeHeader
    ticks: int
    journal_bytes: int
    latent_bytes: int
    film_bytes: int

    @property
    def lost_bytes(self) -> int:
        """All of it."""
        return self.journal_bytes + self.latent_bytes + self.film_bytes


def repair_take(folder: Path) -> Repair | None:
    """Make a take whole that a kill has ended, and note that it was torn; None for one that had ended by itself.

    Raises:
        NodegraphError: not_found or bad_file for a folder that is no take.
    """
    take = TakeReader(folder)
    if take.end is not None and take.torn is None:
        return None
    journal_bytes = cut_torn_tail(folder / JOURNAL)
    take = TakeReader(folder)
    latent_bytes = _cut_latents(take)
    film_bytes = _cut_film(take)
    found = Repair(take.header, take.tick_count, journal_bytes, latent_bytes, film_bytes)
    if take.end is None:
        journal = JournalWriter(folder / JOURNAL)
        journal.append({"t": "end", "tick": take.tick_count, "status": "torn", "lost_bytes": found.lost_bytes})
        journal.close()
    return found


def _cut_latents(take: TakeReader) -> int:
    shape = take.latent_shape
    if shape is None:
        return 0
    first = next(record["first"] for record in take.records if record["t"] == "latents")
    return _cut(take.folder / LATENTS, max(0, take.tick_count - first) * 2 * int(np.prod(shape)))


def _cut_film(take: TakeReader) -> int:
    """Cut the segments this take wrote itself; one that it shares with its parent goes on there."""
    ends: dict[int, int] = {}
    for record in take.records:
        if record["t"] == "film" and not record.get("shared"):
            ends.setdefault(record["segment"], 0)
    for tick in take.ticks():
        if tick.film is not None and tick.film.segment in ends:
            ends[tick.film.segment] = tick.film.end
    return sum(_cut(take.folder / film_name(segment), end) for segment, end in ends.items())


def _cut(path: Path, size: int) -> int:
    try:
        extra = path.stat().st_size - size
    except FileNotFoundError:
        return 0
    if extra <= 0:
        return 0
    with path.open("r+b") as file:
        file.truncate(size)
        os.fdatasync(file.fileno())
    return extra
