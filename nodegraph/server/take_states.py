"""States of runs, which they can be rewound to: what all of them together may hold in memory, at work or ended."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from nodegraph.engine import Run, RunState
from nodegraph.engine.states import thinned
from nodegraph.server.config import Limits

__all__ = ["EndedStates", "HeldStates", "share_of"]

HELD_RUNS = 8
"""Runs that ended last and whose states may still be in memory: branching from them does not begin at tick 0."""


def share_of(limits: Limits, live: int) -> int:
    """Return the budget in bytes of each of so many live runs."""
    return min(limits.state_bytes, limits.all_state_bytes // max(live, 1))


class HeldStates:
    """States of one run that has ended, oldest first."""

    def __init__(self, states: Sequence[RunState]) -> None:
        self._states = list(states)

    @property
    def nbytes(self) -> int:
        """What they hold together."""
        return sum(state.nbytes for state in self._states)

    def held(self) -> list[tuple[int, int]]:
        """Return (tick, bytes) of every state, oldest first."""
        return [(state.tick, state.nbytes) for state in self._states]

    async def state_before(self, tick: int) -> RunState | None:
        """Return the newest state at or before a tick, or None."""
        return next((state for state in reversed(self._states) if state.tick <= tick), None)

    def hold_at_most(self, budget_bytes: int) -> None:
        """Thin them to a budget; nothing is left where not even the first one fits."""
        dropped = set(thinned(self.held(), budget_bytes))
        self._states = [state for state in self._states if state.tick not in dropped]
        if self.nbytes > budget_bytes:
            self._states = []


class EndedStates:
    """States of the runs that ended last, by take, within one budget: the newest run has first call on it.

    The runs themselves are let go, and with them their sessions.
    """

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._takes: OrderedDict[str, HeldStates] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """What is held of all runs."""
        return sum(states.nbytes for states in self._takes.values())

    def __contains__(self, take_id: object) -> bool:
        return take_id in self._takes

    async def put(self, take_id: str, run: Run) -> None:
        """Keep the states of a run that has ended; older runs make room."""
        run.hold_at_most(self._budget_bytes)
        found = [await run.state_before(tick) for tick, _ in run.held()]
        self._takes[take_id] = HeldStates([state for state in found if state is not None])
        self._takes.move_to_end(take_id)
        left = self._budget_bytes
        for states in reversed(self._takes.values()):
            states.hold_at_most(left)
            left -= states.nbytes
        while len(self._takes) > HELD_RUNS:
            self._takes.popitem(last=False)

    def get(self, take_id: str) -> HeldStates | None:
        """Return what is held of a take."""
        return self._takes.get(take_id)

    def clear(self) -> None:
        """Forget all."""
        self._takes.clear()
