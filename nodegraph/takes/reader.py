"""Reads a take, also one that is being written or that a kill has torn."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.engine import Control, Edit
from nodegraph.errors import NodegraphError
from nodegraph.takes.files import FoundFiles, Upload, find_files
from nodegraph.takes.film import FilmPart, film_name, frames_of
from nodegraph.takes.header import TakeHeader, read_header
from nodegraph.takes.journal import Record, scan
from nodegraph.takes.latents import LATENTS, read_latents
from nodegraph.takes.pictures import THUMB_TICKS, THUMBS
from nodegraph.takes.recorder import JOURNAL

__all__ = ["EditRecord", "Failure", "TakeReader", "TickRecord"]


@dataclass(frozen=True)
class TickRecord:
    """One committed tick. `hashes` by node; `film` where its frames stand, None without frames."""

    tick: int
    hashes: dict[str, str]
    stats: dict[str, float]
    ms: float | None
    film: FilmPart | None


@dataclass(frozen=True)
class EditRecord:
    """An edit that was applied, with what it cost."""

    edit: Edit
    kind: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Failure:
    """A node that raised while the take was recorded. `tick`: the one it did not finish, None before the first."""

    node: str
    tick: int | None
    code: str
    message: str


@dataclass
class _Content:
    ticks: dict[int, TickRecord] = field(default_factory=dict)
    controls: list[Control] = field(default_factory=list)
    edits: list[EditRecord] = field(default_factory=list)
    pictures: dict[int, Record] = field(default_factory=dict)
    markers: list[tuple[int, str]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    thinned: set[str] = field(default_factory=set)
    held: dict[int, int] = field(default_factory=dict)
    latents: Record | None = None
    levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    uploads: list[Upload] = field(default_factory=list)
    sizes: dict[int, tuple[int, int]] = field(default_factory=dict)
    differs: bool = False
    end: Record | None = None


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
        self._content = _gathered(found.records)

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


def _gathered(records: list[Record]) -> _Content:
    found = _Content()
    for record in records:
        _READERS.get(record["t"], _skip)(record, found)
    found.ticks = dict(sorted(found.ticks.items()))
    if "film" in found.thinned:
        found.ticks = {tick: replace(record, film=None) for tick, record in found.ticks.items()}
    if "latents" in found.thinned:
        found.latents = None
    return found


def _skip(record: Record, found: _Content) -> None:
    """A kind of record that a newer version wrote, or that only people read."""


def _tick(record: Record, found: _Content) -> None:
    pictured = found.pictures.pop(record["tick"], None)
    tick = TickRecord(record["tick"], record["hashes"], {}, record.get("ms"), None)
    found.ticks[tick.tick] = tick
    if pictured is not None:
        _picture(pictured, found)


def _picture(record: Record, found: _Content) -> None:
    tick = found.ticks.get(record["tick"])
    if tick is None:  # filmed before its last latent was hashed
        found.pictures[record["tick"]] = record
        return
    part = FilmPart(*record["film"]) if record.get("film") else None
    found.ticks[tick.tick] = replace(tick, stats=record["stats"], film=part)


def _late(record: Record, found: _Content) -> None:
    if record["tick"] in found.ticks:
        found.ticks[record["tick"]].hashes.update(record["hashes"])


def _control(record: Record, found: _Content) -> None:
    fields = {name: record[name] for name in ("id", "node", "input", "value", "tick")}
    found.controls.append(Control(**fields))


def _edit(record: Record, found: _Content) -> None:
    edit = Edit(id=record["id"], document=record["document"], tick=record["tick"])
    found.edits.append(EditRecord(edit, record["kind"], tuple(record["changes"])))


def _marker(record: Record, found: _Content) -> None:
    found.markers.append((record["tick"], record["name"]))


def _failed(record: Record, found: _Content) -> None:
    error = record["error"]
    found.failures.append(Failure(record["node"], record["tick"], error["code"], error["message"]))


def _held(record: Record, found: _Content) -> None:
    found.held[record["tick"]] = record["nbytes"]


def _dropped(record: Record, found: _Content) -> None:
    for tick in record["ticks"]:
        found.held.pop(tick, None)


def _latents(record: Record, found: _Content) -> None:
    found.latents = found.latents or record


def _film(record: Record, found: _Content) -> None:
    found.sizes[record["segment"]] = (record["width"], record["height"])


def _file(record: Record, found: _Content) -> None:
    upload = Upload(record["value"], record["sha256"], record.get("bytes", 0), record.get("tick", 0))
    if (upload.value, upload.sha256) not in ((known.value, known.sha256) for known in found.uploads):
        found.uploads.append(upload)


def _levels(record: Record, found: _Content) -> None:
    found.levels = {name: (low, high) for name, (low, high) in record["ranges"].items()}


def _differs(_: Record, found: _Content) -> None:
    found.differs = True


def _thinned(record: Record, found: _Content) -> None:
    found.thinned.add(record["part"])


def _end(record: Record, found: _Content) -> None:
    found.end = record


_READERS = {
    "control": _control,
    "differs": _differs,
    "dropped": _dropped,
    "edit": _edit,
    "end": _end,
    "failed": _failed,
    "file": _file,
    "film": _film,
    "held": _held,
    "late": _late,
    "latents": _latents,
    "levels": _levels,
    "marker": _marker,
    "picture": _picture,
    "thinned": _thinned,
    "tick": _tick,
}
