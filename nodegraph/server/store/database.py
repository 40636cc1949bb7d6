"""One SQLite connection on one thread of its own, so that the event loop never waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from nodegraph.errors import NodegraphError
from nodegraph.server.store.migrations import migrate

T = TypeVar("T")


class Database:
    """A file in WAL mode: what was committed is there after a kill at any moment.

    Args:
        path: the file; its folder is made. ":memory:" is not supported, tests use a real file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open and migrate.

        Raises:
            NodegraphError: newer_schema, or disk_full.
        """
        self._connection = await asyncio.get_running_loop().run_in_executor(self._thread, self._connect)

    async def close(self) -> None:
        """Close the file after the work in flight."""
        if self._connection is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._connection.close)
        self._thread.shutdown()

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in a transaction on the database's thread: all of it is kept, or nothing.

        Raises:
            NodegraphError: disk_full.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA busy_timeout = 5000")
        migrate(connection)
        return connection

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        assert connection is not None, "the database is not open"
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
                raise NodegraphError(
                    "disk_full", "The data directory has no room left", remedy="Delete results, then try again"
                ) from error
            raise
        return result


def like(search: str) -> str:
    """Return a LIKE pattern (with ESCAPE '!') for rows that contain `search`."""
    escaped = search.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{escaped}%"


Row = dict[str, Any]
