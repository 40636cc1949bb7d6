"""Does a server's memory stay flat while a director works: steering, rewinding and branching with snapshots on?"""

from __future__ import annotations

import asyncio
import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

from nodegraph.bench.kill import first_workflow
from nodegraph.bench.process import start_server, until_warm
from nodegraph.client import Client
from nodegraph.errors import NodegraphError
from nodegraph.generator.presets import DEFAULT_PRESET

__all__ = ["bench_memory"]

STEER_S = (0.1, 0.8)
REWIND_S = 12.0
BRANCH_EVERY = 3
"""Every so many rewinds a branch runs beside the run for a while."""

BESIDE_S = 4.0
BACK_TICKS = 90
WARM_SHARE = 0.2
WARM_MOST_S = 120.0
SAMPLE_S = 1.0
WINDOW_SHARE = 0.1
TREND_WINDOWS = 10
FLAT_SHARE = 0.05
"""Memory is flat where the second half of the time adds less than this share."""

MIB = 1 << 20


@dataclass
class _Performance:
    """One client's work on one server, and what it counted."""

    client: Client
    rng: random.Random
    preset: str
    run_id: str = ""
    tick: int = -1
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("ticks", "snapshots", "controls"), 0))
    rewinds: int = 0
    branches: int = 0
    states_mib: float = 0.0
    """The most that the states of one run held."""

    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def play(self, end_s: float) -> None:
        """Steer and rewind until a moment of `time.monotonic`.

        Raises:
            NodegraphError: a run ended that nobody had stopped.
        """
        self._follow(await self.client.start_live(first_workflow(self.preset), seed=self.rng.randrange(10**6)))
        next_s = time.monotonic() + REWIND_S
        while time.monotonic() < end_s:
            await asyncio.sleep(self.rng.uniform(*STEER_S))
            await self._steer()
            if time.monotonic() >= next_s and self.tick > 1:
                await self._rewind()
                next_s = time.monotonic() + REWIND_S
        await self.client.stop(self.run_id)
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    async def _steer(self) -> None:
        nodes = first_workflow(self.preset)["nodes"]
        camera = next(node["id"] for node in nodes if node["type"] == "camera.live")
        await self.client.control(self.run_id, camera, "forward", self.rng.choice((-1.0, 0.0, 0.5, 1.0)))
        self.counts["controls"] += 1

    async def _rewind(self) -> None:
        body = {"tick": self.rng.randint(max(0, self.tick - BACK_TICKS), self.tick), "client_id": self.client.client_id}
        if self.rewinds % BRANCH_EVERY == BRANCH_EVERY - 1:
            take_id = next(
                run["take_id"]
                for run in (await self.client.request("GET", "/api/runs"))["runs"]
                if run["run_id"] == self.run_id
            )
            beside = await self.client.request("POST", f"/api/takes/{take_id}/branch", body)
            self.branches += 1
            self._spawn(self._watch_beside(beside["run_id"]))
        answer = await self.client.request("POST", f"/api/live/{self.run_id}/rewind", body)
        self.rewinds += 1
        self.tick = -1
        self._follow(answer["run_id"])

    def _follow(self, run_id: str) -> None:
        self.run_id = run_id
        self._spawn(self._draw(run_id))
        self._spawn(self._listen(run_id))

    async def _watch_beside(self, run_id: str) -> None:
        drawing = asyncio.create_task(self._draw(run_id))
        await asyncio.sleep(BESIDE_S)
        with contextlib.suppress(NodegraphError):
            await self.client.stop(run_id)
        await drawing

    async def _draw(self, run_id: str) -> None:
        async for frame in self.client.frames(run_id):
            if run_id == self.run_id and frame.tick > self.tick:
                self.tick = frame.tick
                self.counts["ticks"] += 1

    async def _listen(self, run_id: str) -> None:
        held: set[int] = set()
        async for message in self.client.messages(run_id):
            if message["type"] == "state_held":
                now = set(message["data"]["ticks"])
                self.counts["snapshots"] += len(now - held)
                held |= now
                self.states_mib = max(self.states_mib, message["data"]["bytes"] / MIB)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


