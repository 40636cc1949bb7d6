"""States to rewind to: consistent cuts through a run that goes on, thinned with age inside a budget of memory.

No node waits for another: each hands over its part when it is about to begin the tick, with all earlier ones done. The
cut is whole once every node has given its part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from nodegraph.engine.events import Event, StateHeld, StatesDropped
from nodegraph.engine.protocol import Retired, RunState
from nodegraph.engine.sizes import measured_bytes

__all__ = ["Scene", "StateBook", "StatePart", "thinned"]


@dataclass(frozen=True)
class StatePart:
    """What one node knows before a tick. `stateful` says whether it has a snapshot."""

    values: dict[str, Any]
    stateful: bool
    snapshot: Any = None


@dataclass(frozen=True)
class Scene:
    """What belongs to a state besides the nodes' parts."""

    document: dict[str, Any]
    retired: dict[str, Retired]
    exact: bool


class StateBook:
    """Collects cuts and keeps states.

    Args:
        first: the state the run begins with; it is never dropped.
        budget_bytes: for all states together; None = hold none but the first.
        every: ticks from one state to the next.
        not_before: the first tick whose state may be held, besides the first one.
        scene: returns what else belongs to the state of a tick.
    """

    def __init__(
        self,
        first: RunState,
        *,
        budget_bytes: int | None,
        every: int,
        not_before: int = 0,
        scene: Callable[[int], Scene],
        emit: Callable[[Event], None],
    ) -> None:
        self._budget_bytes = budget_bytes
        self._every = max(every, 1)
        self._not_before = not_before
        self._scene = scene
        self._emit = emit
        self._cuts: dict[int, dict[str, StatePart]] = {}
        self._wanted: set[int] = set()
        self._states: dict[int, RunState] = {first.tick: first}
        self.first = first
        self._first = first.tick
        self._newest = first.tick
        self.blocked = False
        self._closed = False

    def owed(self, node: str, tick: int) -> bool:
        """Say whether a node has to give its part before a tick."""
        if self.blocked or self._closed or self._budget_bytes is None:
            return False
        if tick <= max(self._newest, self._not_before - 1):
            return False
        if tick % self._every and tick not in self._wanted:
            return False
        cut = self._cuts.get(tick)
        return cut is None or node not in cut

    def give(self, node: str, tick: int, part: StatePart, living: Collection[str]) -> None:
        """Take a node's part for a tick."""
        if self._closed:
            return
        self._cuts.setdefault(tick, {})[node] = part
        self.check(living)

    def check(self, living: Collection[str]) -> None:
        """Close the cuts to which every living node has given its part."""
        for tick in sorted(self._cuts):
            if all(node in self._cuts[tick] for node in living):
                self._close(tick, self._cuts.pop(tick), living)

    def forget(self, tick: int) -> None:
        """Drop what was given for a tick: the graph changes there, and the nodes give their parts again."""
        for cut in [found for found in self._cuts if found >= tick]:
            del self._cuts[cut]
        if self._newest == tick > self._first:
            self._newest = tick - 1
            if self._states.pop(tick, None) is not None:
                self._emit(StatesDropped((tick,)))

    def close(self) -> None:
        """Hold no further states: nodes end within a tick, and a cut of those that are left would not be whole."""
        self._closed = True
        self._cuts.clear()

    def want(self, tick: int) -> None:
        """Hold a state before this tick, whatever the cadence."""
        self._wanted.add(tick)
        for cut in [found for found in self._cuts if found < tick]:
            del self._cuts[cut]  # some node will never reach it

    def held(self) -> list[tuple[int, int]]:
        """Return (tick, bytes) of every state, oldest first."""
        return [(tick, self._states[tick].nbytes) for tick in sorted(self._states)]

    def hold_at_most(self, budget_bytes: int) -> None:
        """Make do with so much memory from now on."""
        if self._budget_bytes is not None:
            self._budget_bytes = budget_bytes
            self._thin()

    def before(self, tick: int) -> RunState | None:
        """Return the newest state at or before a tick."""
        found = [held for held in self._states if held <= tick]
        return self._states[max(found)] if found else None

    def part(self, node: str) -> Any:
        """Return the newest snapshot of one node, or None."""
        for tick in sorted(self._states, reverse=True):
            if node in self._states[tick].nodes:
                return self._states[tick].nodes[node]
        return None

    def _close(self, tick: int, cut: dict[str, StatePart], living: Collection[str]) -> None:
        self._wanted.discard(tick)
        self._newest = tick
        scene = self._scene(tick)
        nodes = {node: cut[node].snapshot for node in living if cut[node].stateful}
        values = {(node, name): value for node in living for name, value in cut[node].values.items()}
        nbytes = measured_bytes((nodes, values, scene.retired))
        self._states[tick] = RunState(
            tick=tick,
            document=scene.document,
            nodes=nodes,
            values=values,
            retired=scene.retired,
            nbytes=nbytes,
            exact=scene.exact,
        )
        self._emit(StateHeld(tick, nbytes))
        self._thin()

    def _thin(self) -> None:
        assert self._budget_bytes is not None, "without a budget no cut is made"
        dropped = thinned(self.held(), self._budget_bytes)
        for tick in dropped:
            del self._states[tick]
        if dropped:
            self._emit(StatesDropped(tuple(dropped)))


def thinned(held: list[tuple[int, int]], budget_bytes: int) -> list[int]:
    """Return which of (tick, bytes), oldest first, to drop so that the rest fits; the first one always stays.

    Dropped is what leaves the smallest gap for its age, so that gaps grow in proportion to age and the newest states
    stay close together.
    """
    kept = list(held)
    dropped = []
    while len(kept) > 1 and sum(nbytes for _, nbytes in kept) > budget_bytes:
        newest = kept[-1][0]
        gaps = [
            (kept[i + 1][0] - kept[i - 1][0]) / (newest - kept[i][0]) if i + 1 < len(kept) else float("inf")
            for i in range(1, len(kept))
        ]
        victim = 1 + gaps.index(min(gaps))
        dropped.append(kept.pop(victim)[0])
    return sorted(dropped)
