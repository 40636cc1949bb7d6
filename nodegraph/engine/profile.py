"""Where the time of a run goes: per node the milliseconds of a tick, per channel how full it was.

Cheap enough to be always on: two readings of the clock per node and tick and per item of a channel; medians are made
when somebody is told.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping

from nodegraph.engine.channels import Channel
from nodegraph.engine.events import ChannelFill, Profiled

__all__ = ["NodeMeter", "Profiler"]

RECENT_TICKS = 24
"""Four seconds of a live run."""
TOLD_EVERY_S = 0.5


class NodeMeter:
    """The time that one node took for each of its recent ticks."""

    __slots__ = ("_begun_s", "_now", "_recent_ms")

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._recent_ms: deque[float] = deque(maxlen=RECENT_TICKS)
        self._begun_s: float | None = None

    def begin(self) -> None:
        """Note that a tick begins."""
        self._begun_s = self._now()

    def end(self, reported_ms: float = 0.0) -> float:
        """Note that its result is there; return its ms: what the node reported, else the time since the beginning.

        A second end of the same tick counts for nothing and returns 0.
        """
        if self._begun_s is None:
            return 0.0
        ms = reported_ms or (self._now() - self._begun_s) * 1000.0
        self._begun_s = None
        self._recent_ms.append(ms)
        return ms

    @property
    def median_ms(self) -> float | None:
        """The middle of the recent ticks; None before the first."""
        return statistics.median(self._recent_ms) if self._recent_ms else None


class Profiler:
    """Tells twice a second what the meters and the channels have seen."""

    def __init__(self, tell: Callable[[Profiled], None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now = now
        self._next_s = now() + TOLD_EVERY_S

    def tick_done(self, meters: Callable[[], Mapping[str, NodeMeter]], channels: Iterable[Channel]) -> None:
        """Tell, if it is time."""
        now = self._now()
        if now < self._next_s:
            return
        self._next_s = now + TOLD_EVERY_S
        medians = {node: meter.median_ms for node, meter in meters().items()}
        fills = tuple(
            ChannelFill(channel.source, channel.target, channel.capacity, channel.drain_fill(now))
            for channel in channels
            if not channel.closed
        )
        self._tell(Profiled({node: ms for node, ms in medians.items() if ms is not None}, fills))
