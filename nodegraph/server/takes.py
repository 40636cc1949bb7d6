"""All takes of a data directory: those being recorded, the index of the others, and what a kill left behind."""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any

from nodegraph.engine import Run, RunRequest
from nodegraph.engine.files import Inputs
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import Registry
from nodegraph.server.clients import Clients
from nodegraph.server.disk_share import DiskShare
from nodegraph.server.live_take import LiveTake
from nodegraph.server.messages import TakesThinned, TakesThinnedData
from nodegraph.server.origin import Origin
from nodegraph.server.payloads import TakesDisk
from nodegraph.server.store import TakeRow, TakeStore
from nodegraph.server.take_index import folder_bytes, row_of, row_of_ended
from nodegraph.takes import Backlog, TakeReader, repair_take
from nodegraph.takes.header import HEADER

__all__ = ["Takes"]

log = logging.getLogger(__name__)

_TAKE_ID = re.compile(r"[0-9a-f]{32}")
MAX_NAME = 200
WATCH_S = 30.0
"""While something is recorded, the disk is looked at so often."""


class Takes:
    """Begins, ends and finds takes.

    Args:
        folder: one subfolder per take.
        inputs: the folder of uploaded files.
        store: the index.
        clients: told about recordings.
        registry: node types.
        cap_bytes: what all takes together may hold, see `DiskShare`.
        reserve_bytes: a recording ends where less is free on the disk.
    """

    def __init__(
        self,
        folder: Path,
        inputs: Path,
        store: TakeStore,
        clients: Clients,
        registry: Registry,
        *,
        cap_bytes: int | None = None,
        reserve_bytes: int = 0,
    ) -> None:
        self._folder = folder
        self._share = DiskShare(folder, cap_bytes)
        self._reserve_bytes = reserve_bytes
        self._backlog = Backlog()
        self._thinning = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None
        self.inputs = inputs
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
        await self.make_room()
        self._watch = asyncio.get_running_loop().create_task(self._watch_disk())

    async def close(self) -> None:
        """Wait for what is still being written to the database."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def prepare(self, request: RunRequest, origin: Origin | None = None) -> LiveTake:
        """Return the take of a run that is about to start: its tap goes into the request."""
        inputs = Inputs(self.inputs, request.files)
        return LiveTake(
            request.run_id,
            self._folder,
            inputs,
            self._clients,
            self._registry,
            origin,
            self._reserve_bytes,
            self._backlog,
        )

    def begin(self, take: LiveTake, run: Run, request: RunRequest) -> None:
        """Begin to record a run that has started.

        Raises:
            InvalidWorkflow: an edit of its log cannot be read; nothing is left of the take.
        """
        self._number += 1
        try:
            take.open(lambda: run.document, request, f"Take {self._number}")
        except BaseException:
            self._spawn(self._drop(take))
            raise
        self._live[take.take_id] = take
        assert take.header is not None, "open makes it"
        self._spawn(self._store.put(row_of(take.header, self._registry, status="live")))

    async def end(self, take: LiveTake, status: str, error: NodegraphError | None) -> None:
        """Finish the recording of a run that has ended; one without a single tick leaves nothing."""
        try:
            await take.close(status, error)
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._index(take.folder)
        finally:
            self._live.pop(take.take_id, None)
        await self.make_room()

    async def _drop(self, take: LiveTake) -> None:
        await take.close("failed", None)
        await asyncio.to_thread(shutil.rmtree, take.folder, ignore_errors=True)

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
        """Open a take's files; of one that is recorded, with everything that was logged up to now.

        Raises:
            UserInputError: not_found.
        """
        live = self._live.get(take_id)
        if live is not None:
            await live.flush()
        if not _TAKE_ID.fullmatch(take_id) or not (self._folder / take_id).is_dir():
            raise _unknown(take_id)
        return await asyncio.to_thread(TakeReader, self._folder / take_id)

    async def files(self, take: TakeReader) -> Mapping[str, Path]:
        """Return the uploaded files that a take was made with, by their path below the input folder.

        Raises:
            NodegraphError: not_found, naming those that are gone.
        """
        found = await asyncio.to_thread(take.files, self.inputs)
        return found.require()

    async def disk(self) -> TakesDisk:
        """Return what all takes hold, shared files counted in each, what they may hold, and what is free."""
        held = await self._held_at_most()
        return TakesDisk(bytes=held, cap=self._share.cap(held), free=self._share.free())

    async def make_room(self) -> None:
        """Thin the oldest takes where all together hold more than they may; told in the log and to every client."""
        async with self._thinning:
            held = await self._held_at_most()
            if held <= self._share.cap(held):
                return
            spared = {take.origin.parent for take in self._live.values() if take.origin is not None} | set(self._live)
            rows = [row.take_id for row in await self._store.thinnable() if row.take_id not in spared]
            done = await asyncio.to_thread(self._share.make_room, rows)
            for one in done:
                log.warning("take_thinned take=%s parts=%s freed=%s", one.take_id, ",".join(one.parts), one.freed)
                await self._index(self._folder / one.take_id)
        if done:
            freed = sum(one.freed for one in done)
            data = TakesThinnedData(takes=[one.take_id for one in done], freed=freed, cap=self._share.cap(held))
            self._clients.broadcast(TakesThinned(type="takes_thinned", data=data))

    async def _held_at_most(self) -> int:
        return await self._store.bytes() + sum(folder_bytes(take.folder) for take in self._live.values())

    async def pin(self, take_id: str, pinned: bool) -> None:
        """Keep a take from being thinned, or no longer.

        Raises:
            UserInputError: not_found.
        """
        if not await self._store.pin(take_id, pinned):
            raise _unknown(take_id)

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
        changed: dict[str, Any] = {
            "ticks": take.ticks,
            "bytes": folder_bytes(take.folder),
            "thumb": take.ticks > 0,
            "approximate": not take.exact,
        }
        return TakeRow(**{**vars(row), **changed})

    async def _watch_disk(self) -> None:
        while True:
            await asyncio.sleep(WATCH_S)
            if self._live:
                try:
                    await self.make_room()
                except Exception:
                    log.exception("takes_not_thinned")

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
            if not (folder / HEADER).exists():  # the disk was full before it began
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            return
        if take.tick_count == take.header.first_own_tick:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            await self._store.delete(folder.name)
            return
        await self._store.put(await asyncio.to_thread(row_of_ended, take, self._registry))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unknown(take_id: str) -> UserInputError:
    return UserInputError(
        "not_found", "There is no such take", got=repr(take_id[:100]), remedy="It may have been deleted"
    )
