"""The way out of a stream node: its items, handed to all who want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nodegraph.engine.channels import Channel, Signal
from nodegraph.engine.line import Line

__all__ = ["Outlet"]


class Outlet:
    """The channels that lead out of a node. The producer waits where one of them is full.

    Attributes:
        last: the newest item; an edit tries out new nodes on it.
    """

    def __init__(self, signal: Signal, line: Line) -> None:
        self._signal = signal
        self._line = line
        self._channels: Sequence[Channel] = ()
        self._on_demand = False
        self._keeps_going = True
        self.last: tuple[Any, ...] | None = None

    def connect(self, channels: Sequence[Channel], *, on_demand: bool, keeps_going: bool) -> None:
        """Lead to these channels from now on."""
        for channel in self._channels:
            channel.closed = True
        self._channels = channels
        self._on_demand = on_demand
        self._keeps_going = keeps_going or not channels

    @property
    def alone(self) -> bool:
        """True where nobody takes the items any more and the node has no purpose of its own."""
        return not self._keeps_going and all(channel.closed for channel in self._channels)

    @property
    def abandoned(self) -> bool:
        """True where it is alone for good."""
        return self.alone and not self._line.outage

    @property
    def ready(self) -> bool:
        """True where the next tick may begin: there is room for its item and, on demand only, somebody waits for it."""
        open_channels = [channel for channel in self._channels if not channel.closed]
        if self.alone or not all(channel.has_room for channel in open_channels):
            return False
        return not self._on_demand or not open_channels or any(channel.wanted for channel in open_channels)

    async def put(self, tick: int, item: tuple[Any, ...]) -> None:
        """Hand on the item of a tick, to those that have room first."""
        self.last = item
        left = list(self._channels)
        while left:
            left = [channel for channel in left if not channel.closed and not _handed(channel, tick, item)]
            if left:
                for channel in left:
                    channel.waits += 1
                await self._signal.wait()

    def finish(self) -> None:
        """Say that no more items come."""
        for channel in self._channels:
            channel.finish()


def _handed(channel: Channel, tick: int, item: Any) -> bool:
    if not channel.has_room:
        return False
    channel.put(tick, item)
    return True
