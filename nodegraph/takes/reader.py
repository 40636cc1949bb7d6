"""Reads a take, also one that is being written or that a kill has torn."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.engine import Control, Edit
from nodegraph.errors import NodegraphError
from nodegraph.takes.content import EditRecord, Failure, TickRecord, gathered
from nodegraph.takes.files import FoundFiles, Upload, find_files
from nodegraph.takes.film import film_name, frames_of
from nodegraph.takes.header import TakeHeader, read_header
from nodegraph.takes.journal import Record, scan
from nodegraph.takes.latents import LATENTS, read_latents
from nodegraph.takes.pictures import THUMB_TICKS, THUMBS
from nodegraph.takes.recorder import JOURNAL

__all__ = ["EditRecord", "Failure", "TakeReader", "TickRecord"]


class TakeReader:
    """A take as it stood when this was made.

    Args:
        folder: holds `take.json` and the journal.

    Raises:
        NodegraphError: not_found, bad_file, newer_schema.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.header: TakeHeader = read_header(folder)
        found = scan(folder / JOURNAL)
        self.records = found.records
        self.torn: int | None = found.torn_bytes or None
        self._content = gathered(found.records)

    @property
    def end(self) -> Record | None:
        """The last record {tick, status, error?}; None for a take that goes on or that a kill has ended."""
        return self._content.end

    @property
    def first_tick(self) -> int:
        """The first committed tick."""
        return min(self._content.ticks, default=self.header.first_own_tick)

    @property
    def tick_count(self) -> int:
        """The tick after the last committed one."""
        return max(self._content.ticks, default=self.header.first_own_tick - 1) + 1

    @property
    def levels(self) -> dict[str, tuple[float, float]]:
        """Statistic -> (low, high) without alarm; empty in the first minute."""
        return self._content.levels

    @property
    def exact(self) -> bool:
        """False where the take began from a state rebuilt from latents, or came out differently when made again."""
        return bool(self.header.settings.get("exact", True)) and not self._content.differs

    @property
    def approximate_from(self) -> int | None:
        """The first tick that cannot be made again exactly; None for an exact take."""
        if self.exact:
            return None
        return int(self.header.settings.get("approximate_from", self.header.first_own_tick))

    def exact_before(self, tick: int) -> bool:
        """Tell whether all ticks before this one can be made again exactly."""
        first = self.approximate_from
        return first is None or tick <= first

    def controls(self) -> tuple[Control, ...]:
        """Return every control with its tick, in the order of arrival."""
        return tuple(self._content.controls)

    def edits(self) -> tuple[Edit, ...]:
        """Return every edit with its tick; one that was rolled back is followed by the one that undid it."""
        return tuple(record.edit for record in self._content.edits)

    def edit_records(self) -> tuple[EditRecord, ...]:
        """Return the same with kind and changes."""
        return tuple(self._content.edits)

    def ticks(self) -> list[TickRecord]:
        """Return the committed ticks, oldest first."""
        return list(self._content.ticks.values())

    def tick(self, tick: int) -> TickRecord:
        """Return one committed tick.

        Raises:
            NodegraphError: not_found.
        """
        record = self._content.ticks.get(tick)
        if record is None:
            raise NodegraphError(
                "not_found",
                "The take does not hold this tick.",
                got=str(tick),
                expected=f"{self.first_tick} to {self.tick_count - 1}",
                remedy="Choose a tick within the take.",
            )
        return record

    def markers(self) -> list[tuple[int, str]]:
        """Return (tick, name) of every marker."""
        return list(self._content.markers)

    @property
    def thinned(self) -> frozenset[str]:
        """What was deleted to save room: "film", "latents"."""
        return frozenset(self._content.thinned)

    def failures(self) -> list[Failure]:
        """Return the nodes that raised, in the order they did."""
        return list(self._content.failures)

    def held(self) -> dict[int, int]:
        """Return tick -> bytes of the snapshots that were in memory when the journal ended."""
        return dict(self._content.held)

    def uploads(self) -> list[Upload]:
        """Return the uploaded files that the run used, in the order it came to them."""
        return list(self._content.uploads)

    def files(self, inputs: Path | None) -> FoundFiles:
        """Look for those files where the take keeps them, and below `inputs`; blocking.

        A name that stood for one file after the other, which an edit can bring about, stands for the first.
        """
        first: dict[str, Upload] = {}
        for upload in self._content.uploads:
            first.setdefault(upload.value, upload)
        return find_files(self.folder, first, inputs)

    def document_at(self, tick: int) -> dict[str, Any]:
        """Return the workflow in force before a tick, edits at that tick not included."""
        document = self.header.document
        for record in self._content.edits:
            if record.edit.tick is not None and record.edit.tick < tick:
                document = record.edit.document
        return document

    @cached_property
    def latent_range(self) -> tuple[int, int] | None:
        """First and last tick whose latents are kept."""
        facts = self._content.latents
        if facts is None or not self._content.ticks:
            return None
        each = 2 * int(np.prod(facts["shape"]))
        path = self.folder / LATENTS
        try:
            count = path.stat().st_size // each
        except FileNotFoundError:
            count = 0
        last = min(facts["first"] + count, self.tick_count) - 1
        return (facts["first"], last) if last >= facts["first"] else None

    @property
    def latent_shape(self) -> tuple[int, ...] | None:
        """[C, R, Q] of the kept latents."""
        facts = self._content.latents
        return None if facts is None else tuple(facts["shape"])

    def latents(self, first: int, last: int) -> NDArray[np.float32]:
        """Return the latents of ticks `first` .. `last` as float32 [T, C, R, Q]; they were kept in float16.

        Raises:
            NodegraphError: not_found.
        """
        facts, held = self._content.latents, self.latent_range
        if facts is None or held is None or not held[0] <= first <= last <= held[1]:
            raise NodegraphError(
                "not_found",
                "The take does not hold these latents.",
                got=f"ticks {first} to {last}",
                expected="no latents" if held is None else f"{held[0]} to {held[1]}",
            )
        path = self.folder / LATENTS
        return read_latents(path, tuple(facts["shape"]), first - facts["first"], last - first + 1)

    @property
    def film_range(self) -> tuple[int, int] | None:
        """First and last tick whose frames are in the film."""
        ticks = [record.tick for record in self._content.ticks.values() if record.film is not None]
        return (ticks[0], ticks[-1]) if ticks else None

    def film_parts(self) -> list[tuple[Path, int, int]]:
        """Return (file, first byte, end byte) of the longest run of segments of one size, in order."""
        runs: list[tuple[Path, int, int]] = []
        for segment in dict.fromkeys(r.film.segment for r in self._content.ticks.values() if r.film is not None):
            parts = [r.film for r in self._content.ticks.values() if r.film is not None and r.film.segment == segment]
            runs.append((self.folder / film_name(segment), parts[0].start, parts[-1].end))
        return self._of_one_size(runs)

    def frames(self, tick: int) -> list[NDArray[np.uint8]]:
        """Return the frames of a tick as filmed, each uint8 [H, W, 3].

        Raises:
            NodegraphError: not_found.
        """
        part = self.tick(tick).film
        if part is None:
            raise NodegraphError("not_found", "The take has no film there.", got=f"tick {tick}")
        try:
            pictures = frames_of(self.folder / film_name(part.segment), part)
        except FileNotFoundError as error:
            raise _film_gone(tick) from error
        width, height = self._content.sizes.get(part.segment, pictures[0].shape[1::-1])
        return [picture[:height, :width] for picture in pictures]

    def thumb(self, number: int) -> Path:
        """Return the path of the small picture of second `number`; it may not exist."""
        return self.folder / THUMBS / f"{number}.webp"

    def thumb_until(self, number: int) -> Path | None:
        """Return the last small picture up to second `number`, None where there is none.

        The ticks made just before a stop may have no frames, and so their second no picture of its own.
        """
        if number >= self.thumb_count:
            return None
        return next((path for path in map(self.thumb, range(number, -1, -1)) if path.is_file()), None)

    @property
    def thumb_count(self) -> int:
        """How many seconds have a small picture."""
        return -(-self.tick_count // THUMB_TICKS)

    def _of_one_size(self, runs: list[tuple[Path, int, int]]) -> list[tuple[Path, int, int]]:
        sizes = self._content.sizes
        best = max(set(sizes.values()), key=list(sizes.values()).count, default=None)
        wanted = {film_name(segment) for segment, size in sizes.items() if size == best}
        return [run for run in runs if run[0].name in wanted and run[0].exists()]


def _film_gone(tick: int) -> NodegraphError:
    return NodegraphError(
        "not_found",
        "The film of this tick is not there any more.",
        got=f"tick {tick}",
        remedy="Replay or render the take to make it again.",
    )
