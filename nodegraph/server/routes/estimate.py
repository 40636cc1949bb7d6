"""What a model will need and how fast it will be, before it is loaded."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from nodegraph.generator.presets import PRESETS
from nodegraph.server.answers import ok
from nodegraph.server.query import query_int

_TRIALS = asyncio.Lock()
"""One trial at a time: two would measure each other."""
_KNOWN: dict[tuple[str, int, int, int, str], dict[str, Any]] = {}
_LIMIT = 256
_LARGEST = 4096


async def get_estimate(request: web.Request) -> web.Response:
    """GET /api/estimate?preset=tiny&width=&height=&window=&device=: zeros and blanks stand for the preset's own.

    On this machine's device a small trial is timed (seconds, once per question); a device of the table, such as h200,
    is judged by its data sheet.
    """
    query = request.query
    key = (
        query.get("preset", PRESETS[0])[:40],
        query_int(request, "width", 0, low=0, high=_LARGEST),
        query_int(request, "height", 0, low=0, high=_LARGEST),
        query_int(request, "window", 0, low=0, high=_LARGEST),
        query.get("device", "")[:40],
    )
    async with _TRIALS:
        if key not in _KNOWN:
            found = await asyncio.to_thread(_estimate, *key)
            if len(_KNOWN) >= _LIMIT:
                _KNOWN.clear()
            _KNOWN[key] = found
        return ok(_KNOWN[key])


def _estimate(preset: str, width: int, height: int, window: int, device: str) -> dict[str, Any]:
    from nodegraph.bench.estimate import estimate
    from nodegraph.bench.work import sized

    size = (width, height) if width and height else None
    return estimate(sized(preset, size, window or None), device or None).as_dict()


ROUTES = [web.get("/api/estimate", get_estimate)]
