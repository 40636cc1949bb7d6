"""Threads for blocking calls. In a run every stream node has a thread of its own, and all value nodes share one. What
computes on a device has one thread in the whole process: OpenMP keeps a team of threads for each thread that calls it,
and several teams on the same cores wait for each other."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from nodegraph.engine.outlast import outlast

__all__ = ["DEVICES", "Workers"]

R = TypeVar("R")


class Workers:
    """Lazily started single threads by name; `close` when nothing runs any more."""

    def __init__(self) -> None:
        self._threads: dict[str, ThreadPoolExecutor] = {}

    async def call(self, thread: str, fn: Callable[..., R], *args: Any) -> R:
        """Run `fn(*args)` in the named thread. Cancellation waits for a call in flight, then passes on."""
        pool = self._threads.get(thread)
        if pool is None:
            pool = self._threads[thread] = ThreadPoolExecutor(1, thread_name_prefix=f"nodegraph-{thread}")
        call = pool.submit(contextvars.copy_context().run, _guarded, fn, *args)
        try:
            return await asyncio.shield(asyncio.wrap_future(call))
        except asyncio.CancelledError:
            if not call.cancel():
                ended = asyncio.wrap_future(call)
                ended.add_done_callback(_consume)
                await outlast([ended])
            raise

    def close(self) -> None:
        """Let the threads end; they are idle by now."""
        for pool in self._threads.values():
            pool.shutdown(wait=False)


DEVICES = Workers()
"""Of this process, by device; they live as long as it does."""


def _guarded(fn: Callable[..., R], *args: Any) -> R:
    try:
        return fn(*args)
    except StopIteration as error:
        # asyncio's futures cannot carry StopIteration: the waiter would never wake up.
        raise RuntimeError("StopIteration left a blocking call") from error


def _consume(ended: asyncio.Future[Any]) -> None:
    if not ended.cancelled():
        ended.exception()  # the run is being cancelled: what the call raised no longer matters
