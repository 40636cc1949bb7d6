"""What goes over a page's websocket, as the test sees it."""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, WebSocket

FRAME_EVENT = 4


@dataclass
class Wire:
    """Messages by direction, and a hash of every picture by (run, tick, index)."""

    received: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    pictures: dict[tuple[str, int, int], str] = field(default_factory=dict)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """Data of the received messages of one type."""
        return [message["data"] for message in self.received if message["type"] == kind]

    def controls(self) -> list[dict[str, Any]]:
        """Data of the controls that the page sent."""
        return [message["data"] for message in self.sent if message["type"] == "control"]

    def ticks(self, run_id: str) -> dict[tuple[int, int], str]:
        """Picture hashes of one run by (tick, index)."""
        return {(tick, index): digest for (run, tick, index), digest in self.pictures.items() if run == run_id}

    def _receive(self, payload: str | bytes) -> None:
        if isinstance(payload, str):
            self.received.append(json.loads(payload))
            return
        event, length = struct.unpack_from(">II", payload)
        if event != FRAME_EVENT:
            return
        meta = json.loads(payload[8 : 8 + length])
        digest = hashlib.sha256(payload[8 + length :]).hexdigest()
        self.pictures[meta["run_id"], meta["tick"], meta["index"]] = digest


def tap(page: Page) -> Wire:
    """Listen to the page's websocket from now on; call before the page is opened."""
    wire = Wire()

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", wire._receive)
        socket.on("framesent", lambda payload: wire.sent.append(json.loads(payload)))

    page.on("websocket", opened)
    return wire
