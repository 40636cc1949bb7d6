"""When a tick may begin. Live and render runs differ in nothing else but this and the depth of their channels."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

from nodegraph.values import TICK_S

__all__ = ["CatchUpClock", "Clock", "LiveClock", "RenderClock"]

CATCH_UP = 0.1
MAX_LOST_S = 1.0


class Clock(Protocol):
    """Releases ticks to the nodes at the head of the graph. All of them share one clock."""

    async def wait(self, tick: int) -> bool:
        """Wait until `tick` may begin; False = it never will, because the run is long enough or has been stopped."""

    def stop(self) -> None:
        """Release nothing more, and wake those that wait."""


class RenderClock:
    """Ticks as fast as they are taken, `ticks` of them."""

    def __init__(self, ticks: int | None) -> None:
        self._ticks = ticks
        self._stopped = False

    async def wait(self, tick: int) -> bool:
        """Return at once."""
        return not self._stopped and (self._ticks is None or tick < self._ticks)

    def stop(self) -> None:
        """End the run's ticks."""
        self._stopped = True


class LiveClock:
    """Tick t is released at start + t / 6 s.

    The start is the moment when tick 0 is first asked for. Lateness below one period is jitter and is made up for at
    once. A tick that is later moves the start, so that nothing comes in a burst, and the time lost (at most a second of
    it) is won back by a tenth of a period per tick, which a player can follow; a machine that is too slow stays behind.

    Args:
        ticks: how many to release; None = until stopped.
        now: seconds on a steady clock.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        ticks: int | None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        period_s: float = TICK_S,
    ) -> None:
        self._ticks = ticks
        self._now = now
        self._sleep = sleep
        self._period_s = period_s
        self._start_s: float | None = None
        self._lost_s = 0.0
        self._released = -1
        self._stopping = asyncio.Event()

    async def wait(self, tick: int) -> bool:
        """Wait for the tick's time; see the class for ticks that are late."""
        if self._ticks is not None and tick >= self._ticks:
            return False
        while tick > self._released and not self._stopping.is_set():
            wait_s = self._due(tick) - self._now()
            if wait_s > 0:
                await self._sleep_or_stop(wait_s)
            elif tick > self._released:
                self._release(tick)
        return not self._stopping.is_set()

    def stop(self) -> None:
        """End the run's ticks and wake the sleepers."""
        self._stopping.set()

    def _due(self, tick: int) -> float:
        now = self._now()
        if self._start_s is None:
            self._start_s = now - tick * self._period_s
        late_s = now - (self._start_s + tick * self._period_s)
        if late_s > self._period_s:
            self._start_s += late_s
            self._lost_s = min(self._lost_s + late_s, MAX_LOST_S)
        return self._start_s + tick * self._period_s

    def _release(self, tick: int) -> None:
        self._released = tick
        won_s = min(self._lost_s, CATCH_UP * self._period_s)
        self._lost_s -= won_s
        assert self._start_s is not None, "the first call of _due sets the start"
        self._start_s -= won_s

    async def _sleep_or_stop(self, seconds: float) -> None:
        tasks = [asyncio.ensure_future(self._sleep(seconds)), asyncio.ensure_future(self._stopping.wait())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()


class CatchUpClock:
    """Releases the ticks before `resume_at` at once; from there on another clock, which begins there, rules."""

    def __init__(self, clock: Clock, resume_at: int) -> None:
        self._clock = clock
        self._resume_at = resume_at
        self._stopped = False

    async def wait(self, tick: int) -> bool:
        """See `Clock`."""
        if tick < self._resume_at:
            return not self._stopped
        return await self._clock.wait(tick)

    def stop(self) -> None:
        """See `Clock`."""
        self._stopped = True
        self._clock.stop()
