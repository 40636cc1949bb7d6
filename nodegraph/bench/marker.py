"""A self-test of the latency: a number goes out as a control, and is looked for in the pixels that come back."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from nodegraph.bench.process import percentile
from nodegraph.client import Client, Frame
from nodegraph.media.images import decode_image
from nodegraph.media.marker import read_marker

__all__ = ["Mark", "measure_marker"]

PHASE_S = (0.3, 0.6)
LOOK_S = 5.0


@dataclass(frozen=True)
class Mark:
    """A preview that shows a number in its corner."""

    node: str
    port: str = "marker"

    @classmethod
    def of(cls, nodes: Mapping[str, Any], document: Mapping[str, Any]) -> Self | None:
        """Return the first preview of a document that can; None where there is none."""
        for node in document["nodes"]:
            ports = {port["name"]: port for port in nodes.get(node["type"], {"inputs": ()})["inputs"]}
            if "marker" in ports and ports["marker"]["mode"] == "live" and node.get("mode", "active") == "active":
                return cls(node["id"])
        return None


async def measure_marker(
    client: Client,
    run_id: str,
    mark: Mark,
    frames: Sequence[Frame],
    arrived: asyncio.Condition,
    seconds: float,
) -> dict[str, Any]:
    """Send numbers for some seconds; return {sent, found, in_its_tick, ms_p50, ms_p95}.

    `in_its_tick` counts those whose first picture belongs to the tick that the receipt had named.
    """
    rng = random.Random(1)
    delays_ms: list[float] = []
    sent = exact = number = 0
    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s or not sent:
        await asyncio.sleep(rng.uniform(*PHASE_S))
        number = rng.choice([value for value in range(1, 256) if value != number])
        seen_before = len(frames)
        applied = await client.control(run_id, mark.node, mark.port, number)
        sent += 1
        try:
            found = await asyncio.wait_for(_first_with(number, frames, arrived, seen_before), LOOK_S)
        except TimeoutError:
            continue
        exact += found.tick == applied.tick
        delays_ms.append((found.received_s - applied.sent_s) * 1000)
    await client.control(run_id, mark.node, mark.port, 0)
    return {
        "sent": sent,
        "found": len(delays_ms),
        "in_its_tick": exact,
        "ms_p50": round(statistics.median(delays_ms), 1) if delays_ms else None,
        "ms_p95": round(percentile(delays_ms, 0.95), 1) if delays_ms else None,
    }


async def _first_with(number: int, frames: Sequence[Frame], arrived: asyncio.Condition, start: int) -> Frame:
    """Wait for the first frame whose pixels show the number."""
    looked = start

    def more() -> bool:
        return len(frames) > looked

    while True:
        async with arrived:
            await arrived.wait_for(more)
        for frame in frames[looked:]:
            looked += 1
            if read_marker(decode_image(frame.data)) == number:
                return frame
