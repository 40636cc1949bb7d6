"""Begin a take with the first ticks of another: logs and hashes are copied, the film is shared."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.takes.files import FILES, share
from nodegraph.takes.film import film_name
from nodegraph.takes.journal import JournalWriter, Record
from nodegraph.takes.latents import LATENTS
from nodegraph.takes.pictures import THUMB_TICKS, THUMBS
from nodegraph.takes.reader import TakeReader, TickRecord
from nodegraph.takes.recorder import JOURNAL, Taken

__all__ = ["take_over"]

_BY_TICK = frozenset({"control", "edit", "failed", "file", "restored", "late", "marker", "picture", "tick", "levels"})


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
    for record in _kept(parent.records, tick, parent.thinned):
        journal.append(record)
    journal.close()
    segments = {record.film.segment for record in ticks if record.film is not None}
    for segment in segments:
        with suppress(FileNotFoundError):  # deleted meanwhile: the ticks are taken over without their film
            share(parent.folder / film_name(segment), folder / film_name(segment))
    latents = _copy_latents(parent, folder, tick)
    _share_uploads(parent, folder, tick)
    _share_thumbs(parent.folder / THUMBS, folder / THUMBS, -(-tick // THUMB_TICKS))
    return Taken(
        hashes={record.tick: record.hashes for record in ticks},
        stats=[record.stats for record in ticks],
        first_frames=_first_frames(parent, ticks),
        segments=max(segments, default=-1) + 1,
        latents=latents,
    )


def _first_frames(parent: TakeReader, ticks: list[TickRecord]) -> NDArray[np.uint8] | None:
    if not ticks or ticks[0].film is None:
        return None
    try:
        return np.stack(parent.frames(ticks[0].tick))
    except NodegraphError:
        return None


def _kept(records: list[Record], tick: int, thinned: Collection[str]) -> list[Record]:
    kept: list[Record] = []
    for record in records:
        kind = record["t"]
        if kind in thinned:
            continue
        if kind == "picture" and "film" in thinned:
            record = {**record, "film": None}
        if kind == "film" and record["first"] < tick:
            kept.append({**record, "shared": True})
        elif record.get("first", tick) < tick or _happened(record, tick):
            kept.append(record)
    return kept


def _happened(record: Record, tick: int) -> bool:
    if record["t"] not in _BY_TICK or record["tick"] is None:
        return False
    # A state before a tick has the edits at that tick in it, and not yet the controls.
    return bool(record["tick"] <= tick if record["t"] in ("edit", "file") else record["tick"] < tick)


def _copy_latents(parent: TakeReader, folder: Path, tick: int) -> int:
    held, shape = parent.latent_range, parent.latent_shape
    if held is None or shape is None or held[0] >= tick:
        return 0
    count = min(held[1] + 1, tick) - held[0]
    size = 2 * int(np.prod(shape))
    try:
        with (parent.folder / LATENTS).open("rb") as source, (folder / LATENTS).open("wb") as target:
            copied = target.write(source.read(count * size))
    except FileNotFoundError:
        copied = 0
    return copied // size


def _share_thumbs(source: Path, target: Path, count: int) -> None:
    target.mkdir(exist_ok=True)
    for number in range(count):
        if (source / f"{number}.webp").exists():
            with suppress(FileNotFoundError):
                share(source / f"{number}.webp", target / f"{number}.webp")


def _share_uploads(parent: TakeReader, folder: Path, tick: int) -> None:
    marks = {upload.sha256 for upload in parent.uploads() if upload.tick <= tick}
    if marks:
        (folder / FILES).mkdir(exist_ok=True)
    for mark in marks:
        if (parent.folder / FILES / mark).is_file():
            share(parent.folder / FILES / mark, folder / FILES / mark)
