"""Random live sessions: controls, edits, rewinds and branches at random ticks. Is every replay bit-identical, and every
branch equal to a straight run with the same controls and edits?"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from nodegraph.bench.chaos_graph import PROMPTS, Graph
from nodegraph.bench.hearing import hearing
from nodegraph.engine import Control, Edit, Event, Item, LocalEngine, RunRequest, RunState
from nodegraph.engine.events import EditRolledBack, NodeFailed, TickDone
from nodegraph.graph import load_registry
from nodegraph.values import Latent

__all__ = ["bench_chaos"]

Items = dict[tuple[str, int], bytes]
"""(node, tick) -> hash of the latent or the frames."""

SEGMENT_TICKS = (3, 6)
BRANCHES = (1, 2)
STATE_EVERY = 3
STATE_BUDGET_BYTES = 64 * 2**20


def bench_chaos(
    sessions: int, seed: int = 0, *, preset: str = "debug", progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Play `sessions` random sessions on one loaded model.

    A session is played on a clock that stands still between its random actions. It begins as a take and is left, once
    or twice, for a branch that begins at a random tick. Each piece is replayed from its beginning as a render, and the
    whole path from tick 0 on.

    Returns:
        sessions; replays_equal and branches_equal, each the number of sessions in which all of them were; also ticks,
        controls, prompts (those of them that change the words, which the model hears), hot, warm, branches, restored
        (branches that began from a state after tick 0), rolled_back, seconds and, where one was not equal,
        `first_difference` (session, node, tick).
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="nodegraph-") as folder, hearing(preset, PROMPTS):
        return asyncio.run(_all(sessions, seed, preset, Path(folder), progress)) | {
            "seconds": round(time.monotonic() - started, 1)
        }


async def _all(
    sessions: int, seed: int, preset: str, folder: Path, progress: Callable[[int], None] | None
) -> dict[str, Any]:
    stage = _Stage(folder)
    counts: Counter[str] = Counter()
    first_difference: dict[str, Any] | None = None
    for number in range(sessions):
        session = _Session(stage, random.Random(f"{seed}/{number}"), preset, counts)
        await session.play()
        counts["replays_equal"] += session.replays_equal
        counts["branches_equal"] += session.branches_equal
        if session.difference is not None and first_difference is None:
            first_difference = {"session": number, "node": session.difference[0], "tick": session.difference[1]}
        if progress is not None:
            progress(number + 1)
    keys = ("replays_equal", "branches_equal", "ticks", "controls", "prompts", "hot", "warm", "branches", "restored")
    found: dict[str, Any] = {"sessions": sessions} | {key: counts[key] for key in (*keys, "rolled_back")}
    return found | ({"first_difference": first_difference} if first_difference is not None else {})


class _HandClock:
    """Releases the ticks that it is told to."""

    def __init__(self) -> None:
        self._allowed = -1
        self._stopped = False
        self._news = asyncio.Event()

    def allow(self, tick: int) -> None:
        self._allowed = max(self._allowed, tick)
        self._news.set()

    async def wait(self, tick: int) -> bool:
        while tick > self._allowed and not self._stopped:
            self._news.clear()
            await self._news.wait()
        return not self._stopped

    def stop(self) -> None:
        self._stopped = True
        self._news.set()


class _Stage:
    """One engine for all sessions; the newest run's items and ticks."""

    def __init__(self, folder: Path) -> None:
        self.engine = LocalEngine(load_registry(), data_dir=folder, live_clock=self._make_clock)
        self.clock = _HandClock()
        self.items: Items = {}
        self.done = -1
        self.rolled_back = 0
        self._news = asyncio.Event()

    def start(self, request: RunRequest) -> Any:
        self.items, self.done = {}, -1
        return self.engine.start(request, self._listen)

    async def to(self, tick: int) -> None:
        """Let the run go on until a tick is done."""
        self.clock.allow(tick)
        while self.done < tick:
            self._news.clear()
            await self._news.wait()

    async def render(self, request: RunRequest) -> Items:
        """Run to the end and return the items."""
        outcome = await self.start(request).wait()
        if outcome.error is not None:
            raise outcome.error
        return self.items

    def tap(self, item: Item) -> None:
        """Keep the hash of an item."""
        mark = blake2b(digest_size=16)
        for value in item.outputs.values():
            data = value.data.float().cpu().numpy() if isinstance(value, Latent) else value.pixels
            mark.update(np.ascontiguousarray(data).tobytes())
        self.items[item.node, item.tick] = mark.digest()

    def _make_clock(self, ticks: int | None) -> _HandClock:
        assert ticks is None, "live runs here are stopped, not counted"
        self.clock = _HandClock()
        return self.clock

    def _listen(self, event: Event) -> None:
        if isinstance(event, NodeFailed):
            raise event.error
        if isinstance(event, TickDone):
            self.done = event.tick
        self.rolled_back += isinstance(event, EditRolledBack)
        self._news.set()


