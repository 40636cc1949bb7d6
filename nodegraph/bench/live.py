"""How fast a live run is for whoever watches it: frames a second, time to the first one, control to changed picture.

Everything is measured by a client over a real websocket. The server runs in a process of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nodegraph.bench.marker import Mark, measure_marker
from nodegraph.bench.process import own_server, percentile, until_warm
from nodegraph.client import Client, Frame
from nodegraph.errors import NodegraphError
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["bench_live", "own_server"]

PHASE_S = (0.35, 0.85)
"""Controls follow each other after a time drawn from this range, so that they fall at any phase of a tick."""

MARKER_S = 10.0
OWN_STAGES = ("received", "encoded", "sent", "drawn")
PREFERRED_BINDS = ("move.forward", "look.yaw", "move.right", "look.pitch", "walk.forward")


async def bench_live(
    url: str | None = None, seconds: float = 30, workflow: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Measure a live run.

    Args:
        url: a server that runs already; None starts one of its own, on a free port with an empty data directory.
        seconds: how long frames are counted, and again how long controls are sent, at most 30.
        workflow: what runs; None = the server's first template.

    Returns:
        fps, first_frame_ms (from the request to the first frame), control_ms_p50 and control_ms_p95 (from sending to
        the arrival of the first frame made with the new value), size, seconds; also dropped (frames the server left
        out), ticks, controls, ready_s (until the model was loaded), timings (milliseconds by stage, medians).
        stages: p50, p95 and p99 of a control's way, stage by stage, as the server puts the stamps together;
        own_ms_p50: those of our own parts, which are all but the wait, the step and the decoder.
        marker: a number sent as a control and looked for in the pixels that arrived: {sent, found, in_its_tick, ms_p50,
        ms_p95}; None where the workflow has no preview that shows one.

    Raises:
        NodegraphError: the server did not start, the workflow does not run, or it has no input to steer.
    """
    async with contextlib.AsyncExitStack() as stack:
        address = url if url is not None else await stack.enter_async_context(own_server())
        client = await stack.enter_async_context(Client(address))
        ready_s = await until_warm(client)
        document = workflow or (await client.request("GET", "/api/templates"))["templates"][0]["document"]
        nodes = {node["id"]: node for node in (await client.request("GET", "/api/nodes"))["nodes"]}
        steered = _steerable(nodes, document)
        mark = Mark.of(nodes, document)
        return await _measure(client, document, steered, mark, seconds) | {"ready_s": round(ready_s, 2)}


@dataclass(frozen=True)
class Steered:
    """An input that moves the picture, and the range of its values."""

    node: str
    port: str
    low: float
    high: float


@dataclass
class Seen:
    """Frames as they arrived."""

    frames: list[Frame] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def first_from(self, tick: int) -> Frame:
        """Wait for the first frame of `tick` or a later one."""
        async with self.arrived:
            await self.arrived.wait_for(lambda: bool(self.frames) and self.frames[-1].tick >= tick)
        return next(frame for frame in self.frames if frame.tick >= tick)

    async def collect(self, frames: AsyncIterator[Frame]) -> None:
        """Take frames until the run ends."""
        async for frame in frames:
            async with self.arrived:
                self.frames.append(frame)
                self.arrived.notify_all()


@dataclass
class Told:
    """What the server says about itself while it runs."""

    timings: dict[str, list[float]] = field(default_factory=dict)
    stages: dict[str, dict[str, float]] = field(default_factory=dict)

    async def collect(self, messages: AsyncIterator[dict[str, Any]]) -> None:
        """Take messages until the run ends."""
        async for message in messages:
            if message["type"] == "live_tick":
                for stage, ms in message["data"]["timings"].items():
                    self.timings.setdefault(stage, []).append(ms)
            elif message["type"] == "latency":
                self.stages = message["data"]["stages"]


