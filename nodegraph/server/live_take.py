"""One live run on its way into a take: what the engine says goes to the recorder, the recorder's news to watchers."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from nodegraph.engine import Control, Item, RunRequest, events
from nodegraph.engine.files import Inputs
from nodegraph.errors import NodegraphError
from nodegraph.graph import Registry, make_plan
from nodegraph.server.answers import error_body
from nodegraph.server.clients import Clients
from nodegraph.server.messages import (
    Alarm,
    ErrorData,
    ErrorMessage,
    TakeStarted,
    TakeStartedData,
    TakeStopped,
    TakeStoppedData,
    TakeTick,
    TakeTickData,
)
from nodegraph.server.origin import Origin
from nodegraph.server.store.jobs import now_ms
from nodegraph.server.take_uploads import TakeUploads
from nodegraph.takes import (
    Backlog,
    Behind,
    Differs,
    FilmStopped,
    Mains,
    News,
    Opened,
    RecordingStopped,
    TakeHeader,
    TakeWriter,
    TickCommitted,
    TickWritten,
    failure_record,
    main_nodes,
    own_versions,
)
from nodegraph.takes.thinning import require_room

__all__ = ["LiveTake"]

log = logging.getLogger(__name__)


class LiveTake:
    """Give `on_item` to the engine as tap and `on_event` every event; `open` once the run exists.

    Args:
        run_id: the run.
        folder: where takes lie.
        inputs: the uploaded files that the run reads.
        clients: told the news.
        registry: for the plan that says which nodes to keep.
        origin: for a branch.
        reserve_bytes: the recording ends where less is free on the disk.
        backlog: counts what waits to be written; None = of its own.
    """

    def __init__(
        self,
        run_id: str,
        folder: Path,
        inputs: Inputs,
        clients: Clients,
        registry: Registry,
        origin: Origin | None = None,
        reserve_bytes: int = 0,
        backlog: Backlog | None = None,
    ) -> None:
        self._reserve_bytes = reserve_bytes
        self._backlog = backlog
        self.take_id = uuid.uuid4().hex
        self.run_id = run_id
        self.origin = origin
        self.header: TakeHeader | None = None
        self.ticks = origin.own_from if origin else 0
        self.last_good = -1
        self.exact = origin.exact if origin else True
        self.error: NodegraphError | None = None
        self._folder = folder / self.take_id
        self._uploads = TakeUploads(inputs, registry)
        self._opened = asyncio.Event()
        self._clients = clients
        self._registry = registry
        self._loop = asyncio.get_running_loop()
        self._writer: TakeWriter | None = None
        self._changes: dict[str, tuple[str, ...]] = {}
        self._document: Callable[[], Mapping[str, Any]] = dict
        self._targets: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Of this take."""
        return self._folder

    def open(
        self,
        document: Callable[[], Mapping[str, Any]],
        request: RunRequest,
        name: str,
    ) -> None:
        """Begin to write.

        Args:
            document: returns the workflow in force.
            request: what the run was asked for; its controls and edits that were not taken over are logged.
            name: of the take.
        """
        origin, now = self.origin, dict(document())
        made = origin.document if origin and origin.document is not None else now
        self._document, self._targets = document, request.targets
        self.header = TakeHeader(
            take_id=self.take_id,
            root=origin.root if origin else self.take_id,
            parent={"take_id": origin.parent, "tick": origin.tick} if origin else None,
            created=now_ms(),
            name=name,
            document=made,
            seed=origin.seed if origin else request.seed,
            settings={
                "ticks": request.ticks,
                "targets": list(request.targets),
                "exact": self.exact,
                "own_from": self.ticks,
                **({"approximate_from": origin.approximate_from} if origin and not origin.exact else {}),
            },
            versions=own_versions(),
        )
        take_over = origin.taken if origin else None
        taken = partial(take_over, self._folder) if take_over else None
        if origin is not None:
            self.origin = replace(origin, taken=None)  # it holds on to all that is known of the parent
        room = partial(require_room, reserve_bytes=self._reserve_bytes)
        self._writer = TakeWriter(
            self._folder,
            self.header,
            self._mains(now),
            on_news=self._post,
            taken=taken,
            room=room,
            backlog=self._backlog,
        )
        if origin is not None and origin.restored == "latents":
            record = {"tick": origin.tick, "from": "latents", "exact": False, "reason": origin.reason}
            self._writer.note({"t": "restored", **record})
        self._uploads.of_document(now, self.ticks, self._writer)
        remade = origin.edits if origin and not origin.own_from else frozenset[str]()
        for edit in request.edits:
            if edit.tick is not None and edit.id in remade:
                self._log_edit(self._writer, edit.tick, edit.id, "warm", (), edit.document)
        for control in request.controls:
            if control.tick is not None and control.tick >= self.ticks:
                self._log_control(self._writer, control)
        self._clients.send(self.run_id, self.started_message())

    def started_message(self) -> TakeStarted:
        """Return what a client that begins to watch must know."""
        origin = self.origin
        data = TakeStartedData(
            run_id=self.run_id,
            take_id=self.take_id,
            parent=origin.parent if origin else None,
            tick=origin.own_from if origin else 0,
        )
        return TakeStarted(type="take_started", data=data)

    def on_item(self, item: Item) -> None:
        """Record what a node made."""
        if self._writer is not None:
            self._writer.on_item(item)

    async def room(self) -> None:
        """Wait until the recording has room for another item; the run's pace."""
        if self._writer is not None:
            await self._writer.room()

    def on_control(self, control: Control, tick: int) -> None:
        """Log a control that takes effect at `tick`."""
        if self._writer is not None:
            self._log_control(self._writer, replace(control, tick=tick))

    def expect_edit(self, edit_id: str, changes: tuple[str, ...]) -> None:
        """Say what an edit changes, before the engine carries it out."""
        self._changes[edit_id] = changes

    async def flush(self) -> None:
        """Wait until the take's files are there and everything logged so far stands in its journal."""
        await self._opened.wait()
        writer = self._writer
        if writer is not None:
            written = asyncio.Event()
            writer.after(lambda: self._call(written.set))
            await written.wait()

    def mark(self, tick: int, name: str) -> None:
        """Name a moment."""
        self._note({"t": "marker", "tick": tick, "name": name})

    def on_event(self, event: events.Event) -> None:
        """Take one event of the engine."""
        writer = self._writer
        if writer is None:
            return
        match event:
            case events.TickDone():
                writer.on_tick(event.tick)
            case events.EditApplied():
                self._on_edit(event, writer)
            case events.EditRolledBack():
                self._on_rolled_back(event, writer)
            case events.NodeFailed():
                self._note(failure_record(event))
            case events.StateHeld():
                self._note({"t": "held", "tick": event.tick, "nbytes": event.nbytes})
            case events.StatesDropped():
                self._note({"t": "dropped", "ticks": list(event.ticks)})

    async def close(self, status: str, error: NodegraphError | None) -> None:
        """Write what waits, then the end."""
        writer, self._writer = self._writer, None
        self._document = dict  # it holds on to the run, and the run to its take
        if writer is not None:
            writer.close(status, error)
            await asyncio.to_thread(writer.join)

    def _on_edit(self, event: events.EditApplied, writer: TakeWriter) -> None:
        if self.origin is None or event.id not in self.origin.edits:
            self._log_edit(writer, event.tick, event.id, event.kind, self._changes.pop(event.id, ()))

    def _on_rolled_back(self, event: events.EditRolledBack, writer: TakeWriter) -> None:
        """The way back is an edit too: a replay goes both ways."""
        if self.origin is None or event.id not in self.origin.edits:
            changes = (f"takes {event.id} back: {event.error.message}",)
            self._log_edit(writer, event.tick, f"{event.id}/rollback", "warm", changes)

    def _log_control(self, writer: TakeWriter, control: Control) -> None:
        writer.on_control(control)
        self._uploads.of_control(control, self._document(), writer)

    def _log_edit(
        self,
        writer: TakeWriter,
        tick: int,
        edit_id: str,
        kind: str,
        changes: tuple[str, ...],
        document: dict[str, Any] | None = None,
    ) -> None:
        made = document or dict(self._document())
        record = {"tick": tick, "id": edit_id, "kind": kind, "changes": list(changes), "document": made}
        writer.on_edit(record, self._mains(made))
        self._uploads.of_document(made, tick, writer)

    def _mains(self, document: dict[str, Any]) -> Mains:
        return main_nodes(make_plan(document, self._registry, self._targets))

    def _note(self, record: dict[str, Any]) -> None:
        if self._writer is not None:
            self._writer.note(record)

    def _post(self, news: News) -> None:
        self._call(partial(self._on_news, news))

    def _call(self, call: Callable[[], None]) -> None:
        """Call in the event loop, from any thread."""
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:  # the loop is closed: nobody is left to tell
            log.debug("news_after_the_end take=%s", self.take_id)

    def _on_news(self, news: News) -> None:
        match news:
            case Opened():
                self._opened.set()
            case TickCommitted():
                self.ticks = news.tick + 1
            case TickWritten():
                self.last_good = news.last_good
                alarm = Alarm(**news.alarm) if news.alarm else None  # type: ignore[typeddict-item]
                data = TakeTickData(run_id=self.run_id, tick=news.tick, stats=dict(news.stats), alarm=alarm)  # type: ignore[typeddict-item]
                self._clients.send(self.run_id, TakeTick(type="take_tick", data=data), latest=True)
            case RecordingStopped():
                self.error = news.error
                self._opened.set()
                self._tell_stopped(news)
            case Behind():
                log.warning("recording_behind take=%s bytes=%s", self.take_id, news.waiting_bytes)
                self._warn(news.error)
            case FilmStopped():
                self._warn(news.error)
            case Differs():
                self._on_differs(news)

    def _warn(self, error: NodegraphError) -> None:
        """Tell watchers what is wrong with a recording that goes on."""
        self._clients.send(self.run_id, ErrorMessage(type="error", data=ErrorData(error=error_body(error))))

    def _tell_stopped(self, news: RecordingStopped) -> None:
        data = TakeStoppedData(
            run_id=self.run_id, take_id=self.take_id, tick=news.tick - 1, error=error_body(news.error)
        )
        self._clients.send(self.run_id, TakeStopped(type="take_stopped", data=data))

    def _on_differs(self, news: Differs) -> None:
        if self.exact:
            self.exact = False
            log.warning("branch_differs take=%s tick=%s node=%s", self.take_id, news.tick, news.node)
            self._note({"t": "differs", "tick": news.tick, "node": news.node})
