"""Stream nodes: one task each, joined by bounded channels, so that slow stages overlap."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from typing import Any

from nodegraph.engine.boundary import NODE_ERRORS, node_error
from nodegraph.engine.channels import Channel, ChannelStats, Idle, Signal
from nodegraph.engine.clock import Clock
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.events import NodeFailed, NodeFinished, NodeStarted, TickDone
from nodegraph.engine.jobs import Job, Place
from nodegraph.engine.line import Line
from nodegraph.engine.outlast import outlast
from nodegraph.engine.profile import NodeMeter, Profiler
from nodegraph.engine.protocol import RunState
from nodegraph.engine.states import StateBook, StatePart
from nodegraph.engine.ticks import TickCounter
from nodegraph.errors import NodegraphError
from nodegraph.graph import Plan, PlannedNode

__all__ = ["StreamPhase", "runnable"]

LIVE_CAPACITY_TICKS = 1
RENDER_CAPACITY_TICKS = 4
MAX_CAPACITY_TICKS = 1024
START_AGAIN = "Apply the workflow, changed or as it is, to start the node again; what does not need it goes on."


class StreamPhase:
    """Runs the stream nodes of a plan until their ends; between two ticks `swap` puts another plan in its place.

    In a live run a channel holds one tick, and nodes without a stream input, and value nodes fed by streams, begin a
    tick only when somebody waits for it: what they read from the controls is then as fresh as it can be. In a render
    channels hold more and every node works ahead. Results do not depend on it.

    Args:
        values: node -> result, of the value phase; results of nodes that end with a result are added.
        failed: nodes that have no result; nodes that fail here are added.
        start: what the nodes know when they begin; the first tick is its.
        seen_from: nodes that show or save do not see ticks before it.
        only: the nodes to run, where not all; the others count as values.

    Attributes:
        jobs: the nodes at work, by id, in order.
        errors: why nodes failed, those left out that an edit has begun again.
        on_fault: asked when a node fails; True = the fault is taken care of.
        on_proof: told that a job has done its first tick.
        retained: nodes that an edit took out, kept for a way back.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        controls: ControlTable,
        around: Surroundings,
        values: dict[str, tuple[Any, ...]],
        failed: set[str],
        *,
        start: RunState,
        states: StateBook | None = None,
        seen_from: int = 0,
        only: Collection[str] | None = None,
    ) -> None:
        self.plan = plan
        self.controls = controls
        self.values = values
        self.failed = failed
        self.errors: dict[str, NodegraphError] = {}
        self.on_fault: Callable[[Job, NodegraphError], bool] | None = None
        self.on_proof: Callable[[Job], None] | None = None
        self.states = states
        self.idle = Idle(self._stalled)
        self.line = Line(self._all_stand_before)
        self.ticks = TickCounter(start.tick, self._tick_done)
        self._clock = clock
        self._around = around
        self._start = start
        self._seen_from = seen_from
        self._profiler = Profiler(around.emit)
        self._channels: dict[tuple[str, str], Channel] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._left: list[ChannelStats] | None = None
        self.jobs: dict[str, Job] = {}
        self.retained: list[Job] = []
        streaming = [node for node in runnable(plan, failed) if only is None or node in only]
        self.jobs = {node: self.make(plan.nodes[node], values, streaming, start.tick) for node in streaming}
        self.wire_up(start.tick)
        for job in self.jobs.values():
            controls.restore(job.id, job.lives, start.values)

    @property
    def first_error(self) -> NodegraphError | None:
        """Why the first of the failed nodes did."""
        return next(iter(self.errors.values()), None)

    @property
    def ticks_done(self) -> int:
        """How many ticks every sink has finished."""
        return self.ticks.done

    @property
    def living(self) -> list[str]:
        """The nodes that have not ended."""
        return [node for node, job in self.jobs.items() if not job.ended]

    def stats(self) -> list[ChannelStats]:
        """Return what went through each channel."""
        if self._left is not None:
            return self._left
        return [channel.stats() for channel in self._channels.values()]

    async def run(self) -> None:
        """Run all nodes to their ends; a node that fails ends, and with it what it fed, while the others go on."""
        for job in self.jobs.values():
            self.begin(job)
        try:
            while self._tasks:
                done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
                self._tasks -= done
                for task in done:
                    task.result()
        except asyncio.CancelledError:
            if self.states is not None:
                self.states.close()
            tasks = list(self._tasks)
            for task in tasks:
                task.cancel()  # once: a node that closes its file is not disturbed again
            await outlast(tasks)
            raise

    def stop(self) -> None:
        """Begin no further tick at the head of the graph; what is under way is finished."""
        self._stopping = True
        if self.states is not None:
            self.states.close()
        self._clock.stop()
        self._end_outage()
        for job in self.jobs.values():
            job.gate.stopping = True
            job.signal.poke()

    def dissolve(self) -> None:
        """Hold no nodes, items and states any more, where all nodes have ended.

        Nodes and the phase refer to each other: without this, sessions and states of ended runs would fill the memory
        until the garbage collector finds the ring, minutes later.
        """
        if self.living:
            return
        self._left = self.stats()
        for job in (*self.jobs.values(), *self.retained):
            job.dissolve()
        self._tasks.clear()
        self._channels = {}
        self.jobs, self.retained, self.values = {}, [], {}
        self.states = self.on_fault = self.on_proof = None
        self._start = RunState(tick=self._start.tick, document={})

    def make(
        self, planned: PlannedNode, values: Mapping[str, tuple[Any, ...]], streaming: Collection[str], tick: int
    ) -> Job:
        """Put a node together that will begin at `tick`."""
        place = Place(self, self._around, self.line, Signal(self.idle), tick, self._seen_from)
        return Job(planned, values, streaming, place)

    def begin(self, job: Job) -> None:
        """Let a job work."""
        self.idle.running += 1
        job.task = asyncio.create_task(self._drive(job), name=f"node {job.id}")
        self._tasks.add(job.task)

    def wire_up(self, tick: int) -> None:
        """Join all jobs as the plan says; every one of them stands before `tick`."""
        self._channels = self._open_channels()
        for node, job in self.jobs.items():
            entering = {source: channel for (source, target), channel in self._channels.items() if target == node}
            leaving = [channel for (source, _), channel in self._channels.items() if source == node]
            job.connect(self.plan.nodes[node], entering, leaving, self.values, self._clock)
            if job.ended:
                for channel in entering.values():
                    channel.close()
                job.outlet.finish()
        sources = {source for source, _ in self._channels}
        sinks = [node for node, job in self.jobs.items() if node not in sources and not job.ended]
        self.ticks.watch(sinks, tick)
        if self.states is not None:
            self.states.blocked = any(job.planned.spec.hidden_state for job in self.jobs.values())

    def wake(self) -> None:
        """Let every gate look again."""
        for job in (*self.jobs.values(), *self.retained):
            job.signal.poke()

    def has_done(self, job: Job, count: int) -> None:
        """See `Crew`."""
        if not job.retired:
            self.ticks.mark(job.id, count)
        if count > job.first:
            self._prove(job)

    def owes_state(self, job: Job, tick: int) -> bool:
        """See `Crew`."""
        return self.states is not None and not job.retired and self.states.owed(job.id, tick)

    async def hand_over_state(self, job: Job, tick: int) -> None:
        """See `Crew`. A node whose snapshot fails cannot be rewound; it goes on, and no more states are held."""
        assert self.states is not None, "nothing is owed without a book"
        stateful = job.node.has_state
        try:
            snapshot = await job.node.snapshot() if stateful else None
        except NODE_ERRORS:
            self.states.blocked = True
            return
        if not job.retired:
            part = StatePart(self.controls.in_force(job.id, tick), stateful, snapshot)
            self.states.give(job.id, tick, part, self.living)

    def _open_channels(self) -> dict[tuple[str, str], Channel]:
        """Make one channel per pair of nodes; one that bypasses other nodes is as much deeper as they are many."""
        base = LIVE_CAPACITY_TICKS if self._around.live else RENDER_CAPACITY_TICKS
        depth: dict[str, int] = {}
        channels: dict[tuple[str, str], Channel] = {}
        for name, job in self.jobs.items():
            planned = self.plan.nodes[name]
            sources = {
                wire.source
                for port, wire in planned.wires.items()
                if wire.source in self.jobs and planned.listens(port, True)
            }
            depth[name] = 1 + max((depth[source] for source in sources), default=0)
            for source in sources:
                capacity = base * (depth[name] - depth[source])
                channels[source, name] = Channel(source, name, capacity, self.jobs[source].signal, job.signal)
        return channels

    async def _drive(self, job: Job) -> None:
        self._around.emit(NodeStarted(job.id))
        try:
            job.node.construct(self._start.nodes.get(job.id))
            result = await job.node.run(lambda count: self.has_done(job, count))
            if result is not None:
                self.values[job.id] = result
            self._prove(job)
            if not job.retired or job.id not in self.jobs:
                self._around.emit(NodeFinished(job.id))
        except NODE_ERRORS as error:
            self._fail(job, node_error(error, job.id, job.planned.spec.id))
        finally:
            self._end(job)

    def _fail(self, job: Job, found: NodegraphError) -> None:
        job.error = found
        if job.retired and job.id in self.jobs:
            return
        if self.on_fault is None or not self.on_fault(job, found):
            if self._may_come_back(but=job):
                found.remedy = f"{(found.remedy or '').rstrip('.')}. {START_AGAIN}".lstrip(". ")
            self.failed.add(job.id)
            self.errors.setdefault(job.id, found)
            self._around.emit(NodeFailed(job.id, found, job.node.items))

    def _end(self, job: Job) -> None:
        job.ended = True
        self.idle.running -= 1
        if job.error is not None and not job.retired and (job.on_trial or self._may_come_back()):
            self.line.outage = True
            job.gate.close()
        else:
            job.node.close()
        if not job.retired:
            self.ticks.close(job.id)
            if self.states is not None:
                self.states.check(self.living)
        self.line.check()
        self.idle.check()
        if self.jobs and not self.living:
            self.let_go()

    def _prove(self, job: Job) -> None:
        if job.on_trial and self.on_proof is not None:
            self.on_proof(job)

    def let_go(self) -> None:
        """End the nodes that were kept for a way back."""
        retained, self.retained = self.retained, []
        for job in retained:
            job.gate.suspended = False
            job.gate.close()

    def _may_come_back(self, but: Job | None = None) -> bool:
        """True where a failed node can be begun again: a live run that has shown something and still has a session.

        Args:
            but: a job that is about to end.
        """
        alive = (job for job in self.jobs.values() if not job.ended and job is not but)
        shown = self.ticks.done > self._start.tick
        return self._around.live and shown and not self._stopping and any(job.planned.spec.session for job in alive)

    def _end_outage(self) -> None:
        if self.line.outage:
            self.line.outage = False
            for job in self.jobs.values():
                if job.error is not None:
                    job.outlet.finish()

    def _tick_done(self, tick: int, node: str) -> None:
        timings: Mapping[str, float] = self._around.timings.pop(tick, {})
        if tick >= self._seen_from:
            self._around.emit(TickDone(tick, node, timings))
            self._profiler.tick_done(self._meters, self._channels.values())

    def _meters(self) -> dict[str, NodeMeter]:
        return {node: job.meter for node, job in self.jobs.items() if not job.ended}

    def _all_stand_before(self, tick: int) -> bool:
        if self.line.outage or not self.living:
            return False
        return all(job.stands_before(tick) for job in self.jobs.values())

    def _stalled(self) -> None:
        """No node works: they wait for a line, for a node that failed, or because a channel is too short."""
        if self.line.at is not None and self.line.outage:
            self.line.reach()
        elif self.idle.resting:
            return
        elif self.line.at is not None and self.line.somebody_held:
            if not self._all_stand_before(self.line.at) and self.line.move():
                self.wake()
        elif not self.line.outage:
            self._free()

    def _free(self) -> None:
        """One node needs many ticks before it gives its first. Give it more room."""
        full = [channel for channel in self._channels.values() if not channel.closed and not channel.has_room]
        for channel in full:
            if channel.capacity >= MAX_CAPACITY_TICKS:
                raise NodegraphError(
                    "node_failed",
                    f"Node {channel.source} is needed more than {MAX_CAPACITY_TICKS} ticks before it is joined.",
                    remedy="Shorten what the nodes between them hold back, or wire them apart.",
                )
            channel.grow()


def runnable(plan: Plan, failed: set[str]) -> list[str]:
    """Return the stream nodes that can start; those behind a failed node are added to `failed`."""
    nodes = []
    for name in plan.streams:
        if any(wire.source in failed for wire in plan.nodes[name].wires.values()):
            failed.add(name)
        else:
            nodes.append(name)
    return nodes
