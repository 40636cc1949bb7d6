"""Waiting that a further cancellation does not cut short."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

__all__ = ["outlast"]


async def outlast(futures: Collection[asyncio.Future[Any]]) -> None:
    """Wait until all have ended, however often the waiting task is cancelled meanwhile.

    For the way out of a run only: the caller is being cancelled already, and raises that once this returns.
    """
    while not all(future.done() for future in futures):
        try:
            await asyncio.wait(futures)
        except asyncio.CancelledError:
            continue
