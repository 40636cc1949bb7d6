"""Uploaded files: what they are and where they lie below data/input."""

from __future__ import annotations

from nodegraph.server.store.database import Database, Row
from nodegraph.server.store.jobs import now_ms


class AssetStore:
    """Assets in SQLite; the files themselves lie on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, value: str, kind: str, sha256: str, size: int) -> None:
        """Record an uploaded file; `value` is its path below data/input."""
        await self._database.run(
            lambda c: c.execute(
                "INSERT INTO assets (value, kind, sha256, bytes, created_ms) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (value) DO UPDATE SET kind = excluded.kind, sha256 = excluded.sha256,"
                " bytes = excluded.bytes, created_ms = excluded.created_ms",
                (value, kind, sha256, size, now_ms()),
            )
        )

    async def newest(self, kind: str | None) -> list[Row]:
        """Return assets of one kind, or all, newest first."""
        rows = await self._database.run(
            lambda c: c.execute(
                "SELECT * FROM assets WHERE ? IS NULL OR kind = ? ORDER BY created_ms DESC, rowid DESC", (kind, kind)
            ).fetchall()
        )
        return [dict(row) for row in rows]

    async def forget(self, values: list[str]) -> None:
        """Drop records whose files are gone."""
        await self._database.run(
            lambda c: c.executemany("DELETE FROM assets WHERE value = ?", [(value,) for value in values])
        )
