"""Counts the ticks that are done: those that every sink (a stream node that feeds no other) has finished."""

from __future__ import annotations

from collections.abc import Callable, Iterable

__all__ = ["TickCounter"]


class TickCounter:
    """Calls `on_done(tick, node)` once per tick, in order; `node` is the sink that came last.

    Attributes:
        done: how many ticks are done, those before the run's first one included.
    """

    def __init__(self, first: int, on_done: Callable[[int, str], None]) -> None:
        self._counts: dict[str, int] = {}
        self._ended: dict[str, int] = {}
        self._on_done = on_done
        self.done = first

    def watch(self, sinks: Iterable[str], count: int) -> None:
        """Count these sinks from now on; all of them have finished `count` ticks, and so has the run."""
        self._counts = dict.fromkeys(sinks, count)
        self._ended = {}
        self.done = max(self.done, count)

    def mark(self, node: str, count: int) -> None:
        """Say that a sink has finished `count` ticks; other nodes are ignored."""
        if self._counts.get(node, count) < count:
            self._counts[node] = count
            self._advance(node)

    def close(self, node: str) -> None:
        """Say that a sink has ended; the run goes on without it."""
        if node in self._counts:
            self._ended[node] = self._counts.pop(node)
            self._advance(node)

    def _advance(self, node: str) -> None:
        counts = self._counts.values()
        reached = min(counts) if counts else max(self._ended.values(), default=0)
        while self.done < reached:
            self.done += 1
            self._on_done(self.done - 1, node)