@dataclass
class _Piece:
    """One live run: where it began and what was done to it."""

    document: dict[str, Any]
    end: int
    items: Items
    controls: tuple[Control, ...]
    edits: tuple[Edit, ...]
    states: list[RunState] = field(default_factory=list)


class _Session:
    """One random session.

    Attributes:
        replays_equal: every live run was, replayed from tick 0 with its logs, the same.
        branches_equal: every branch was the same as a straight run with the logs of the whole path.
    """

    def __init__(self, stage: _Stage, chance: random.Random, preset: str, counts: Counter[str]) -> None:
        self._stage = stage
        self._chance = chance
        self._counts = counts
        self._graph = Graph(chance, preset)
        self._first = self._graph.document()
        self._number = 0
        self.replays_equal = self.branches_equal = True
        self.difference: tuple[str, int] | None = None

    async def play(self) -> None:
        """Play it all."""
        piece = await self._live(None, 0, (), ())
        self.replays_equal &= await self._same(piece)
        for _ in range(self._chance.randint(*BRANCHES)):
            moment = self._chance.randint(1, piece.end - 1)
            state = max((found for found in piece.states if found.tick <= moment), key=lambda found: found.tick)
            self._counts["branches"] += 1
            self._counts["restored"] += state.tick > 0
            before = tuple(control for control in piece.controls if (control.tick or 0) < moment)
            # A state has the edits of its tick inside; the controls of that tick come after it.
            edits = tuple(edit for edit in piece.edits if (edit.tick or 0) < max(moment, state.tick + 1))
            self._graph.follow(edits[-1].document if edits else self._first)
            older = [found for found in piece.states if found.tick < state.tick]
            piece = await self._live(state, moment, before, edits)
            piece.states = older + piece.states
            self.branches_equal &= await self._same(piece)

    async def _live(
        self, start: RunState | None, moment: int, controls: tuple[Control, ...], edits: tuple[Edit, ...]
    ) -> _Piece:
        """Play a live run that is caught up to `moment`, with random actions, and stop it."""
        request = RunRequest(
            run_id="chaos", document=self._first, live=True, controls=controls, edits=edits, start=start,
            resume_at=moment, tap=self._stage.tap, state_budget_bytes=STATE_BUDGET_BYTES, state_every=STATE_EVERY,
        )  # fmt: skip
        run = self._stage.start(request)
        end = moment + self._chance.randint(*SEGMENT_TICKS)
        for tick in range(moment, end):
            await self._stage.to(tick)
            if self._chance.random() < 0.6:
                await self._act(run)
        await self._stage.to(end)
        held = [await run.state_before(tick) for tick, _ in run.held()]
        items = {key: mark for key, mark in self._stage.items.items() if key[1] <= end}
        whole = self._merged(controls, tuple(run.control_log)), self._merged(edits, tuple(run.edit_log))
        run.stop()
        await run.wait()
        self._counts["ticks"] += end + 1 - moment
        self._counts["rolled_back"] += self._stage.rolled_back
        self._stage.rolled_back = 0
        return _Piece(self._first, end, items, *whole, states=[state for state in held if state is not None])

    async def _act(self, run: Any) -> None:
        self._number += 1
        name = f"{self._number}"
        if self._chance.random() < 0.5:
            node, port, value = self._graph.control()
            later = self._chance.choice((None, None, self._stage.done + 3))
            run.control(Control(id=name, node=node, input=port, value=value, tick=later))
            self._counts["controls"] += 1
            self._counts["prompts"] += port == "text"
        else:
            receipt = await run.edit(Edit(id=name, document=self._graph.edited()))
            self._counts[receipt.kind] += 1

    async def _same(self, piece: _Piece) -> bool:
        """Replay a run, from tick 0, and compare; keep the first difference."""
        again = await self._stage.render(
            RunRequest(
                run_id="again",
                document=piece.document,
                live=False,
                ticks=piece.end + 1,
                controls=tuple(control for control in piece.controls if (control.tick or 0) <= piece.end),
                edits=tuple(edit for edit in piece.edits if (edit.tick or 0) <= piece.end),
                tap=self._stage.tap,
            )
        )
        wrong = sorted((tick, node) for (node, tick), mark in piece.items.items() if again.get((node, tick)) != mark)
        if wrong and self.difference is None:
            self.difference = wrong[0][1], wrong[0][0]
        return not wrong

    @staticmethod
    def _merged(before: tuple[Any, ...], after: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return a log with what a branch took over in front; the run's own log has the later part of that too."""
        own = {entry.id for entry in after}
        return (*(entry for entry in before if entry.id not in own), *after)
