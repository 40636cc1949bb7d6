"""Bounded channels between stream nodes. Capacity: stated per channel, in ticks. Overflow rule: the producer waits;
nothing that a recording could need is ever dropped here (previews are dropped later, by whoever shows them)."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

__all__ = ["Channel", "ChannelStats", "Idle", "Signal"]


class Idle:
    """Counts the nodes that wait for others and those that rest until the clock lets them go on.

    When none works, `on_stall` is called; it may raise in the last of them.
    """

    def __init__(self, on_stall: Callable[[], None]) -> None:
        self.running = 0
        self.waiting = 0
        self.resting = 0
        self._on_stall = on_stall

    def check(self) -> None:
        """Look whether any node works."""
        if self.running and self.waiting + self.resting >= self.running:
            self._on_stall()


class Signal:
    """Wakes everything that waits for one node's surroundings to change. Waiters check their condition again."""

    __slots__ = ("_idle", "_waiters")

    def __init__(self, idle: Idle) -> None:
        self._idle = idle
        self._waiters: list[asyncio.Future[None]] = []

    def poke(self) -> None:
        """Wake all waiters."""
        if self._waiters:
            self._idle.waiting -= 1
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    @contextmanager
    def rest(self) -> Iterator[None]:
        """Mark the node as waiting for the clock."""
        self._idle.resting += 1
        try:
            self._idle.check()
            yield
        finally:
            self._idle.resting -= 1

    async def wait(self) -> None:
        """Wait for the next poke."""
        waiter = asyncio.get_running_loop().create_future()
        if not self._waiters:
            self._idle.waiting += 1
        self._waiters.append(waiter)
        try:
            self._idle.check()
            await waiter
        finally:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
                self._idle.waiting -= not self._waiters


@dataclass(frozen=True)
class ChannelStats:
    """What went through a channel, in ticks: `peak` is the most it held, `waits` how often its producer had to wait."""

    source: str
    target: str
    capacity: int
    sent: int
    peak: int
    waits: int


class Channel:
    """Items from one node to one other, in tick order. `wanted` is set while the consumer waits for the next item."""

    __slots__ = (
        "_changed_s", "_drained_s", "_held_s", "_items", "_now", "_producer_done", "capacity", "closed", "consumer",
        "peak", "producer", "sent", "source", "target", "waits", "wanted",
    )  # fmt: skip

    def __init__(
        self,
        source: str,
        target: str,
        capacity: int,
        producer: Signal,
        consumer: Signal,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self.target = target
        self.capacity = capacity
        self.producer = producer
        self.consumer = consumer
        self.wanted = False
        self.closed = False
        self.sent = self.peak = self.waits = 0
        self._items: deque[tuple[int, Any]] = deque()
        self._producer_done = False
        self._now = now
        self._changed_s = self._drained_s = now()
        self._held_s = 0.0  # seconds times items held, since the last drain

    @property
    def empty(self) -> bool:
        """True where the consumer has to wait."""
        return not self._items

    @property
    def has_room(self) -> bool:
        """True where one more item fits."""
        return len(self._items) < self.capacity

    @property
    def exhausted(self) -> bool:
        """True where no further item can come out."""
        return self._producer_done and not self._items

    def put(self, tick: int, item: Any) -> None:
        """Add the item of a tick; there must be room."""
        assert self.has_room, "the producer waits for room"
        self._weigh(self._now())
        self._items.append((tick, item))
        self.sent += 1
        self.peak = max(self.peak, len(self._items))
        self.consumer.poke()

    def take(self) -> tuple[int, Any]:
        """Remove and return the oldest (tick, item)."""
        self.wanted = False
        self._weigh(self._now())
        taken = self._items.popleft()
        self.producer.poke()
        return taken

    def want(self) -> None:
        """Say that the consumer waits for the next item."""
        if not self.wanted:
            self.wanted = True
            self.producer.poke()

    def finish(self) -> None:
        """Called by the producer: no more items come."""
        self._producer_done = True
        self.consumer.poke()

    def close(self) -> None:
        """Called by the consumer: no more items are wanted."""
        self.closed = True
        self._weigh(self._now())
        self._items.clear()
        self.producer.poke()

    def grow(self) -> None:
        """Double the capacity, to free a graph in which everybody waits."""
        self.capacity *= 2
        self.producer.poke()

    def stats(self) -> ChannelStats:
        """Return the counts so far."""
        return ChannelStats(self.source, self.target, self.capacity, self.sent, self.peak, self.waits)

    def drain_fill(self, now_s: float) -> float:
        """Return which part of the capacity was taken on average since the last call (0..1), and begin anew."""
        self._weigh(now_s)
        passed_s = now_s - self._drained_s
        fill = self._held_s / (passed_s * self.capacity) if passed_s > 0 else 0.0
        self._drained_s, self._held_s = now_s, 0.0
        return min(fill, 1.0)

    def _weigh(self, now_s: float) -> None:
        """Count the time that the items lay here; called before their number changes."""
        self._held_s += (now_s - self._changed_s) * len(self._items)
        self._changed_s = now_s