async def bench_memory(
    minutes: float = 30, preset: str = DEFAULT_PRESET, seed: int = 0, progress: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Direct a live run on a server of its own: controls, a rewind every twelve seconds, every third one with a branch
    beside it.

    Args:
        minutes: how long, the first fifth (at most two minutes) to warm up.
        progress: called with the minutes that have passed.

    Returns:
        minutes; rss_growth_mib: median of the server's memory in the last tenth of the time less that of the first
        tenth after warming up; snapshots and ticks that were made; also controls, rewinds, branches, rss_mib (at the
        end), rss_peak_mib, rss_by_minute (medians), states_mib (the most that states of one run held), preset, and of
        the second half of the time: half_median_mib, half_slope_mib_per_minute, half_growth_share (the slope times
        the half's minutes, as a share of its median) and flat: whether that share is at most 0.05. Held states fill
        their budget first, so a run of many minutes rises to a plateau in its first half.

    Raises:
        NodegraphError: the server did not start, or a run ended by itself.
    """
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="nodegraph-memory-") as folder:
        server = await start_server(Path(folder), preset)
        try:
            async with Client(server.url) as client:
                await until_warm(client)
                start_s = time.monotonic()
                end_s = start_s + 60 * minutes
                played = _Performance(client, rng, preset)
                playing = asyncio.create_task(played.play(end_s))
                samples: list[tuple[float, float]] = []
                while not playing.done():
                    samples.append((time.monotonic() - start_s, server.rss_mib()))
                    if progress is not None:
                        progress(samples[-1][0] / 60)
                    await asyncio.wait([playing], timeout=SAMPLE_S)
                await playing
        finally:
            await server.stop()
    return {
        "minutes": minutes,
        "rss_growth_mib": round(growth_mib(samples, 60 * minutes), 1),
        **{name: played.counts[name] for name in ("snapshots", "ticks", "controls")},
        "rewinds": played.rewinds,
        "branches": played.branches,
        "rss_mib": round(samples[-1][1], 1),
        "rss_peak_mib": round(max(mib for _, mib in samples), 1),
        "rss_by_minute": by_minute(samples),
        **second_half(samples),
        "states_mib": round(played.states_mib, 1),
        "preset": preset,
    }


def by_minute(samples: list[tuple[float, float]]) -> list[float]:
    """The median of each minute's samples of (seconds since the start, MiB)."""
    minutes: dict[int, list[float]] = {}
    for at, mib in samples:
        minutes.setdefault(int(at // 60), []).append(mib)
    return [round(statistics.median(values), 1) for _, values in sorted(minutes.items())]


def growth_mib(samples: list[tuple[float, float]], seconds: float) -> float:
    """Return by how much memory grew from the first window after warming up to the last one.

    Args:
        samples: (seconds since the start, MiB), in order.
        seconds: how long it was to take.
    """
    warm_s = min(WARM_SHARE * seconds, WARM_MOST_S)
    window_s = WINDOW_SHARE * seconds
    first = [mib for at, mib in samples if warm_s <= at <= warm_s + window_s]
    last = [mib for at, mib in samples if at >= samples[-1][0] - window_s]
    return statistics.median(last) - statistics.median(first or last)


def second_half(samples: list[tuple[float, float]]) -> dict[str, Any]:
    """Say how memory went on in the second half of the samples of (seconds since the start, MiB), in order.

    The slope is the median of the slopes between any two of ten windows' medians (Theil-Sen): a single rise and fall,
    such as a branch beside the run, does not tilt it.
    """
    begin_s, end_s = samples[-1][0] / 2, samples[-1][0]
    half = [(at, mib) for at, mib in samples if at >= begin_s]
    width_s = max((end_s - begin_s) / TREND_WINDOWS, 1e-9)
    windows: dict[int, list[tuple[float, float]]] = {}
    for at, mib in half:
        windows.setdefault(min(int((at - begin_s) / width_s), TREND_WINDOWS - 1), []).append((at, mib))
    points = [tuple(statistics.median(values) for values in zip(*found, strict=True)) for found in windows.values()]
    slopes = [(mib - before) / (at - then) for (then, before), (at, mib) in combinations(points, 2)]
    slope = 60 * statistics.median(slopes) if slopes else 0.0
    middle = statistics.median(mib for _, mib in half)
    share = slope * (end_s - begin_s) / 60 / middle
    return {
        "half_median_mib": round(middle, 1),
        "half_slope_mib_per_minute": round(slope, 2),
        "half_growth_share": round(share, 4),
        "flat": share <= FLAT_SHARE,
    }
