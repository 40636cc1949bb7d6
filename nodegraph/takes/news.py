"""What a recorder tells while it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nodegraph.errors import NodegraphError

__all__ = [
    "AlarmRaised",
    "Behind",
    "Differs",
    "FilmStopped",
    "News",
    "Opened",
    "RecordingStopped",
    "TickCommitted",
    "TickWritten",
]


@dataclass(frozen=True)
class Opened:
    """The take's files are there: from now on it can be read."""


@dataclass(frozen=True)
class TickCommitted:
    """A tick is in the journal: it will come out the same whatever happens now."""

    tick: int


@dataclass(frozen=True)
class TickWritten:
    """A tick's frames are in the film as well. `alarm`: the statistic that left its range, see `Drift`."""

    tick: int
    stats: Mapping[str, float]
    alarm: Mapping[str, float | str] | None
    last_good: int


@dataclass(frozen=True)
class AlarmRaised:
    """A statistic has just left its range."""

    tick: int
    stat: str


@dataclass(frozen=True)
class Differs:
    """A tick that was taken over came out differently when it was made again: the branch is not exact."""

    tick: int
    node: str


@dataclass(frozen=True)
class Behind:
    """So much waits to be written; the disk or the processor is too slow. `error` says so to a user."""

    waiting_bytes: int
    error: NodegraphError


@dataclass(frozen=True)
class FilmStopped:
    """The take goes on without its film; `tick` is the first one without frames."""

    tick: int
    error: NodegraphError


@dataclass(frozen=True)
class RecordingStopped:
    """The take ends before the run does; `tick` is the first one that is not in it."""

    tick: int
    error: NodegraphError


News = Opened | TickCommitted | TickWritten | AlarmRaised | Differs | Behind | FilmStopped | RecordingStopped