async def _measure(
    client: Client, document: Mapping[str, Any], steered: list[Steered], mark: Mark | None, seconds: float
) -> dict[str, Any]:
    seen, told = Seen(), Told()
    start_s = time.perf_counter()
    run_id = await client.start_live(document)
    tasks = [
        asyncio.create_task(seen.collect(client.frames(run_id))),
        asyncio.create_task(told.collect(client.messages(run_id))),
        asyncio.create_task(_fail_with_the_run(client, run_id)),
    ]
    try:
        first = await _or_failure(seen.first_from(0), tasks[-1])
        await _or_failure(asyncio.sleep(seconds), tasks[-1])
        counted = list(seen.frames)
        delays_ms = await _or_failure(_steer(client, run_id, steered, seen, min(seconds, 30.0)), tasks[-1])
        stages = dict(told.stages)
        marked = None
        if mark is not None:
            looking = measure_marker(client, run_id, mark, seen.frames, seen.arrived, min(seconds, MARKER_S))
            marked = await _or_failure(looking, tasks[-1])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(NodegraphError):
            await client.stop(run_id)
    return {
        "fps": round(_rate(counted), 2),
        "first_frame_ms": round((first.received_s - start_s) * 1000, 1),
        "control_ms_p50": round(statistics.median(delays_ms), 1),
        "control_ms_p95": round(percentile(delays_ms, 0.95), 1),
        "size": f"{first.meta['width']}x{first.meta['height']}",
        "seconds": seconds,
        "dropped": _dropped(counted),
        "ticks": len({frame.tick for frame in counted}),
        "controls": len(delays_ms),
        "timings": {stage: round(statistics.median(times), 2) for stage, times in told.timings.items()},
        "stages": stages,
        "own_ms_p50": round(sum(stages[name]["p50"] for name in OWN_STAGES), 2) if stages else None,
        "marker": marked,
    }


async def _steer(client: Client, run_id: str, steered: list[Steered], seen: Seen, seconds: float) -> list[float]:
    """Send controls at arbitrary phases; return the milliseconds from each to its first frame."""
    rng = random.Random(0)
    delays_ms: list[float] = []
    end_s = time.perf_counter() + seconds
    while time.perf_counter() < end_s or not delays_ms:
        await asyncio.sleep(rng.uniform(*PHASE_S))
        place = rng.choice(steered)
        value = place.low + rng.choice((0.0, 0.25, 0.75, 1.0)) * (place.high - place.low)
        applied = await client.control(run_id, place.node, place.port, value)
        frame = await seen.first_from(applied.tick)
        delays_ms.append((frame.received_s - applied.sent_s) * 1000)
    return delays_ms


async def _fail_with_the_run(client: Client, run_id: str) -> None:
    ended = await client.wait(run_id)
    raise ended.error or NodegraphError("cancelled", "The run ended while it was measured", got=ended.status)


async def _or_failure(work: Any, failure: asyncio.Task[None]) -> Any:
    """Return the result of `work`, or raise why the run failed if that comes first."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task, failure], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            failure.result()
        return task.result()
    finally:
        task.cancel()


def _steerable(nodes: Mapping[str, Any], document: Mapping[str, Any]) -> list[Steered]:
    """Return the unwired inputs of a document that a stage control drives, those that move the picture most."""
    wired = {tuple(edge["to"]) for edge in document["edges"]}
    found: dict[str, list[Steered]] = {}
    for node in document["nodes"]:
        for port in nodes.get(node["type"], {"inputs": ()})["inputs"]:
            bind = (port["widget"] or {}).get("bind")
            if bind in PREFERRED_BINDS and (node["id"], port["name"]) not in wired:
                low, high = port["widget"]["ge"], port["widget"]["le"]
                place = Steered(node["id"], port["name"], -1.0 if low is None else low, 1.0 if high is None else high)
                found.setdefault(bind, []).append(place)
    steered = [place for bind in PREFERRED_BINDS for place in found.get(bind, ())]
    if not steered:
        raise NodegraphError(
            "missing_input",
            "The workflow has no input that moves the camera or the character",
            remedy="Add a live camera, or measure another workflow",
        )
    return steered[:2]


def _rate(frames: list[Frame]) -> float:
    """Return frames a second from the first to the last arrival, without the first tick, which comes alone."""
    counted = [frame for frame in frames if frame.tick > frames[0].tick]
    if len(counted) < 2:
        return 0.0
    return (len(counted) - 1) / (counted[-1].received_s - counted[0].received_s)


def _dropped(frames: list[Frame]) -> int:
    """Return how many video frames lie in the gaps between the ticks that arrived."""
    ticks = sorted({frame.tick for frame in frames})
    return (ticks[-1] - ticks[0] + 1 - len(ticks)) * FRAMES_PER_TICK
