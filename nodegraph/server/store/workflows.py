"""Saved workflows by id."""

from __future__ import annotations

import json
from typing import Any

from nodegraph.server.payloads import WorkflowEntry
from nodegraph.server.store.database import Database
from nodegraph.server.store.jobs import now_ms


class WorkflowStore:
    """Workflows in SQLite. The newest save wins; the editor keeps its own history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, workflow_id: str, name: str, document: dict[str, Any]) -> int:
        """Write a document; return the time of the save in epoch milliseconds."""
        now, text = now_ms(), json.dumps(document)
        await self._database.run(
            lambda c: c.execute(
                "INSERT INTO workflows (id, name, document, created_ms, updated_ms) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, document = excluded.document,"
                " updated_ms = excluded.updated_ms",
                (workflow_id, name, text, now, now),
            )
        )
        return now

    async def get(self, workflow_id: str) -> dict[str, Any] | None:
        """Return id, name, updated_at and document."""
        row = await self._database.run(
            lambda c: c.execute("SELECT * FROM workflows WHERE id = ?", (workflow_id,)).fetchone()
        )
        if row is None:
            return None
        return {
            "id": row["id"],
            "name": row["name"],
            "updated_at": row["updated_ms"],
            "document": json.loads(row["document"]),
        }

    async def entries(self) -> list[WorkflowEntry]:
        """Return what is saved, newest first, without the documents."""
        rows = await self._database.run(
            lambda c: c.execute(
                "SELECT id, name, updated_ms FROM workflows ORDER BY updated_ms DESC, rowid DESC"
            ).fetchall()
        )
        return [WorkflowEntry(id=row["id"], name=row["name"], updated_at=row["updated_ms"]) for row in rows]

    async def delete(self, workflow_id: str) -> bool:
        """Delete one; tell whether it was there."""
        count = await self._database.run(
            lambda c: c.execute("DELETE FROM workflows WHERE id = ?", (workflow_id,)).rowcount
        )
        return count == 1
