"""Frames on their way into files, of all takes together: their memory is bounded, and none of them is dropped.

Who would add to a full backlog waits: the stream slows down to the recording, and goes on at its own rate as soon as
there is room. Disks and encoders that are slow for a moment are bridged by what fits.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading

__all__ = ["ALARM_BYTES", "LIMIT_BYTES", "Backlog"]

ALARM_BYTES = 64 << 20
"""From here on it is told that the recording is behind."""
LIMIT_BYTES = 256 << 20
"""From here on the stream waits; more than this, and the item that each node was making, is never held."""

_Waiter = tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]


class Backlog:
    """Counts bytes that wait to be written. Everything but `room` may be called on any thread.

    Attributes:
        nbytes: how much waits now.
    """

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._waiters: list[_Waiter] = []
        self.nbytes = 0

    def add(self, nbytes: int) -> None:
        """Count what was handed in."""
        with self._lock:
            self.nbytes += nbytes

    def done(self, nbytes: int) -> None:
        """Count what was written, or given up."""
        with self._lock:
            self.nbytes -= nbytes
            free = self.nbytes < self._limit_bytes
            waiters, self._waiters = (self._waiters, []) if free else ([], self._waiters)
        for loop, waiter in waiters:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_wake, waiter)

    async def room(self) -> None:
        """Wait until less than the limit waits."""
        while (waiter := self._queued()) is not None:
            await waiter

    def _queued(self) -> asyncio.Future[None] | None:
        with self._lock:
            if self.nbytes < self._limit_bytes:
                return None
            loop = asyncio.get_running_loop()
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiters.append((loop, waiter))
            return waiter


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
