"""Stream nodes at work: how each is put together and wired, before the first tick and while the run goes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nodegraph.engine.channels import Channel, Signal
from nodegraph.engine.clock import Clock
from nodegraph.engine.context import NodeContext, Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.join import Gate, Inlet
from nodegraph.engine.line import Line
from nodegraph.engine.outlet import Outlet
from nodegraph.engine.profile import NodeMeter
from nodegraph.engine.stream_node import StreamNode
from nodegraph.engine.taps import NodeTap
from nodegraph.errors import NodegraphError
from nodegraph.graph import Live, PlannedNode

__all__ = ["Crew", "Job", "Place", "Results"]

Results = Mapping[str, tuple[Any, ...]]
"""Node -> what a value node made."""


class Crew(Protocol):
    """What a job reports to."""

    controls: ControlTable

    def has_done(self, job: Job, count: int) -> None:
        """The job has finished `count` ticks."""

    def owes_state(self, job: Job, tick: int) -> bool:
        """Say whether the job has to hand over its state before a tick."""

    async def hand_over_state(self, job: Job, tick: int) -> None:
        """Take the state of a job that is about to begin a tick."""


@dataclass(frozen=True)
class Place:
    """Where a job works.

    Attributes:
        first: its first tick.
        seen_from: a node that shows or saves does not see ticks before it.
    """

    crew: Crew
    around: Surroundings
    line: Line
    signal: Signal
    first: int
    seen_from: int


class Job:
    """One stream node, put together.

    Args:
        planned: the node in its plan.
        values: what its inputs from value nodes hold.
        streaming: the nodes that run every tick.

    Attributes:
        lives: inputs whose value is put in place before each tick.
        wired: those of them that have a wire.
        first: its first tick.
        task, error, ended: where it stands; `error` says why it failed.
        on_trial: an edit brought it, and it has not done its first tick.
        retired: an edit took it out.
        stash: what controls had left in its inputs when it was taken out.
    """

    def __init__(self, planned: PlannedNode, values: Results, streaming: Collection[str], place: Place) -> None:
        self.planned = planned
        self.lives: dict[str, Live[Any]] = {}
        self.wired: set[str] = set()
        self.task: asyncio.Task[None] | None = None
        self.error: NodegraphError | None = None
        self.ended = self.on_trial = self.retired = False
        self.stash: dict[tuple[str, str], Any] = {}
        self.signal = place.signal
        self._crew = place.crew
        self._around = place.around
        self._queues: dict[str, deque[Any]] = {}
        constants = self._sort_inputs(values, streaming)
        self.outlet = Outlet(place.signal, place.line)
        self._seen_from = place.seen_from
        self.first = place.first
        self.gate = Gate(self._queues, self.outlet, place.signal, place.line, self, first=place.first)
        self._context = NodeContext(place.around, planned.id, planned.id)
        self._context.tick = place.first
        self._tap = NodeTap(planned, self._context, place.around.tap, place.around.pace)
        self.node = StreamNode(
            planned, self.gate, self.outlet, self._context, self._tap, constants, self.lives, list(self._queues),
            place.around.workers, first=place.first,
        )  # fmt: skip

    @property
    def id(self) -> str:
        """The node's id."""
        return self.planned.id

    @property
    def meter(self) -> NodeMeter:
        """How long its recent ticks took."""
        return self._tap.meter

    def stands_before(self, tick: int) -> bool:
        """True where it has done all earlier ticks and not begun this one, or takes no part any more."""
        if self.ended or self.gate.suspended:
            return True
        return self.gate.asking and self.gate.tick + 1 == tick and (self.planned.spec.fold or self.node.items == tick)

    def connect(
        self,
        planned: PlannedNode,
        entering: Mapping[str, Channel],
        leaving: Sequence[Channel],
        values: Results,
        clock: Clock,
    ) -> None:
        """Wire it as `planned` says: `entering` is by source. A node that runs keeps its `Live` objects and queues."""
        before, self.planned = self.planned, planned
        spec = planned.spec
        inlets = [Inlet(self._queues[spec.tick_param])] if spec.tick_param is not None else []
        self.wired = {name for name in planned.wires if name in self.lives}
        for name, wire in planned.wires.items():
            target: Live[Any] | deque[Any] | None = self.lives.get(name, self._queues.get(name))
            channel = entering.get(wire.source) if planned.listens(name, True) else None
            if target is None:
                continue
            if channel is not None:
                inlets.append(Inlet(target, channel=channel, slot=wire.slot))
            elif isinstance(target, Live):
                target.value = values[wire.source][wire.slot]
            else:
                inlets.append(Inlet(target, constant=values[wire.source][wire.slot]))
            self._crew.controls.forget(planned.id, name)
        self._take_literals(before)
        head = all(inlet.channel is None for inlet in inlets)
        self.gate.connect(tuple(inlets), clock if head or spec.tick_param is not None else None)
        shows = spec.fold or (spec.kind == "value" and spec.output_node and not leaving)
        self.gate.seen_from = self._seen_from if shows else 0
        on_demand = self._around.live and (head or spec.kind == "value")
        self.outlet.connect(leaving, on_demand=on_demand, keeps_going=spec.output_node)

    def cut_off(self) -> None:
        """Take it out of the graph; its code stands still until it is ended or connected again."""
        self.retired = True
        self.gate.suspended = True
        self.gate.connect((), None)
        self.outlet.connect((), on_demand=False, keeps_going=True)

    def dissolve(self) -> None:
        """Hold nothing any more; it has ended, and the run too."""
        self.node.dissolve()
        self.outlet.last = None
        self.lives.clear()
        self._queues.clear()
        self.gate.connect((), None)
        self.outlet.connect((), on_demand=False, keeps_going=False)
        self.task = None  # a cancelled one holds what its code held

    def jump(self, tick: int) -> None:
        """Go on at `tick`; those between are lost."""
        self.gate.jump(tick)
        self.node.items = tick

    def begins(self, tick: int) -> None:
        """See `Gatekeeper`."""
        self._context.tick = tick
        self._tap.begin()
        tick_param = self.planned.spec.tick_param
        if tick_param is not None:
            self._queues[tick_param][-1] = tick
        self._crew.controls.begin(self.id, tick, self.lives, self.wired)

    def has_done(self, count: int) -> None:
        """See `Gatekeeper`."""
        if self.planned.spec.kind == "value":
            self.node.items = count
        if self.planned.spec.fold:
            self._tap.end()
        if self.planned.spec.fold or self.planned.spec.kind == "value":
            self._crew.has_done(self, count)

    def owes_state(self, tick: int) -> bool:
        """See `Gatekeeper`."""
        return self._crew.owes_state(self, tick)

    async def hand_over_state(self, tick: int) -> None:
        """See `Gatekeeper`."""
        await self._crew.hand_over_state(self, tick)

    def _sort_inputs(self, values: Results, streaming: Collection[str]) -> dict[str, Any]:
        """Make what is fed every tick, and return the constants."""
        planned, spec = self.planned, self.planned.spec
        constants: dict[str, Any] = {}
        if spec.tick_param is not None:
            self._queues[spec.tick_param] = deque()
        for name, value in planned.literals.items():
            port = spec.input(name)
            if port is not None and port.mode == "live":
                self.lives[name] = Live(value)
            else:
                constants[name] = value
        for name, wire in planned.wires.items():
            port = spec.input(name)
            assert port is not None, "planned wires end at declared inputs"
            if port.mode == "stream":
                self._queues[name] = deque()
            elif port.mode == "live" or planned.listens(name, wire.source in streaming):
                self.lives[name] = Live(None)
            else:
                constants[name] = values[wire.source][wire.slot]
        return constants

    def _take_literals(self, before: PlannedNode) -> None:
        """Take over values that the document has changed; the others stay as controls have left them.

        A change that the node has not come to see yet is one of them: an earlier edit of the same tick has made it.
        """
        unseen = self._crew.controls.drop_edits(self.id)
        for name, live in self.lives.items():
            if name in self.wired:
                continue
            value = self.planned.literals[name]
            if name in unseen or name not in before.literals or before.literals[name] != value:
                live.value = value
                self._crew.controls.forget(self.id, name)
