"""Stand-ins for the server's tests: clocks and clients without a socket."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

from nodegraph.server.clients import Client
from nodegraph.values import Frames


class FakeClock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def make_frames(tick: int, count: int = 4) -> Frames:
    """Return `count` grey frames of one tick, 8 x 8 pixels."""
    return Frames(tick=tick, pixels=np.full((count, 8, 8, 3), tick % 256, np.uint8))


async def take_frames(client: Client, count: int) -> list[dict[str, Any]]:
    """Take binary messages off a client's queue as its socket would; return their headers."""
    headers = []
    while len(headers) < count:
        message = await client.next()
        if isinstance(message, bytes):
            headers.append(read_header(message))
    return headers


def read_header(message: bytes) -> dict[str, Any]:
    """Return the JSON part of a binary frame with metadata."""
    event, length = struct.unpack(">II", message[:8])
    assert event == 4
    header: dict[str, Any] = json.loads(message[8 : 8 + length])
    return header
