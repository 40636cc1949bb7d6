"""Queue and history: one row per render, from its acceptance to its end."""

from __future__ import annotations

import json
import sqlite3
import time
from dataclasses import dataclass, field
from typing import Any

from nodegraph.server.store.database import Database, like

MAX_ATTEMPTS = 3


def now_ms() -> int:
    """Return the time as epoch milliseconds."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, kw_only=True)
class JobRow:
    """One job.

    `request` holds what the engine and ComfyUI's clients need besides the document: prompt (API format), extra_data,
    targets (output nodes), seed, ticks. `outputs` maps node ids to lists of {filename, subfolder, type, media_type}.
    """

    prompt_id: str
    number: float
    client_id: str | None
    name: str
    request: dict[str, Any]
    document: dict[str, Any]
    status: str = "queued"
    outputs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    error: dict[str, Any] | None = None
    messages: list[Any] = field(default_factory=list)
    created_ms: int = 0
    started_ms: int | None = None
    finished_ms: int | None = None


class JobStore:
    """Jobs in SQLite. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(self) -> int:
        """Queue again what was running when the process died; return how many.

        A job that was at work when the process died for the third time has probably killed it, and fails instead.
        """
        error = {
            "code": "node_failed",
            "message": f"The server died {MAX_ATTEMPTS} times while this job ran",
            "remedy": "It may need more memory than there is: make the picture or the graph smaller",
        }

        def work(connection: sqlite3.Connection) -> int:
            connection.execute(
                "UPDATE jobs SET status = 'failed', error = ?, finished_ms = ?"
                " WHERE status = 'running' AND attempts >= ?",
                (json.dumps(error), now_ms(), MAX_ATTEMPTS),
            )
            query = "UPDATE jobs SET status = 'queued', started_ms = NULL WHERE status = 'running'"
            return connection.execute(query).rowcount

        return await self._database.run(work)

    async def add(self, jobs: list[JobRow]) -> None:
        """Accept jobs: once this returns they survive a kill.

        Raises:
            KeyError: a prompt_id is taken; then none is accepted.
        """

        def work(connection: sqlite3.Connection) -> None:
            for job in jobs:
                values = (
                    job.prompt_id,
                    job.number,
                    job.client_id,
                    job.name,
                    json.dumps(job.request),
                    json.dumps(job.document),
                    now_ms(),
                )
                try:
                    connection.execute(
                        "INSERT INTO jobs (prompt_id, number, client_id, name, status, request, document, created_ms)"
                        " VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)",
                        values,
                    )
                except sqlite3.IntegrityError as error:
                    raise KeyError(job.prompt_id) from error

        await self._database.run(work)

    async def place(self, *, front: bool, count: int = 1) -> float:
        """Return a number that puts `count` jobs after all others, or before them."""
        first, last = await self._database.run(
            lambda c: tuple(c.execute("SELECT min(number), max(number) FROM jobs").fetchone())
        )
        return min(0.0, first or 0.0) - count if front else max(0.0, last or 0.0) + 1

    async def claim(self) -> JobRow | None:
        """Mark the next queued job as running and return it."""

        def work(connection: sqlite3.Connection) -> JobRow | None:
            row = connection.execute(
                "SELECT * FROM jobs WHERE status = 'queued' ORDER BY number, seq LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            started = now_ms()
            connection.execute(
                "UPDATE jobs SET status = 'running', started_ms = ?, attempts = attempts + 1 WHERE seq = ?",
                (started, row["seq"]),
            )
            return _job(row, status="running", started_ms=started)

        return await self._database.run(work)

    async def put_back(self, prompt_id: str) -> None:
        """Queue a running job again because the server stops in good order; that does not count as an attempt."""
        query = (
            "UPDATE jobs SET status = 'queued', started_ms = NULL, attempts = attempts - 1"
            " WHERE prompt_id = ? AND status = 'running'"
        )
        await self._database.run(lambda c: c.execute(query, (prompt_id,)))

    async def finish(
        self,
        prompt_id: str,
        status: str,
        outputs: dict[str, list[dict[str, Any]]],
        error: dict[str, Any] | None,
        messages: list[Any],
    ) -> None:
        """Write the end of a job into the history."""
        values = (status, json.dumps(outputs), json.dumps(error) if error else None, json.dumps(messages), now_ms())
        await self._database.run(
            lambda c: c.execute(
                "UPDATE jobs SET status = ?, outputs = ?, error = ?, messages = ?, finished_ms = ? WHERE prompt_id = ?",
                (*values, prompt_id),
            )
        )

    async def get(self, prompt_id: str) -> JobRow | None:
        """Return one job."""
        row = await self._database.run(
            lambda c: c.execute("SELECT * FROM jobs WHERE prompt_id = ?", (prompt_id,)).fetchone()
        )
        return None if row is None else _job(row)

    async def waiting(self) -> tuple[list[JobRow], list[JobRow]]:
        """Return the running and the queued jobs, the next one first."""
        rows = await self._database.run(
            lambda c: c.execute(
                "SELECT * FROM jobs WHERE status IN ('running', 'queued') ORDER BY number, seq"
            ).fetchall()
        )
        jobs = [_job(row) for row in rows]
        return [job for job in jobs if job.status == "running"], [job for job in jobs if job.status == "queued"]

    async def count_waiting(self) -> int:
        """Return how many jobs are queued or running."""
        query = "SELECT count(*) FROM jobs WHERE status IN ('running', 'queued')"
        return int(await self._database.run(lambda c: c.execute(query).fetchone()[0]))

    async def newest(self, *, limit: int, offset: int = 0, search: str = "", ended: bool = False) -> list[JobRow]:
        """Return jobs, newest first: those whose name or workflow contains `search`, `ended` only if so wished."""
        query = (
            "SELECT * FROM jobs WHERE (NOT ? OR status NOT IN ('queued', 'running'))"
            " AND (name LIKE ? ESCAPE '!' OR document LIKE ? ESCAPE '!') ORDER BY seq DESC LIMIT ? OFFSET ?"
        )
        pattern = like(search)
        rows = await self._database.run(lambda c: c.execute(query, (ended, pattern, pattern, limit, offset)).fetchall())
        return [_job(row) for row in rows]

    async def remove_queued(self, prompt_ids: list[str] | None) -> int:
        """Take queued jobs out of the queue (all of them for None); return how many there were."""
        return await self._remove(
            "DELETE FROM jobs WHERE status = 'queued' AND (? IS NULL OR prompt_id = ?)", prompt_ids
        )

    async def remove_ended(self, prompt_ids: list[str] | None) -> int:
        """Forget ended jobs (all of them for None); return how many there were. Their files stay."""
        return await self._remove(
            "DELETE FROM jobs WHERE status NOT IN ('queued', 'running') AND (? IS NULL OR prompt_id = ?)", prompt_ids
        )

    async def _remove(self, query: str, prompt_ids: list[str] | None) -> int:
        ids: list[str | None] = [None] if prompt_ids is None else [*prompt_ids]
        return await self._database.run(lambda c: sum(c.execute(query, (one, one)).rowcount for one in ids))


def _job(row: sqlite3.Row, **changed: Any) -> JobRow:
    values = dict(row) | changed
    del values["seq"], values["attempts"]
    for name in ("request", "document", "outputs", "error", "messages"):
        values[name] = None if values[name] is None else json.loads(values[name])
    return JobRow(**values)
