"""Give memory back to the system when a run has ended.

Every run has threads of its own. glibc's malloc serves threads from up to eight arenas a core, and each arena keeps
what was freed in it for the next time: tens of MiB of tensors that no run needs any more, another arena with every
rewind. So there are few arenas, and when a run has ended all of them give their free pages back.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["Tidier", "few_arenas", "freeze", "tidy"]

log = logging.getLogger(__name__)

ARENAS = 4
"""Threads that allocate at once are few: a step, a decoder, an encoder, the event loop."""

M_ARENA_MAX = -8
"""Of glibc's malloc.h."""

WAIT_S = 1.0
"""The new run of a rewind begins at once; by then its first tick is over."""


def few_arenas() -> bool:
    """Let all threads of this process share few arenas; call it before threads are started.

    Returns:
        Whether it has an effect: only with glibc.
    """
    libc = _glibc()
    return libc is not None and bool(libc.mallopt(M_ARENA_MAX, ARENAS))


def freeze() -> None:
    """Keep all that is loaded for good, torch's modules above all, out of garbage collections: these get short."""
    gc.collect()
    gc.freeze()


def tidy() -> None:
    """Free rings of references, and give free pages back to the system; takes tens of milliseconds.

    A collection stops every thread: without `freeze` for a quarter of a second, so that it is left to Python then.
    """
    start_s = time.perf_counter()
    objects = gc.collect() if gc.get_freeze_count() else 0
    collected_s = time.perf_counter()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)
    log.info(
        "tidied objects=%s collect_ms=%.1f trim_ms=%.1f",
        objects,
        1000 * (collected_s - start_s),
        1000 * (time.perf_counter() - collected_s),
    )


@cache
def _glibc() -> Any:
    """The C library where it is glibc, else None."""
    try:
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version.restype = ctypes.c_char_p
        libc.gnu_get_libc_version()
    except (AttributeError, OSError, TypeError):  # another library, or Windows
        return None
    return libc


class Tidier:
    """Tidies up in a thread, a moment after a run has ended; once for all that end in that time.

    Args:
        tidy: does it; blocking. None = nothing is done.
        wait_s: the moment.
    """

    def __init__(self, tidy: Callable[[], None] | None, wait_s: float = WAIT_S) -> None:
        self._tidy = tidy
        self._wait_s = wait_s
        self._timer: asyncio.TimerHandle | None = None

    def run_ended(self) -> None:
        """Tidy up soon."""
        if self._tidy is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._wait_s, self._begin, self._tidy)

    def stop(self) -> None:
        """Leave it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self, tidy: Callable[[], None]) -> None:
        self._timer = None
        asyncio.get_running_loop().run_in_executor(None, tidy)
