"""The line at which all nodes of a run wait for each other, so that the graph can be changed between two ticks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from nodegraph.errors import NodegraphError

__all__ = ["Line"]

MOST_MOVES = 64
"""How many ticks the line may move on for nodes that hold items back, before it is given up."""


class Line:
    """Holds back every tick from `at` on.

    Attributes:
        outage: a node that others need has failed, and may come back: they wait for it and do not end.
        moves: how often the line has moved since it was drawn.
    """

    def __init__(self, complete: Callable[[int], bool]) -> None:
        self._complete = complete
        self._reached: asyncio.Future[int] | None = None
        self._held_since_s: float | None = None
        self.at: int | None = None
        self.outage = False
        self.moves = 0

    def draw(self, tick: int) -> None:
        """Let no node begin this tick or a later one."""
        assert self.at is None or tick >= self.at, "lines are drawn one after the other"
        self.at = tick
        self.moves = 0
        self._held_since_s = None
        self._reached = asyncio.get_running_loop().create_future()
        self.check()

    def holds(self, tick: int) -> bool:
        """Say whether a tick has to wait."""
        return self.at is not None and tick >= self.at

    def note_held(self) -> None:
        """Called by a gate that would begin its tick, were it not for the line."""
        if self._held_since_s is None:
            self._held_since_s = time.monotonic()

    @property
    def somebody_held(self) -> bool:
        """True where a node that is ready waits."""
        return self._held_since_s is not None

    def check(self) -> None:
        """Called whenever a node arrives or ends."""
        if self.at is not None and self._complete(self.at):
            self.reach()

    def reach(self) -> None:
        """Wake whoever waits for the line."""
        if self._reached is not None and not self._reached.done() and self.at is not None:
            self._reached.set_result(self.at)

    def move(self) -> bool:
        """Let one more tick pass, for a node that holds items back; False where that has not helped."""
        assert self.at is not None, "there is a line"
        if self.moves < MOST_MOVES:
            self.moves += 1
            self.at += 1
            self._held_since_s = None
            self.check()
            return True
        self.give_up(
            NodegraphError(
                "node_failed",
                f"The nodes were never at the same tick, within {MOST_MOVES} ticks.",
                remedy="Some node holds items back: stop the run, change the workflow and start again.",
            )
        )
        return False

    def give_up(self, error: NodegraphError) -> None:
        """Tell whoever waits for the line that it will not be reached."""
        if self._reached is not None and not self._reached.done():
            self._reached.set_exception(error)

    async def reached(self) -> int:
        """Wait until every node has done all ticks before the line and none of those after it; return its tick.

        Raises:
            NodegraphError: nodes hold items back for ever, or the run is over.
        """
        assert self._reached is not None, "there is a line"
        return await self._reached

    def lift(self) -> float:
        """Let ticks begin again; return for how many ms somebody was held. The caller wakes the gates."""
        held_s = 0.0 if self._held_since_s is None else time.monotonic() - self._held_since_s
        self.at = None
        self._reached = None
        return held_s * 1000.0
