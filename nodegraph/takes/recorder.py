"""Writes one take, step by step, on whatever thread it is called on; `writer.py` gives it a thread of its own.

A tick is committed by its journal record, as soon as all its latents were made and before its frames can have been
shown. Film and statistics follow in a record of their own: what a kill takes of them, a replay makes again.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from nodegraph.engine import Control, Item
from nodegraph.engine.events import NodeFailed
from nodegraph.errors import NodegraphError
from nodegraph.takes.files import keep_file
from nodegraph.takes.film import FilmPart
from nodegraph.takes.hashes import digest
from nodegraph.takes.header import Facts, TakeHeader, write_header
from nodegraph.takes.journal import JournalWriter
from nodegraph.takes.latents import LATENTS, LatentFile, as_float32
from nodegraph.takes.mains import Mains
from nodegraph.takes.news import AlarmRaised, Differs, News, TickCommitted, TickWritten
from nodegraph.takes.stats import Drift, Levels, latent_stats
from nodegraph.values import Frames, Latent

__all__ = ["JOURNAL", "Recorder", "Taken", "failure_record"]

JOURNAL = "journal.ngj"
SYNC_S = 1.0
"""How much a power cut may take. A killed process loses nothing that was committed."""


@dataclass
class Taken:
    """What a take begins with that another one has made.

    Attributes:
        hashes: tick -> node -> hash, of the ticks taken over; what the run makes again is compared with them.
        stats: of those ticks, oldest first.
        first_frames: frames of the take's first tick, which `first_distance` is measured to.
        segments: film files taken over.
        latents: how many latents stand in the file.
    """

    hashes: dict[int, dict[str, str]] = field(default_factory=dict)
    stats: list[dict[str, float]] = field(default_factory=list)
    first_frames: Any = None
    segments: int = 0
    latents: int = 0


@dataclass
class _Pending:
    """A tick that is not committed."""

    hashes: dict[str, str] = field(default_factory=dict)
    ms: float | None = None
    ended: bool = False


class Recorder:
    """Opens the files of a take and adds to them.

    Args:
        folder: of this take; made where it is missing.
        header: written at once, and again when the first latent tells about the model.
        mains: whose latents and frames are kept.
        tell: called with news.
        taken: what a branch begins with.
        room: asked at the start and once a second; raises where the disk has too little.

    Raises:
        NodegraphError: disk_full, here and from every method; what was committed before is whole.
    """

    def __init__(
        self,
        folder: Path,
        header: TakeHeader,
        mains: Mains,
        tell: Callable[[News], None],
        taken: Taken | None = None,
        room: Callable[[Path], None] | None = None,
    ) -> None:
        taken = taken or Taken()
        folder.mkdir(parents=True, exist_ok=True)
        if room is not None:
            room(folder)
        write_header(folder, header)
        self._folder, self._header, self._mains, self._tell = folder, header, mains, tell
        self._room = room
        self._journal = JournalWriter(folder / JOURNAL)
        self._latents = LatentFile(folder / LATENTS, taken.latents)
        self._levels = Levels()
        self._drift = Drift(self._levels)
        self._known = taken.hashes
        self._pending: dict[int, _Pending] = {}
        self._latent_stats: dict[int, dict[str, float]] = {}
        self._alarm: str | None = None
        self._keeps_latents = True
        self._synced_s = time.monotonic()
        self.next_tick = header.first_own_tick
        for index, stats in enumerate(taken.stats):
            self._drift.look(index, stats)

    def item(self, item: Item) -> None:
        """Take what a node made for one tick. Ticks taken over are compared with what is known of them."""
        arrays = [value for value in item.outputs.values() if isinstance(value, (Latent, Frames))]
        if item.tick >= self._header.first_own_tick:
            self._note_facts(arrays)
        if item.node not in self._mains.hashed:
            return
        latents = [as_float32(value.data) for value in arrays if isinstance(value, Latent)]
        mark = digest(latents or [value.pixels for value in arrays if isinstance(value, Frames)])
        if item.tick < self._header.first_own_tick:
            self._compare(item, mark)
        elif item.tick < self.next_tick:
            self._journal.append({"t": "late", "tick": item.tick, "hashes": {item.node: mark}})
        else:
            tick = self._pending.setdefault(item.tick, _Pending())
            tick.hashes[item.node] = mark
            if latents and item.node == self._mains.latent:
                tick.ms = item.ms
                self._latent_stats[item.tick] = latent_stats(latents[0])
                self._keep_latent(item, latents[0])
            self._commit()

    def pictured(self, tick: int, stats: Mapping[str, float], part: FilmPart | None) -> None:
        """Note that a tick's frames are in the film, and what they look like."""
        found = {**self._latent_stats.pop(tick, {}), **stats}
        rounded = {name: round(value, 5) for name, value in found.items()}
        film = None if part is None else [part.segment, part.start, part.end]
        self._journal.append({"t": "picture", "tick": tick, "stats": rounded, "film": film})
        self._look_at(tick, rounded)

    def tick_done(self, tick: int) -> None:
        """Take the engine's word that every sink has finished a tick: it is committed as it stands."""
        for number in range(self.next_tick, tick + 1):
            self._pending.setdefault(number, _Pending()).ended = True
        self._commit()

    def control(self, control: Control) -> None:
        """Log a control with the tick it takes effect."""
        fields = {"tick": control.tick, "id": control.id, "node": control.node, "input": control.input}
        self._journal.append({"t": "control", **fields, "value": control.value})

    def edit(self, record: Mapping[str, Any], mains: Mains) -> None:
        """Log an edit {tick, id, kind, changes, document}; the nodes to keep may be others from now on."""
        self._journal.append({"t": "edit", **record})
        self._mains = mains

    def upload(self, value: str, source: Path, tick: int) -> None:
        """Keep an uploaded file that the run reads from `tick` on and log its content; one that is gone is left out."""
        try:
            sha256, nbytes = keep_file(source, self._folder)
        except FileNotFoundError:
            return
        self._journal.append({"t": "file", "tick": tick, "value": value, "sha256": sha256, "bytes": nbytes})

    def note(self, record: Mapping[str, Any]) -> None:
        """Log anything else: a marker, a snapshot held or dropped, an edit rolled back."""
        self._journal.append(dict(record))

    def sync_if_due(self) -> None:
        """Put everything on the disk if the last time was a second ago."""
        if time.monotonic() - self._synced_s >= SYNC_S:
            self._latents.sync()
            self._journal.sync()
            if self._room is not None:
                self._room(self._folder)
            self._synced_s = time.monotonic()

    def close(self, status: str, error: NodegraphError | None = None) -> None:
        """Write the last record and close all files."""
        try:
            end = {"t": "end", "tick": self.next_tick, "status": status}
            self._journal.append(end | ({"error": error.as_dict()} if error else {}))
        finally:
            self._close_files()

    def stop(self, error: NodegraphError) -> None:
        """Close after an error: the end is written if there is room for it, what was committed stays whole."""
        with contextlib.suppress(NodegraphError, OSError, ValueError):
            self._journal.append({"t": "end", "tick": self.next_tick, "status": "stopped", "error": error.as_dict()})
        self._close_files()

    def _close_files(self) -> None:
        for part in (self._latents, self._journal):
            with contextlib.suppress(NodegraphError, OSError):
                part.close()  # an error while closing changes nothing: every record is with the operating system

    def _commit(self) -> None:
        while (tick := self._pending.get(self.next_tick)) is not None:
            if not tick.ended and not (self._mains.hashed and tick.hashes.keys() >= self._mains.hashed):
                return
            del self._pending[self.next_tick]
            hashes, ms = dict(sorted(tick.hashes.items())), None if tick.ms is None else round(tick.ms, 2)
            self._journal.append({"t": "tick", "tick": self.next_tick, "hashes": hashes, "ms": ms})
            self.next_tick += 1
            self._tell(TickCommitted(self.next_tick - 1))
            if self._mains.film is None:
                self.pictured(self.next_tick - 1, {}, None)

    def _look_at(self, tick: int, stats: dict[str, float]) -> None:
        had_levels = bool(self._levels.ranges)
        alarm = self._drift.look(tick, stats)
        if self._levels.ranges and not had_levels:
            self._journal.append({"t": "levels", "tick": tick, "ranges": self._levels.ranges})
        self._tell(TickWritten(tick, stats, alarm, self._drift.last_good))
        named = str(alarm["stat"]) if alarm else None
        if named is not None and self._alarm is None:
            self._journal.append({"t": "marker", "tick": tick, "name": f"drift: {named}"})
            self._tell(AlarmRaised(tick, named))
        self._alarm = named

    def _compare(self, item: Item, mark: str) -> None:
        known = self._known.get(item.tick, {}).get(item.node)
        if known is not None and known != mark:
            self._tell(Differs(item.tick, item.node))

    def _keep_latent(self, item: Item, latent: Any) -> None:
        if self._keeps_latents and self._latents.empty:
            first = {"t": "latents", "node": item.node, "shape": list(latent.shape), "first": item.tick}
            self._journal.append(first)
        if self._keeps_latents and not self._latents.append(latent):
            self._keeps_latents = False
            self._journal.append({"t": "marker", "tick": item.tick, "name": "latents of another size are not kept"})

    def _note_facts(self, values: Any) -> None:
        if self._header.facts.size is not None:
            return
        facts = self._header.facts
        for value in values:
            facts = _facts(value, facts)
        if facts != self._header.facts:
            self._header = replace(self._header, facts=facts)
            write_header(self._folder, self._header)


def failure_record(event: NodeFailed) -> dict[str, Any]:
    """Return what the journal keeps of a node's failure: ticks that were lost with it are no mistake of a replay."""
    return {"t": "failed", "tick": event.tick, "node": event.node, "error": event.error.as_dict()}


def _facts(value: Latent | Frames, known: Facts) -> Facts:
    if isinstance(value, Frames):
        return Facts(**{**asdict(known), "size": (value.pixels.shape[2], value.pixels.shape[1])})
    model, handle = value.generator, value.generator.handle
    kind = str(getattr(handle, "dtype", "")).removeprefix("torch.")
    return Facts(
        preset=model.preset,
        sha256=getattr(handle, "model_hash", None),
        device=f"{getattr(handle, 'device', '')} {kind}".strip(),
        size=(model.width, model.height),
    )
