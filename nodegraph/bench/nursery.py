"""Servers that start in a moment: processes forked from one that has imported everything already.

Importing torch takes a server seconds of processor time, which fifty restarts would pay fifty times. Each server here
is a process of its own that runs `nodegraph serve`, so it can be killed like any other.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import re
import runpy
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError

__all__ = ["Forked", "Nursery"]

START_TIMEOUT_S = 300.0
PRELOADED = [
    "nodegraph.generator.pool",
    "nodegraph_nodes.apt2",
    "nodegraph_nodes.output",
    "nodegraph.server.serve",
    "av",
]
"""Imported once. None of them starts a thread, which a fork would lose."""

_URL = re.compile(r"https?://\S+")


@dataclass
class Forked:
    """A server that listens."""

    url: str
    process: Any

    async def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        await asyncio.to_thread(self.process.join)

    async def stop(self) -> None:
        """End it in good order."""
        self.process.terminate()
        await asyncio.to_thread(self.process.join)


class Nursery:
    """Forks servers. The process they come from ends with this one."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)

    async def start(self, data_dir: Path) -> Forked:
        """Start a server on a free port that loads no model beforehand.

        Raises:
            NodegraphError: it ended, or said nothing for a long time.
        """
        here, there = self._context.Pipe(duplex=False)
        arguments = ["serve", "--port", "0", "--no-open", "--data", str(data_dir), "--preset", "none"]
        process = self._context.Process(target=_serve, args=(arguments, there), daemon=True)
        await asyncio.to_thread(process.start)
        there.close()
        server = Forked("", process)
        try:
            server.url = await asyncio.to_thread(_announced, here)
        except (EOFError, TimeoutError) as error:
            await server.kill()
            raise NodegraphError(
                "node_failed", "The server ended before it listened", remedy="Start it alone: nodegraph serve"
            ) from error
        return server


def _announced(connection: Connection) -> str:
    """Return the address that a server prints when it listens."""
    while connection.poll(START_TIMEOUT_S):
        found = _URL.search(str(connection.recv()))
        if found:
            return found.group()
    raise TimeoutError


class _Speaking:
    """Stands for a server's standard output."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, text: str) -> None:
        """Pass on what is printed."""
        self._connection.send(text)

    def flush(self) -> None:
        """Nothing is held back."""


def _serve(arguments: list[str], connection: Connection) -> None:
    sys.argv = ["nodegraph", *arguments]
    sys.stdout = _Speaking(connection)
    runpy.run_module("nodegraph", run_name="__main__", alter_sys=True)
