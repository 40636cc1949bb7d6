"""What the records of a journal add up to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nodegraph.engine import Control, Edit
from nodegraph.takes.files import Upload
from nodegraph.takes.film import FilmPart
from nodegraph.takes.journal import Record

__all__ = ["Content", "EditRecord", "Failure", "TickRecord", "gathered"]


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
class Content:
    """All of a take that stands in its journal.

    Attributes:
        pictures: of ticks whose hashes have not come yet.
        held: tick -> bytes of a snapshot.
        latents: the record of where they begin and of their shape.
        sizes: film segment -> width and height in pixels.
    """

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


def gathered(records: list[Record]) -> Content:
    """Read records in their order; kinds that are not known are passed over."""
    found = Content()
    for record in records:
        _READERS.get(record["t"], _skip)(record, found)
    found.ticks = dict(sorted(found.ticks.items()))
    if "film" in found.thinned:
        found.ticks = {tick: replace(record, film=None) for tick, record in found.ticks.items()}
    if "latents" in found.thinned:
        found.latents = None
    return found


def _skip(record: Record, found: Content) -> None:
    """A kind of record that a newer version wrote, or that only people read."""


def _tick(record: Record, found: Content) -> None:
    pictured = found.pictures.pop(record["tick"], None)
    tick = TickRecord(record["tick"], record["hashes"], {}, record.get("ms"), None)
    found.ticks[tick.tick] = tick
    if pictured is not None:
        _picture(pictured, found)


def _picture(record: Record, found: Content) -> None:
    tick = found.ticks.get(record["tick"])
    if tick is None:  # filmed before its last latent was hashed
        found.pictures[record["tick"]] = record
        return
    part = FilmPart(*record["film"]) if record.get("film") else None
    found.ticks[tick.tick] = replace(tick, stats=record["stats"], film=part)


def _late(record: Record, found: Content) -> None:
    if record["tick"] in found.ticks:
        found.ticks[record["tick"]].hashes.update(record["hashes"])


def _control(record: Record, found: Content) -> None:
    fields = {name: record[name] for name in ("id", "node", "input", "value", "tick")}
    found.controls.append(Control(**fields))


def _edit(record: Record, found: Content) -> None:
    edit = Edit(id=record["id"], document=record["document"], tick=record["tick"])
    found.edits.append(EditRecord(edit, record["kind"], tuple(record["changes"])))


def _marker(record: Record, found: Content) -> None:
    found.markers.append((record["tick"], record["name"]))


def _failed(record: Record, found: Content) -> None:
    error = record["error"]
    found.failures.append(Failure(record["node"], record["tick"], error["code"], error["message"]))


def _held(record: Record, found: Content) -> None:
    found.held[record["tick"]] = record["nbytes"]


def _dropped(record: Record, found: Content) -> None:
    for tick in record["ticks"]:
        found.held.pop(tick, None)


def _latents(record: Record, found: Content) -> None:
    found.latents = found.latents or record


def _film(record: Record, found: Content) -> None:
    found.sizes[record["segment"]] = (record["width"], record["height"])


def _file(record: Record, found: Content) -> None:
    upload = Upload(record["value"], record["sha256"], record.get("bytes", 0), record.get("tick", 0))
    if (upload.value, upload.sha256) not in ((known.value, known.sha256) for known in found.uploads):
        found.uploads.append(upload)


def _levels(record: Record, found: Content) -> None:
    found.levels = {name: (low, high) for name, (low, high) in record["ranges"].items()}


def _differs(_: Record, found: Content) -> None:
    found.differs = True


def _thinned(record: Record, found: Content) -> None:
    found.thinned.add(record["part"])


def _end(record: Record, found: Content) -> None:
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
