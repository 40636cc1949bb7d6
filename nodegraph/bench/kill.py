"""Kill a server in the middle of a live take, again and again: what it had committed is there and replays exactly."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import tempfile
import time
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from nodegraph.bench.nursery import Forked, Nursery
from nodegraph.client import Client
from nodegraph.engine import LocalEngine
from nodegraph.errors import NodegraphError
from nodegraph.graph import load_registry
from nodegraph.takes import TakeReader, replay

__all__ = ["bench_kill", "first_workflow"]

MOMENT_S = (0.05, 1.6)
"""A take lives so long after its first tick."""

STEER_S = 0.15
FIRST_TICK_S = 120.0


@dataclass
class _Seen:
    """What a client knew of a take when its server was killed: ticks told to be committed, and ticks shown."""

    take_id: str
    committed: int = 0
    shown: int = 0
    first: asyncio.Event = field(default_factory=asyncio.Event)


async def bench_kill(times: int = 50, seed: int = 0) -> dict[str, Any]:
    """Kill and restart a server `times` times while it records on the debug model.

    Returns:
        times; recovered: takes that had every tick their watchers were told of, and replayed with equal hashes;
        ticks_lost_max: shown ticks that were not in the take, at worst; ticks: recorded in all; torn: takes marked as
        ended by a kill; seconds.

    Raises:
        NodegraphError: the server did not start.
    """
    rng = random.Random(seed)
    start_s = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="nodegraph-kill-") as folder:
        data = Path(folder)
        seen, nursery = [], Nursery()
        for _ in range(times):
            server = await nursery.start(data)
            try:
                seen.append(await _perform(server, rng))
            finally:
                await server.kill()
        server = await nursery.start(data)  # cuts what the last kill has torn
        async with Client(server.url) as client:
            entries = {entry["take_id"]: entry for entry in (await client.request("GET", "/api/takes"))["takes"]}
        await server.stop()
        checked = [await _check(data, one, entries) for one in seen]
    return {
        "times": times,
        "recovered": sum(ok for ok, _, _ in checked),
        "ticks_lost_max": max((lost for _, lost, _ in checked), default=0),
        "ticks": sum(ticks for _, _, ticks in checked),
        "torn": sum(entry["status"] == "torn" for entry in entries.values()),
        "seconds": round(time.perf_counter() - start_s, 1),
    }


def first_workflow(preset: str) -> dict[str, Any]:
    """Return the first shipped workflow, on a model of one's choice."""
    text = (files("nodegraph_workflows") / "hello.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    for node in document["nodes"]:
        if node["type"] == "generator.load":
            node["inputs"] = {**node.get("inputs", {}), "preset": preset}
    return document


async def _perform(server: Forked, rng: random.Random) -> _Seen:
    """Start a take, steer it, and kill the server at a random moment."""
    async with Client(server.url) as client:
        body = {"workflow": first_workflow("debug"), "client_id": client.client_id, "seed": rng.randrange(10**6)}
        answer = await client.request("POST", "/api/runs", body)
        run_id, seen = answer["run_id"], _Seen(answer["take_id"])
        tasks = [
            asyncio.create_task(_follow(client, run_id, seen)),
            asyncio.create_task(_look(client, run_id, seen)),
        ]
        await asyncio.wait_for(seen.first.wait(), FIRST_TICK_S)
        tasks.append(asyncio.create_task(_steer(client, run_id, rng)))
        await asyncio.sleep(rng.uniform(*MOMENT_S))
        await server.kill()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return seen


async def _follow(client: Client, run_id: str, seen: _Seen) -> None:
    async for message in client.messages(run_id):
        if message["type"] == "take_tick":
            seen.committed = message["data"]["tick"] + 1
            seen.first.set()


async def _look(client: Client, run_id: str, seen: _Seen) -> None:
    async for frame in client.frames(run_id):
        seen.shown = max(seen.shown, frame.tick + 1)


async def _steer(client: Client, run_id: str, rng: random.Random) -> None:
    nodes = first_workflow("debug")["nodes"]
    camera = next(node["id"] for node in nodes if node["type"] == "camera.live")
    with contextlib.suppress(NodegraphError, OSError):
        while True:
            await client.control(run_id, camera, "forward", rng.choice((-1.0, 0.0, 0.5, 1.0)))
            await asyncio.sleep(STEER_S * rng.random())


async def _check(data: Path, seen: _Seen, entries: dict[str, Any]) -> tuple[bool, int, int]:
    """Return whether all is there and replays, how many shown ticks are not, and how many there are."""
    if seen.take_id not in entries:
        return False, seen.shown, 0
    take = TakeReader(data / "takes" / seen.take_id)
    whole = take.torn is None and take.tick_count >= seen.committed and entries[seen.take_id]["status"] == "torn"
    with tempfile.TemporaryDirectory(prefix="nodegraph-replay-") as output:
        engine = LocalEngine(load_registry(), data_dir=data, output_dir=Path(output))
        report = await replay(take, engine)
    return whole and report.equal, max(0, seen.shown - take.tick_count), take.tick_count
