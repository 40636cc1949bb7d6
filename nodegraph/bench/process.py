"""A server in a process of its own, for benches."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from nodegraph.client import Client
from nodegraph.errors import NodegraphError
from nodegraph.generator.presets import DEFAULT_PRESET

__all__ = ["ServerProcess", "own_server", "percentile", "start_server", "until_warm"]

START_TIMEOUT_S = 120.0
WARM_TIMEOUT_S = 300.0
POLL_S = 0.1
_URL = re.compile(rb"https?://\S+")


@dataclass
class ServerProcess:
    """A server that listens."""

    url: str
    process: asyncio.subprocess.Process

    def rss_mib(self) -> float:
        """Return the memory it holds now; only where the system has /proc."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    async def kill(self) -> None:
        """End it as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> None:
        """End it in good order."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        await self.process.wait()


async def start_server(data_dir: Path, preset: str = DEFAULT_PRESET) -> ServerProcess:
    """Start a server on a free port.

    Args:
        data_dir: of the server.
        preset: loaded at the start; "none" loads nothing.

    Raises:
        NodegraphError: it ended before it listened.
        TimeoutError: it took too long.
    """
    arguments = ["serve", "--port", "0", "--no-open", "--data", str(data_dir), "--preset", preset]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "nodegraph",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None, "its output is a pipe"
    try:
        return ServerProcess(await asyncio.wait_for(_announced(process.stdout), START_TIMEOUT_S), process)
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise


@contextlib.asynccontextmanager
async def own_server(preset: str = DEFAULT_PRESET) -> AsyncIterator[str]:
    """Start a server with an empty data directory; yield its address."""
    with tempfile.TemporaryDirectory(prefix="nodegraph-bench-") as data_dir:
        server = await start_server(Path(data_dir), preset)
        try:
            yield server.url
        finally:
            await server.stop()


async def until_warm(client: Client) -> float:
    """Wait until the server has loaded its model; return the seconds it took."""
    start_s = time.perf_counter()
    while (status := await client.request("GET", "/api/status"))["torch"] == "loading":
        if time.perf_counter() - start_s > WARM_TIMEOUT_S:
            raise NodegraphError("busy", "The server does not finish loading its model")
        await asyncio.sleep(POLL_S)
    if status["torch"] == "failed":
        raise NodegraphError("node_failed", "The server could not load its model", remedy="Look into its log")
    return time.perf_counter() - start_s


def percentile(values: list[float], share: float) -> float:
    """Return the value at a share of the ordered values, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


async def _announced(stdout: asyncio.StreamReader) -> str:
    """Return the address that a server prints when it listens."""
    async for line in stdout:
        found = _URL.search(line)
        if found:
            return found.group().decode()
    raise NodegraphError("node_failed", "The server ended before it listened", remedy="Start it alone: nodegraph serve")
