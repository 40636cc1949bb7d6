"""The index of takes: what a list shows without opening every folder."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from nodegraph.server.store.database import Database

__all__ = ["TakeRow", "TakeStore"]


@dataclass(frozen=True, kw_only=True)
class TakeRow:
    """One take; see the payload TakeEntry. `thumb` tells whether it has a first picture; `thinned` is joined by ","."""

    take_id: str
    root: str
    parent: str | None
    parent_tick: int | None
    name: str
    workflow_name: str
    seed: int | None
    status: str
    ticks: int = 0
    bytes: int = 0
    thumb: bool = False
    approximate: bool = False
    pinned: bool = False
    thinned: str = ""
    created_ms: int


class TakeStore:
    """Takes in SQLite. The folders are the truth; a row that is lost is made again when the server starts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, row: TakeRow) -> None:
        """Write a take; a row of the same id keeps its name and its pin."""
        values = (
            row.take_id,
            row.root,
            row.parent,
            row.parent_tick,
            row.name,
            row.workflow_name,
            row.seed,
            row.status,
            row.ticks,
            row.bytes,
            int(row.thumb),
            int(row.approximate),
            row.thinned,
            row.created_ms,
        )
        await self._database.run(
            lambda c: c.execute(
                "INSERT INTO takes (take_id, root, parent, parent_tick, name, workflow_name, seed, status, ticks,"
                " bytes, thumb, approximate, thinned, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (take_id) DO UPDATE SET status = excluded.status, ticks = excluded.ticks,"
                " bytes = excluded.bytes, thumb = excluded.thumb, seed = excluded.seed,"
                " approximate = excluded.approximate, thinned = excluded.thinned",
                values,
            )
        )

    async def get(self, take_id: str) -> TakeRow | None:
        """Return one take."""
        row = await self._database.run(
            lambda c: c.execute("SELECT * FROM takes WHERE take_id = ?", (take_id,)).fetchone()
        )
        return None if row is None else _row(row)

    async def newest(self, root: str | None, limit: int) -> list[TakeRow]:
        """Return the takes of one tree, or all, newest first."""
        query = "SELECT * FROM takes WHERE ? IS NULL OR root = ? ORDER BY seq DESC LIMIT ?"
        rows = await self._database.run(lambda c: c.execute(query, (root, root, limit)).fetchall())
        return [_row(row) for row in rows]

    async def known(self) -> dict[str, str]:
        """Return take id -> status of all."""
        rows = await self._database.run(lambda c: c.execute("SELECT take_id, status FROM takes").fetchall())
        return {row["take_id"]: row["status"] for row in rows}

    async def last_number(self) -> int:
        """Return how many takes there ever were."""
        query = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'takes'"
        return int(await self._database.run(lambda c: c.execute(query).fetchone()[0]))

    async def rename(self, take_id: str, name: str) -> bool:
        """Give a take another name; tell whether it was there."""
        query = "UPDATE takes SET name = ? WHERE take_id = ?"
        return await self._database.run(lambda c: c.execute(query, (name, take_id)).rowcount) == 1

    async def pin(self, take_id: str, pinned: bool) -> bool:
        """Keep a take from being thinned, or no longer; tell whether it was there."""
        query = "UPDATE takes SET pinned = ? WHERE take_id = ?"
        return await self._database.run(lambda c: c.execute(query, (int(pinned), take_id)).rowcount) == 1

    async def thinnable(self) -> list[TakeRow]:
        """Return the takes that have ended and are not pinned, oldest first."""
        query = "SELECT * FROM takes WHERE status <> 'live' AND NOT pinned ORDER BY seq"
        return [_row(row) for row in await self._database.run(lambda c: c.execute(query).fetchall())]

    async def bytes(self) -> int:
        """Return what all takes hold, at most: files that they share count in each."""
        query = "SELECT coalesce(sum(bytes), 0) FROM takes"
        return int(await self._database.run(lambda c: c.execute(query).fetchone()[0]))

    async def delete(self, take_id: str) -> bool:
        """Forget a take; tell whether it was there."""
        query = "DELETE FROM takes WHERE take_id = ?"
        return await self._database.run(lambda c: c.execute(query, (take_id,)).rowcount) == 1


def _row(row: sqlite3.Row) -> TakeRow:
    values = dict(row)
    del values["seq"]
    flags = {name: bool(values[name]) for name in ("thumb", "approximate", "pinned")}
    return TakeRow(**values | flags)
