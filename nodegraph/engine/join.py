"""The way into a stream node: its inputs, joined by tick."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal, Protocol

from nodegraph.engine.channels import Channel, Signal
from nodegraph.engine.clock import Clock
from nodegraph.engine.line import Line
from nodegraph.engine.outlet import Outlet
from nodegraph.errors import NodegraphError
from nodegraph.graph import Live

__all__ = ["Gate", "Gatekeeper", "Inlet"]

UNREAD_TICKS = 256
"""How far a node may read one stream ahead of another before it is told that it forgot the other."""


class Inlet:
    """One input that is fed every tick: from output `slot` of a channel's items, or from a constant.

    The value goes to a `Live`, or into the queue of an `AsyncIterator` parameter.
    """

    __slots__ = ("channel", "constant", "slot", "target")

    def __init__(
        self, target: Live[Any] | deque[Any], *, channel: Channel | None = None, slot: int = 0, constant: Any = None
    ) -> None:
        self.target = target
        self.channel = channel
        self.slot = slot
        self.constant = constant

    def feed(self, items: Mapping[Channel, Any]) -> None:
        """Take over the value of the tick that begins."""
        value = self.constant if self.channel is None else items[self.channel][self.slot]
        if isinstance(self.target, Live):
            self.target.value = value
        else:
            self.target.append(value)


class Gatekeeper(Protocol):
    """What a gate tells of its node's progress."""

    def begins(self, tick: int) -> None:
        """The tick begins; its inputs are in place."""

    def has_done(self, count: int) -> None:
        """The node asks for its next tick, with `count` done."""

    def owes_state(self, tick: int) -> bool:
        """Say whether the node has to hand over its state before this tick."""

    async def hand_over_state(self, tick: int) -> None:
        """Do that."""


class Gate:
    """Lets a node begin one tick after the other.

    A tick begins when there is room for its result, every stream that enters has delivered its item, (for nodes at the
    head of the graph) the clock has released it, and no line holds it. Items, `Live` inputs and controls then change
    together.

    Args:
        queues: name -> items for the `AsyncIterator` parameters, the tick parameter among them.
        first: the first tick.

    Attributes:
        tick: the newest tick that has begun.
        seen_from: ticks before it pass without the node; it does not see them.
        asking: the node has asked for the next one.
        suspended: the node stands still until it is put back or ended.
    """

    def __init__(
        self,
        queues: Mapping[str, deque[Any]],
        outlet: Outlet,
        signal: Signal,
        line: Line,
        keeper: Gatekeeper,
        *,
        first: int,
    ) -> None:
        self._queues = queues
        self._outlet = outlet
        self._signal = signal
        self._line = line
        self._keeper = keeper
        self._inlets: tuple[Inlet, ...] = ()
        self._channels: tuple[Channel, ...] = ()
        self._clock: Clock | None = None
        self._released = -1
        self._lock = asyncio.Lock()
        self._ended = False
        self.tick = first - 1
        self.seen_from = 0
        self.asking = False
        self.stopping = False
        self.suspended = False

    def connect(self, inlets: tuple[Inlet, ...], clock: Clock | None) -> None:
        """Take items from these inlets from now on; `clock` is for nodes at the head of the graph."""
        self._inlets = inlets
        self._channels = tuple(dict.fromkeys(inlet.channel for inlet in inlets if inlet.channel is not None))
        self._clock = clock

    def jump(self, tick: int) -> None:
        """Go on at `tick`; those between are lost."""
        self.tick = tick - 1
        for queue in self._queues.values():
            queue.clear()

    async def advance(self) -> bool:
        """Begin the next tick; False where there is none."""
        async with self._lock:
            return await self._advance()

    def iterate(self, name: str) -> AsyncIterator[Any]:
        """Return what the node gets for an `AsyncIterator` parameter."""
        return _Port(self, name, self._queues[name])

    async def pull(self, name: str, queue: deque[Any]) -> bool:
        """Make sure that the queue of a parameter holds an item; False where the stream has ended."""
        async with self._lock:
            while not queue:
                if not await self._advance():
                    return False
                self._check_unread(name)
        return True

    def close(self) -> None:
        """Want nothing more: producers that only served this node end."""
        if not self._ended:
            self._ended = True
            for channel in self._channels:
                channel.close()
            self._signal.poke()

    async def _advance(self) -> bool:
        while True:
            self._keeper.has_done(self.tick + 1)
            self.asking = True
            self._line.check()
            if not await self._may_begin():
                self.close()
                return False
            self.asking = False
            self._begin()
            if self.tick >= self.seen_from:
                return True
            for queue in self._queues.values():
                queue.clear()

    async def _may_begin(self) -> bool:
        """Wait until the next tick may begin; False where it never will. Whatever it waited for, it looks again."""
        while (look := self._look()) != "end":
            tick = self.tick + 1
            if look == "wait":
                await self._signal.wait()
            elif self._clock is not None and self._released != tick:
                with self._signal.rest():
                    released = await self._clock.wait(tick)
                if not released:
                    return False
                self._released = tick
            elif self._line.holds(tick):
                self._line.note_held()
                await self._signal.wait()
            elif self._keeper.owes_state(tick):
                await self._keeper.hand_over_state(tick)
            else:
                return True
        return False

    def _look(self) -> Literal["go", "wait", "end"]:
        if self.suspended and not self._ended:
            return "wait"
        if self._ended or self._outlet.abandoned:
            return "end"
        if not self._outlet.ready:
            return "end" if self.stopping else "wait"
        for channel in self._channels:
            channel.want()
        if not any(channel.empty for channel in self._channels):
            return "go"
        return "end" if any(channel.exhausted for channel in self._channels) else "wait"

    def _begin(self) -> None:
        items = {channel: self._taken(channel, self.tick + 1) for channel in self._channels}
        for inlet in self._inlets:
            inlet.feed(items)
        self.tick += 1
        self._keeper.begins(self.tick)

    def _taken(self, channel: Channel, tick: int) -> Any:
        found, item = channel.take()
        assert found == tick, f"channel from {channel.source} delivered tick {found} instead of {tick}"
        return item

    def _check_unread(self, name: str) -> None:
        for other, queue in self._queues.items():
            if len(queue) > UNREAD_TICKS:
                raise NodegraphError(
                    "node_failed",
                    f"The node reads {name} but never {other}.",
                    got=f"{len(queue)} unread ticks",
                    expected="one item of every stream each tick",
                    remedy=f"Read {other} in the same loop, or make it a Live input.",
                    port=other,
                )


class _Port:
    """The async iterator behind one stream parameter."""

    def __init__(self, gate: Gate, name: str, queue: deque[Any]) -> None:
        self._gate = gate
        self._name = name
        self._queue = queue

    def __aiter__(self) -> _Port:
        return self

    async def __anext__(self) -> Any:
        if not self._queue and not await self._gate.pull(self._name, self._queue):
            raise StopAsyncIteration
        return self._queue.popleft()
