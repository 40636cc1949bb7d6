"""Ten viewers of one run, three of them slow: nobody waits for anybody, and memory stays flat."""

from __future__ import annotations

import asyncio
import json
import struct
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from nodegraph.bench.kill import first_workflow
from nodegraph.bench.process import start_server, until_warm
from nodegraph.client import Client
from nodegraph.generator.presets import DEFAULT_PRESET
from nodegraph.values import FPS, FRAMES_PER_TICK

__all__ = ["bench_viewers"]

SLOW_SHARE = 0.1
WARM_S = 8.0
_EVENT_FRAME = 4


@dataclass
class Viewer:
    """One socket. `frames` counts those that came since `reset`."""

    slow: bool
    frames: int = 0
    first_tick: int = -1
    last_tick: int = -1
    first_s: float = 0.0
    last_s: float = 0.0

    def reset(self) -> None:
        """Count anew."""
        self.frames, self.first_tick = 0, -1

    def take(self, tick: int) -> None:
        """Count a frame."""
        now = time.perf_counter()
        if self.first_tick < 0:
            self.first_tick, self.first_s = tick, now
        self.frames += 1
        self.last_tick, self.last_s = tick, now

    @property
    def fps(self) -> float:
        """Frames a second that arrived."""
        return (self.frames - 1) / (self.last_s - self.first_s) if self.last_s > self.first_s else 0.0

    @property
    def made_fps(self) -> float:
        """Frames a second that were made meanwhile, by their tick numbers."""
        if self.last_s <= self.first_s:
            return 0.0
        return (self.last_tick - self.first_tick) * FRAMES_PER_TICK / (self.last_s - self.first_s)


async def bench_viewers(
    viewers: int = 10, slow: int = 3, seconds: float = 30, preset: str = DEFAULT_PRESET
) -> dict[str, Any]:
    """Let viewers watch one live run on a server of its own.

    Args:
        viewers, slow: how many there are, and how many of them read a tenth of the frames' rate.
        seconds: how long is counted, after eight seconds to warm up.
        preset: the model.

    Returns:
        fps: the generator's; fast_fps_min: what the worst of the fast viewers got; slow_fps_max: what the best of the
        slow ones got; rss_growth_mib: of the server while it was counted; rss_mib; viewers, slow, seconds, preset.
    """
    with tempfile.TemporaryDirectory(prefix="nodegraph-viewers-") as folder:
        server = await start_server(Path(folder), preset)
        try:
            async with Client(server.url) as client:
                await until_warm(client)
                body = {"workflow": first_workflow(preset), "client_id": client.client_id}
                run_id = (await client.request("POST", "/api/runs", body))["run_id"]
                watching = [Viewer(index < slow) for index in range(viewers)]
                tasks = [asyncio.create_task(_watch(server.url, run_id, viewer)) for viewer in watching]
                await asyncio.sleep(WARM_S)
                rss_mib = server.rss_mib()
                for viewer in watching:
                    viewer.reset()
                await asyncio.sleep(seconds)
                growth_mib = server.rss_mib() - rss_mib
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                await client.stop(run_id)
        finally:
            await server.stop()
    fast = [viewer for viewer in watching if not viewer.slow]
    return {
        "fps": round(max((viewer.made_fps for viewer in fast), default=0.0), 2),
        "fast_fps_min": round(min((viewer.fps for viewer in fast), default=0.0), 2),
        "slow_fps_max": round(max((viewer.fps for viewer in watching if viewer.slow), default=0.0), 2),
        "rss_growth_mib": round(growth_mib, 1),
        "rss_mib": round(rss_mib, 1),
        "viewers": viewers,
        "slow": slow,
        "seconds": seconds,
        "preset": preset,
    }


async def _watch(url: str, run_id: str, viewer: Viewer) -> None:
    address = f"ws{url.rstrip('/').removeprefix('http')}/ws"
    async with connect(address, max_size=None, compression=None, proxy=None, max_queue=4) as socket:
        await _say(socket, "feature_flags", supports_preview_metadata=True)
        await _say(socket, "watch", run_id=run_id)
        try:
            async for message in socket:
                if isinstance(message, bytes):
                    await _draw(socket, message, viewer)
        except ConnectionClosed:
            return


async def _draw(socket: ClientConnection, message: bytes, viewer: Viewer) -> None:
    event, length = struct.unpack(">II", message[:8])
    if event != _EVENT_FRAME:
        return
    meta = json.loads(message[8 : 8 + length])
    viewer.take(int(meta["tick"]))
    if viewer.slow:
        await asyncio.sleep(1 / (SLOW_SHARE * FPS))
    await _say(socket, "ack", run_id=meta["run_id"], node_id=meta["node_id"], seq=meta["seq"])


async def _say(socket: ClientConnection, kind: str, **data: Any) -> None:
    await socket.send(json.dumps({"type": kind, "data": data}))
