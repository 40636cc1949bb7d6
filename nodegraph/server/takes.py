"""All takes of a data directory: those being recorded, the index of the others, and what a kill left behind."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from nodegraph.engine import Run, RunRequest
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import Registry, Seed
from nodegraph.server.clients import Clients
from nodegraph.server.live_take import LiveTake, Origin
from nodegraph.server.store import TakeRow, TakeStore
from nodegraph.takes import TakeHeader, TakeReader, repair_take

__all__ = ["Takes"]

log = logging.getLogger(__name__)

_TAKE_ID = re.compile(r"[0-9a-f]{32}")
MAX_NAME = 200


class Takes:
    """Begins, ends and finds takes.

    Args:
        folder: one subfolder per take.
        store: the index.
        clients: told about recordings.
        registry: node types.
    """

    def __init__(self, folder: Path, store: TakeStore, clients: Clients, registry: Registry) -> None:
        self._folder = folder
        self._store = store
        self._clients = clients
        self._registry = registry
        self._live: dict[str, LiveTake] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._number = 0

    async def open(self) -> None:
        """Make whole what a kill has torn, and index takes that are not in the database."""
        self._folder.mkdir(parents=True, exist_ok=True)
        known = await self._store.known()
        folders = {path.name: path for path in self._folder.iterdir() if _TAKE_ID.fullmatch(path.name)}
        for take_id, path in folders.items():
            if known.get(take_id, "live") == "live":
                await self._recover(path)
        for take_id in known.keys() - folders.keys():
            await self._store.delete(take_id)
        self._number = await self._store.last_number()

    async def close(self) -> None:
        """Wait for what is still being written to the database."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def prepare(self, request: RunRequest, origin: Origin | None = None) -> LiveTake:
        """Return the take of a run that is about to start: its tap goes into the request."""
        return LiveTake(request.run_id, self._folder, self._clients, self._registry, origin)

    def begin(self, take: LiveTake, run: Run, request: RunRequest) -> None:
        """Begin to record a run that has started."""
        self._number += 1
        take.open(lambda: run.document, request, f"Take {self._number}")
        self._live[take.take_id] = take
        assert take.header is not None, "open makes it"
        self._spawn(self._store.put(self._row(take.header, status="live")))

    async def end(self, take: LiveTake, status: str, error: NodegraphError | None) -> None:
        """Finish the recording of a run that has ended; one without a single tick leaves nothing."""
        await take.close(status, error)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._live.pop(take.take_id, None)
        await self._index(take.folder)

    def live(self, take_id: str) -> LiveTake | None:
        """Return a take that is being recorded."""
        return self._live.get(take_id)

    async def rows(self, root: str | None, limit: int) -> list[TakeRow]:
        """Return takes, newest first; those being recorded as they stand now."""
        return [self._now(row) for row in await self._store.newest(root, limit)]

    async def row(self, take_id: str) -> TakeRow:
        """Return one take.

        Raises:
            UserInputError: not_found.
        """
        row = await self._store.get(take_id)
        if row is None:
            raise _unknown(take_id)
        return self._now(row)

    async def read(self, take_id: str) -> TakeReader:
        """Open a take's files.

        Raises:
            UserInputError: not_found.
        """
        if not _TAKE_ID.fullmatch(take_id) or not (self._folder / take_id).is_dir():
            raise _unknown(take_id)
        return await asyncio.to_thread(TakeReader, self._folder / take_id)

    async def rename(self, take_id: str, name: str) -> None:
        """Give a take another name.

        Raises:
            UserInputError: not_found; bad_request for a name without a word.
        """
        if not name.strip():
            raise UserInputError("bad_request", "A take needs a name", got=repr(name[:40]), port="name")
        if not await self._store.rename(take_id, name.strip()[:MAX_NAME]):
            raise _unknown(take_id)

    async def delete(self, take_id: str) -> None:
        """Delete a take with all its files; takes that branched from it keep what they took over.

        Raises:
            UserInputError: not_found; busy while it is being recorded.
        """
        if take_id in self._live:
            raise UserInputError("busy", "The take is being recorded", got=take_id, remedy="Stop the run first")
        if not _TAKE_ID.fullmatch(take_id) or not await self._store.delete(take_id):
            raise _unknown(take_id)
        await asyncio.to_thread(shutil.rmtree, self._folder / take_id, ignore_errors=True)

    def _now(self, row: TakeRow) -> TakeRow:
        take = self._live.get(row.take_id)
        if take is None:
            return row
        changed: dict[str, Any] = {"ticks": take.ticks, "bytes": folder_bytes(take.folder), "thumb": take.ticks > 0}
        return TakeRow(**{**vars(row), **changed})

    async def _recover(self, folder: Path) -> None:
        try:
            found = await asyncio.to_thread(repair_take, folder)
        except (NodegraphError, OSError) as error:
            log.warning("take_unreadable take=%s error=%s", folder.name, error)
            return
        if found is not None:
            log.warning(
                "take_torn take=%s ticks=%s lost_journal_bytes=%s lost_latent_bytes=%s lost_film_bytes=%s",
                folder.name,
                found.ticks,
                found.journal_bytes,
                found.latent_bytes,
                found.film_bytes,
            )
        await self._index(folder)

    async def _index(self, folder: Path) -> None:
        try:
            take = await asyncio.to_thread(TakeReader, folder)
        except (NodegraphError, OSError) as error:
            log.warning("take_unreadable take=%s error=%s", folder.name, error)
            await self._store.delete(folder.name)
            return
        if take.tick_count == take.header.first_own_tick:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            await self._store.delete(folder.name)
            return
        status = "torn" if take.end is None or take.end["status"] in ("torn", "stopped") else "done"
        row = self._row(take.header, status=status, ticks=take.tick_count)
        size = await asyncio.to_thread(folder_bytes, folder)
        await self._store.put(TakeRow(**{**vars(row), "bytes": size, "thumb": take.thumb(0).exists()}))

    def _row(self, header: TakeHeader, *, status: str, ticks: int = 0) -> TakeRow:
        return TakeRow(
            take_id=header.take_id,
            root=header.root,
            parent=header.parent["take_id"] if header.parent else None,
            parent_tick=header.parent["tick"] if header.parent else None,
            name=header.name,
            workflow_name=str(header.document.get("name") or "Untitled"),
            seed=seed_in(header.document, self._registry) if header.seed is None else header.seed,
            status=status,
            ticks=ticks,
            created_ms=header.created,
        )

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def folder_bytes(folder: Path) -> int:
    """Return what the files of a take hold; shared ones count in every take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def seed_in(document: dict[str, Any], registry: Registry) -> int | None:
    """Return the first seed that a workflow holds."""
    for node in document.get("nodes", ()):
        spec = registry.get(str(node.get("type")))
        for port in spec.inputs if spec is not None else ():
            value = node.get("inputs", {}).get(port.name, port.default)
            if isinstance(port.widget, Seed) and isinstance(value, int):
                return value
    return None


def _unknown(take_id: str) -> UserInputError:
    return UserInputError(
        "not_found", "There is no such take", got=repr(take_id[:100]), remedy="It may have been deleted"
    )
