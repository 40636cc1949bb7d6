"""Random performances: controls, edits, rewinds and branches. Whatever happened, a replay gives the same items."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from nodegraph.engine import Control, Edit
from nodegraph.engine.events import NodeFailed
from tests.engine.kit import FAULTS, Performance, stage, tail

CAMERAS: dict[str, Any] = {
    "orbit": "take.orbit",
    "wide": ("take.orbit", {"radius": 3.0}),
    "fly": "take.fly",
    "fast": ("take.fly", {"speed": 5.0}),
}


def workflow(camera: str, gain: bool, second: bool, steered: bool, start: float) -> dict[str, Any]:
    """Return one of the workflows that differ in nodes, wires and values, but not in the sessions."""
    nodes: dict[str, Any] = {"camera": CAMERAS[camera], "speed": ("test.number", {"value": start})}
    without, edges = [], []
    if gain:
        nodes["gain"] = "take.gain"
        without.append("camera.value > step.a")
        edges += ["camera.value > gain.values", "gain.value > step.a"]
    if second:
        nodes["show2"] = "take.show"
        edges.append("decode.frames > show2.frames")
    if not steered:
        without.append("speed.value > camera.speed")
    return stage(nodes, *edges, without=tuple(without))


WORKFLOWS = st.builds(
    workflow, st.sampled_from(sorted(CAMERAS)), st.booleans(), st.booleans(), st.booleans(), st.sampled_from([1.0, 4.0])
)


class Take(RuleBasedStateMachine):
    """A director at work on one take; the clock stands still while he decides."""

    @initialize(document=WORKFLOWS)
    def begin(self, document: dict[str, Any]) -> None:
        FAULTS.clear()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.show = Performance(Path(self.folder.name))
        self.first = document
        self.now = -1
        self.number = 0
        self.known: dict[tuple[str, int], bytes] = {}
        self.controls: tuple[Control, ...] = ()
        self.edits: tuple[Edit, ...] = ()
        self.loop.run_until_complete(self._play(None, 0))

    async def _play(self, start: Any, moment: int) -> None:
        self.show.play(
            self.first, start=start, resume_at=moment, controls=self.controls, edits=self.edits,
            state_budget_bytes=2000, state_every=3,
        )  # fmt: skip
        self.now = moment
        await self.show.to(moment)

    @rule(ticks=st.integers(1, 4))
    def go_on(self, ticks: int) -> None:
        self.now += ticks
        self.loop.run_until_complete(self.show.to(self.now))

    @rule(value=st.integers(-9, 9), later=st.integers(0, 3))
    def steer(self, value: int, later: int) -> None:
        plan = self.show.run._plan
        if "speed" in plan.streams:
            self.show.run.control(
                Control(id=self._id(), node="speed", input="value", value=value, tick=self.now + later)
            )
        elif "camera" in plan.streams:
            self.show.run.control(Control(id=self._id(), node="camera", input="speed", value=value, tick=None))

    @rule(document=WORKFLOWS)
    def edit(self, document: dict[str, Any]) -> None:
        work = self.show.run.edit(Edit(id=self._id(), document=document))
        receipt = self.loop.run_until_complete(asyncio.wait_for(work, 20))
        assert receipt.kind in ("hot", "warm")

    @precondition(lambda self: self.now > 2)
    @rule(back=st.integers(1, 9))
    def rewind(self, back: int) -> None:
        self.loop.run_until_complete(self._rewind(max(self.now - back, 1)))

    async def _rewind(self, moment: int) -> None:
        run = self.show.run
        state = await run.state_before(moment)
        if state is None:
            return  # this branch began later
        self._take_over()
        await self.show.end()
        self.controls = tuple(control for control in self.controls if (control.tick or 0) < moment)
        self.edits = tuple(edit for edit in self.edits if (edit.tick or 0) < max(moment, state.tick + 1))
        self.known = tail(self.known, 0, moment)
        await self._play(state, moment)

    def _take_over(self) -> None:
        """Note what the run made and what was done to it; where it repeats what is known it must be the same."""
        made = tail(self.show.items, 0, self.now + 1)
        assert all(self.known.get(key, mark) == mark for key, mark in made.items())
        self.known |= made
        self.controls = self._merged(self.controls, self.show.run.control_log)
        self.edits = self._merged(self.edits, self.show.run.edit_log)

    @staticmethod
    def _merged(before: Any, after: Any) -> Any:
        own = {entry.id for entry in after}
        return (*(entry for entry in before if entry.id not in own), *after)

    def _id(self) -> str:
        self.number += 1
        return str(self.number)

    def teardown(self) -> None:
        if hasattr(self, "loop"):
            self.loop.run_until_complete(self._compare())
            self.loop.close()
            self.folder.cleanup()

    async def _compare(self) -> None:
        self._take_over()
        states = [await self.show.run.state_before(tick) for tick, _ in self.show.run.held()]
        await self.show.end()
        assert self.show.seen(NodeFailed) == []
        logs = {"controls": self._until_now(self.controls), "edits": self._until_now(self.edits)}
        assert await self.show.replayed(self.first, self.now + 1, **logs) == self.known
        for state in states:
            assert state is not None
            again = await self.show.replayed(self.first, self.now + 1, state, **logs)
            assert again == tail(self.known, state.tick)

    def _until_now(self, log: Any) -> Any:
        return tuple(entry for entry in log if (entry.tick or 0) <= self.now)


Take.TestCase.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestRandomTakes = Take.TestCase
