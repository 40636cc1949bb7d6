"""The way into a stream node: its inputs, joined by tick."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from nodegraph.engine.channels import Channel, Signal
from nodegraph.engine.clock import Clock
from nodegraph.engine.outlet import Outlet
from nodegraph.errors import NodegraphError
from nodegraph.graph import Live

__all__ = ["Gate", "Inlet"]

UNREAD_TICKS = 256
"""How far a node may read one stream ahead of another before it is told that it forgot the other."""


class Inlet:
    """One input that is fed every tick: from output `slot` of a channel's items, or from a constant.

    The value goes to `live`, or into the queue of an `AsyncIterator` parameter.
    """

    __slots__ = ("channel", "constant", "live", "queue", "slot")

    def __init__(self, *, channel: Channel | None, slot: int = 0, constant: Any = None, live: bool) -> None:
        self.channel = channel
        self.slot = slot
        self.constant = constant
        self.live: Live[Any] | None = Live(None) if live else None
        self.queue: deque[Any] = deque()

    def feed(self, items: Mapping[Channel, Any]) -> None:
        """Take over the value of the tick that begins."""
        value = self.constant if self.channel is None else items[self.channel][self.slot]
        if self.live is not None:
            self.live.value = value
        else:
            self.queue.append(value)


class Gate:
    """Lets a node begin one tick after the other.

    A tick begins when there is room for its result, every stream that enters has delivered its item, and (for nodes at
    the head of the graph) the clock has released it. Items, `Live` inputs and controls then change together.

    Args:
        inlets: parameter name -> how it is fed; the name of the tick parameter may be among them.
        clock: for nodes at the head of the graph, otherwise None.
        on_begin: called with the tick that begins, after its inputs are in place.
        on_done: called with the number of ticks the node has done, whenever it asks for the next one.
    """

    def __init__(
        self,
        inlets: Mapping[str, Inlet],
        outlet: Outlet,
        signal: Signal,
        *,
        clock: Clock | None,
        on_begin: Callable[[int], None],
        on_done: Callable[[int], None],
    ) -> None:
        self._inlets = inlets
        self._channels = tuple(dict.fromkeys(inlet.channel for inlet in inlets.values() if inlet.channel is not None))
        self._outlet = outlet
        self._signal = signal
        self._clock = clock
        self._on_begin = on_begin
        self._on_done = on_done
        self._lock = asyncio.Lock()
        self._ended = False
        self.stopping = False
        self.tick = -1

    async def advance(self) -> bool:
        """Begin the next tick; False where there is none."""
        async with self._lock:
            return await self._advance()

    def iterate(self, name: str) -> AsyncIterator[Any]:
        """Return what the node gets for an `AsyncIterator` parameter."""
        return _Port(self, name, self._inlets[name].queue)

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

    async def _advance(self) -> bool:
        self._on_done(self.tick + 1)
        tick = self.tick + 1
        if self._ended or not await self._outlet_ready() or not await self._inputs_ready():
            self.close()
            return False
        if self._clock is not None and not await self._clock.wait(tick):
            self.close()
            return False
        items = {channel: self._taken(channel, tick) for channel in self._channels}
        for inlet in self._inlets.values():
            inlet.feed(items)
        self.tick = tick
        self._on_begin(tick)
        return True

    async def _outlet_ready(self) -> bool:
        while not self._outlet.ready:
            if self._outlet.abandoned or self.stopping:
                return False
            await self._signal.wait()
        return not self._outlet.abandoned

    async def _inputs_ready(self) -> bool:
        for channel in self._channels:
            channel.want()
        while any(channel.empty for channel in self._channels):
            if any(channel.exhausted for channel in self._channels):
                return False
            await self._signal.wait()
        return True

    def _taken(self, channel: Channel, tick: int) -> Any:
        found, item = channel.take()
        assert found == tick, f"channel from {channel.source} delivered tick {found} instead of {tick}"
        return item

    def _check_unread(self, name: str) -> None:
        for other, inlet in self._inlets.items():
            if len(inlet.queue) > UNREAD_TICKS:
                raise NodegraphError(
                    "node_failed",
                    f"The node reads {name} but never {other}.",
                    got=f"{len(inlet.queue)} unread ticks",
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
