"""Stream nodes: one task each, joined by bounded channels, so that slow stages overlap."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from nodegraph.engine.boundary import NODE_ERRORS, node_error
from nodegraph.engine.channels import Channel, ChannelStats, Idle, Signal
from nodegraph.engine.clock import Clock
from nodegraph.engine.context import NodeContext, Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.events import NodeFailed, NodeFinished, NodeStarted, TickDone
from nodegraph.engine.join import Gate, Inlet
from nodegraph.engine.outlast import outlast
from nodegraph.engine.outlet import Outlet
from nodegraph.engine.stream_node import StreamNode
from nodegraph.engine.taps import NodeTap
from nodegraph.engine.ticks import TickCounter
from nodegraph.errors import NodegraphError
from nodegraph.graph import Live, Plan, PlannedNode

__all__ = ["StreamPhase"]

LIVE_CAPACITY_TICKS = 1
RENDER_CAPACITY_TICKS = 4
MAX_CAPACITY_TICKS = 1024


class StreamPhase:
    """Runs the stream nodes of a plan until their ends.

    In a live run a channel holds one tick, and nodes without a stream input, and value nodes fed by streams, begin a
    tick only when somebody waits for it: what they read from the controls is then as fresh as it can be. In a render
    channels hold more and every node works ahead. Results do not depend on it.

    Args:
        values: node -> result, of the value phase; results of nodes that end with a result are added.
        failed: nodes that have no result; nodes that fail here are added.
    """

    def __init__(
        self,
        plan: Plan,
        clock: Clock,
        controls: ControlTable,
        around: Surroundings,
        values: dict[str, tuple[Any, ...]],
        failed: set[str],
    ) -> None:
        self._plan = plan
        self._clock = clock
        self._controls = controls
        self._around = around
        self._values = values
        self._failed = failed
        self._idle = Idle(self._free)
        self._nodes = self._runnable()
        self._signals = {node: Signal(self._idle) for node in self._nodes}
        self._channels = self._open_channels()
        self._outgoing: dict[str, list[Channel]] = {}
        for channel in self._channels.values():
            self._outgoing.setdefault(channel.source, []).append(channel)
        self._ticks = TickCounter((node for node in self._nodes if node not in self._outgoing), self._tick_done)
        self._gates: dict[str, Gate] = {}
        self.first_error: NodegraphError | None = None

    @property
    def ticks_done(self) -> int:
        """How many ticks every sink has finished."""
        return self._ticks.done

    def stats(self) -> list[ChannelStats]:
        """Return what went through each channel."""
        return [channel.stats() for channel in self._channels.values()]

    async def run(self) -> None:
        """Run all nodes to their ends; a node that fails ends, and with it what it fed, while the others go on."""
        jobs = [(planned, self._assemble(planned)) for planned in self._nodes.values()]
        self._idle.running = len(jobs)
        tasks = [asyncio.create_task(self._drive(planned, node)) for planned, node in jobs]
        try:
            if tasks:
                await asyncio.wait(tasks)
        except asyncio.CancelledError:
            for task in tasks:
                task.cancel()  # once: a node that closes its file is not disturbed again
            await outlast(tasks)
            raise
        for task in tasks:
            task.result()

    def stop(self) -> None:
        """Begin no further tick at the head of the graph; what is under way is finished."""
        self._clock.stop()
        for node, gate in self._gates.items():
            gate.stopping = True
            self._signals[node].poke()

    def _runnable(self) -> dict[str, PlannedNode]:
        """Return the stream nodes that can start; those behind a failed node are marked as failed too."""
        nodes = {}
        for name in self._plan.streams:
            planned = self._plan.nodes[name]
            if any(wire.source in self._failed for wire in planned.wires.values()):
                self._failed.add(name)
            else:
                nodes[name] = planned
        return nodes

    def _open_channels(self) -> dict[tuple[str, str], Channel]:
        """Make one channel per pair of nodes; one that bypasses other nodes is as much deeper as they are many."""
        base = LIVE_CAPACITY_TICKS if self._around.live else RENDER_CAPACITY_TICKS
        depth: dict[str, int] = {}
        channels: dict[tuple[str, str], Channel] = {}
        for name, planned in self._nodes.items():
            sources = {
                wire.source
                for port, wire in planned.wires.items()
                if wire.source in self._nodes and planned.listens(port, True)
            }
            depth[name] = 1 + max((depth[source] for source in sources), default=0)
            for source in sources:
                capacity = base * (depth[name] - depth[source])
                signals = self._signals[source], self._signals[name]
                channels[source, name] = Channel(source, name, capacity, *signals)
        return channels

    def _assemble(self, planned: PlannedNode) -> StreamNode:
        """Connect one node: inlets, outlet, gate and context."""
        name, spec = planned.id, planned.spec
        constants, inlets = self._inputs(planned)
        lives = {port: inlet.live for port, inlet in inlets.items() if inlet.live is not None}
        if spec.tick_param is not None:
            inlets[spec.tick_param] = Inlet(channel=None, live=False)
        for port in spec.inputs:
            if port.mode == "live" and port.name in constants:
                lives[port.name] = Live(constants.pop(port.name))
        head = all(inlet.channel is None for inlet in inlets.values())
        on_demand = self._around.live and (head or spec.kind == "value")
        outlet = Outlet(
            self._outgoing.get(name, []), self._signals[name], on_demand=on_demand, keeps_going=spec.output_node
        )
        context = NodeContext(self._around, name, name)
        tap = NodeTap(planned, context, self._around.tap)

        def begin(tick: int) -> None:
            context.tick = tick
            tap.begin()
            if spec.tick_param is not None:
                inlets[spec.tick_param].queue[-1] = tick
            self._controls.begin(name, tick, lives)

        def done(count: int) -> None:
            if spec.fold:
                self._ticks.mark(name, count)

        clock = self._clock if head or spec.tick_param is not None else None
        gate = Gate(inlets, outlet, self._signals[name], clock=clock, on_begin=begin, on_done=done)
        self._gates[name] = gate
        streams = [port for port, inlet in inlets.items() if inlet.live is None]
        return StreamNode(planned, gate, outlet, context, tap, constants, lives, streams, self._around.workers)

    def _inputs(self, planned: PlannedNode) -> tuple[dict[str, Any], dict[str, Inlet]]:
        """Split the inputs into constants and those that are fed every tick."""
        constants = dict(planned.literals)
        inlets: dict[str, Inlet] = {}
        for name, wire in planned.wires.items():
            port = planned.spec.input(name)
            assert port is not None, "planned wires end at declared inputs"
            channel = self._channels.get((wire.source, planned.id)) if planned.listens(name, True) else None
            if channel is not None:
                inlets[name] = Inlet(channel=channel, slot=wire.slot, live=port.mode != "stream")
            elif port.mode == "stream":
                inlets[name] = Inlet(channel=None, constant=self._values[wire.source][wire.slot], live=False)
            else:
                constants[name] = self._values[wire.source][wire.slot]
        return constants, inlets

    async def _drive(self, planned: PlannedNode, node: StreamNode) -> None:
        name = planned.id
        self._around.emit(NodeStarted(name))
        try:
            result = await node.run(lambda count: self._ticks.mark(name, count))
            if result is not None:
                self._values[name] = result
            self._around.emit(NodeFinished(name))
        except NODE_ERRORS as error:
            found = node_error(error, name, planned.spec.id)
            self._failed.add(name)
            self.first_error = self.first_error or found
            self._around.emit(NodeFailed(name, found))
        finally:
            self._idle.running -= 1
            node.close()
            self._ticks.close(name)

    def _tick_done(self, tick: int, node: str) -> None:
        timings: Mapping[str, float] = self._around.timings.pop(tick, {})
        self._around.emit(TickDone(tick, node, timings))

    def _free(self) -> None:
        """Every node waits for another: one of them needs many ticks before it gives its first. Give it more room."""
        full = [channel for channel in self._channels.values() if not channel.closed and not channel.has_room]
        for channel in full:
            if channel.capacity >= MAX_CAPACITY_TICKS:
                raise NodegraphError(
                    "node_failed",
                    f"Node {channel.source} is needed more than {MAX_CAPACITY_TICKS} ticks before it is joined.",
                    remedy="Shorten what the nodes between them hold back, or wire them apart.",
                )
            channel.grow()
