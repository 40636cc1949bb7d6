"""Begin a take with the first ticks of another: logs and hashes are copied, the film is shared."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np

from nodegraph.takes.film import film_name
from nodegraph.takes.journal import JournalWriter, Record
from nodegraph.takes.latents import LATENTS
from nodegraph.takes.pictures import THUMB_TICKS, THUMBS
from nodegraph.takes.reader import TakeReader
from nodegraph.takes.recorder import JOURNAL, Taken

__all__ = ["take_over"]

_BY_TICK = frozenset({"control", "edit", "late", "marker", "picture", "tick", "levels"})


def take_over(parent: TakeReader, folder: Path, tick: int) -> Taken:
    """Write the journal, latents, film and pictures of the ticks before `tick` into a new folder.

    Args:
        parent: also one that is still being written.
        folder: of the new take.
        tick: the first tick that will be the new take's own.

    Raises:
        NodegraphError: disk_full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ticks = [record for record in parent.ticks() if record.tick < tick]
    journal = JournalWriter(folder / JOURNAL)
    for record in _kept(parent.records, tick):
        journal.append(record)
    journal.close()
    segments = {record.film.segment for record in ticks if record.film is not None}
    for segment in segments:
        _share(parent.folder / film_name(segment), folder / film_name(segment))
    latents = _copy_latents(parent, folder, tick)
    _share_thumbs(parent.folder / THUMBS, folder / THUMBS, -(-tick // THUMB_TICKS))
    has_film = bool(ticks) and ticks[0].film is not None
    return Taken(
        hashes={record.tick: record.hashes for record in ticks},
        stats=[record.stats for record in ticks],
        first_frames=np.stack(parent.frames(ticks[0].tick)) if has_film else None,
        segments=max(segments, default=-1) + 1,
        latents=latents,
    )


def _kept(records: list[Record], tick: int) -> list[Record]:
    kept: list[Record] = []
    for record in records:
        kind = record["t"]
        if kind == "film" and record["first"] < tick:
            kept.append({**record, "shared": True})
        elif kind == "file" or record.get("first", tick) < tick or _happened(record, tick):
            kept.append(record)
    return kept


def _happened(record: Record, tick: int) -> bool:
    if record["t"] not in _BY_TICK:
        return False
    # A state before a tick has the edits at that tick in it, and not yet the controls.
    return bool(record["tick"] <= tick if record["t"] == "edit" else record["tick"] < tick)


def _share(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system has no such thing, copy it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _copy_latents(parent: TakeReader, folder: Path, tick: int) -> int:
    held, shape = parent.latent_range, parent.latent_shape
    if held is None or shape is None or held[0] >= tick:
        return 0
    count = min(held[1] + 1, tick) - held[0]
    with (parent.folder / LATENTS).open("rb") as source, (folder / LATENTS).open("wb") as target:
        target.write(source.read(count * 2 * int(np.prod(shape))))
    return count


def _share_thumbs(source: Path, target: Path, count: int) -> None:
    target.mkdir(exist_ok=True)
    for number in range(count):
        if (source / f"{number}.webp").exists():
            _share(source / f"{number}.webp", target / f"{number}.webp")
