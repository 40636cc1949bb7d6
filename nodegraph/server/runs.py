"""Runs at work, live ones and renders: start, steer, stop, and the end of each."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nodegraph.engine import Control, Engine, Receipt, Run, RunRequest
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.server.clients import Clients
from nodegraph.server.config import Limits
from nodegraph.server.hub import PreviewHub
from nodegraph.server.payloads import RunEntry
from nodegraph.server.reporter import RunReporter

log = logging.getLogger(__name__)

ENDED_KEPT = 256
"""Ids of runs that ended, so that stopping one twice can be told from stopping one that never was."""


@dataclass(kw_only=True)
class ActiveRun:
    """A run at work with the reporter that tells its watchers."""

    run: Run
    reporter: RunReporter
    task: asyncio.Task[None] | None = None
    idle: asyncio.TimerHandle | None = None


class Runs:
    """All runs at work.

    Args:
        engine: carries them out.
        clients: who watches.
        hub: where their previews go.
        limits: the most live runs, and how long one goes on unwatched.
    """

    def __init__(self, engine: Engine, clients: Clients, hub: PreviewHub, limits: Limits) -> None:
        self._engine = engine
        self._clients = clients
        self._hub = hub
        self._limits = limits
        self._active: dict[str, ActiveRun] = {}
        self._ended: deque[str] = deque(maxlen=ENDED_KEPT)

    def start_live(
        self, document: dict[str, Any], *, client_id: str | None, seed: int | None, ticks: int | None
    ) -> str:
        """Start a live run and let its client watch; return its id.

        Raises:
            NodegraphError: busy at the limit; whatever the engine refuses.
        """
        live = sum(active.reporter.live for active in self._active.values())
        if live >= self._limits.live_runs:
            raise UserInputError(
                "busy",
                "Too many live runs are at work",
                got=str(live),
                expected=f"at most {self._limits.live_runs}",
                remedy="Stop one of them first",
            )
        run_id = uuid.uuid4().hex
        request = RunRequest(run_id=run_id, document=document, live=True, ticks=ticks, seed=seed)
        active = self._begin(request, client_id)
        active.task = asyncio.get_running_loop().create_task(self._see_off(active))
        self._watch_idle(active)
        return run_id

    async def render(self, request: RunRequest, client_id: str | None, ended: Callable[..., Any]) -> None:
        """Carry out a render to its end; `ended(outcome, reporter)` is awaited before clients are told.

        Raises:
            NodegraphError: the engine refused to start.
        """
        active = self._begin(request, client_id)
        try:
            await self._to_the_end(active, ended)
        except asyncio.CancelledError:
            active.run.stop()
            await active.run.wait()
            raise

    def control(self, run_id: str, control: Control) -> Receipt:
        """Change a value of a live run.

        Raises:
            NodegraphError: not_found, or the engine refuses the value.
        """
        return self._find(run_id, live=True).run.control(control)

    def stop(self, run_id: str) -> None:
        """Ask a run to stop; one that has just ended by itself is no error.

        Raises:
            NodegraphError: not_found.
        """
        if run_id not in self._ended:
            self._find(run_id).run.stop()

    def reporter(self, run_id: str) -> RunReporter:
        """Return what tells about a run at work.

        Raises:
            NodegraphError: not_found.
        """
        return self._find(run_id).reporter

    def live_entries(self) -> list[RunEntry]:
        """Return the live runs at work."""
        return [
            RunEntry(run_id=run_id, status=active.run.status, tick=active.reporter.tick, name=active.reporter.name)
            for run_id, active in self._active.items()
            if active.reporter.live
        ]

    def socket_closed(self) -> None:
        """Look for live runs that nobody watches any more."""
        for active in self._active.values():
            self._watch_idle(active)

    async def close(self) -> None:
        """Stop everything and wait for it."""
        for active in self._active.values():
            active.run.stop()
        tasks = [active.task for active in self._active.values() if active.task is not None]
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, request: RunRequest, client_id: str | None) -> ActiveRun:
        reporter = RunReporter(
            request.run_id, request.document, live=request.live, clients=self._clients, encode_ms=self._hub.encode_ms
        )
        if client_id is not None:
            self._clients.watch(client_id, request.run_id)
        try:
            run = self._engine.start(request, reporter.on_event)
        except BaseException:
            self._clients.forget(request.run_id)
            raise
        active = self._active[request.run_id] = ActiveRun(run=run, reporter=reporter)
        reporter.started()
        return active

    async def _see_off(self, active: ActiveRun) -> None:
        try:
            await self._to_the_end(active, None)
        except Exception:
            log.exception("live_run_failed run=%s", active.reporter.run_id)

    async def _to_the_end(self, active: ActiveRun, ended: Callable[..., Any] | None) -> None:
        reporter = active.reporter
        try:
            outcome = await active.run.wait()
            await self._hub.drain(reporter.run_id)
            reporter.ended(outcome.status, outcome.error)
            if ended is not None:
                await ended(outcome, reporter)
            reporter.finished(outcome.status, outcome.error)
        finally:
            if active.idle is not None:
                active.idle.cancel()
            self._active.pop(reporter.run_id, None)
            self._ended.append(reporter.run_id)
            self._clients.forget(reporter.run_id)

    def _watch_idle(self, active: ActiveRun) -> None:
        if active.idle is None and active.reporter.live:
            loop = asyncio.get_running_loop()
            active.idle = loop.call_later(self._limits.live_idle_s, self._stop_if_idle, active)

    def _stop_if_idle(self, active: ActiveRun) -> None:
        active.idle = None
        if active.reporter.run_id in self._active and not self._clients.watchers(active.reporter.run_id):
            log.info("live_run_abandoned run=%s", active.reporter.run_id)
            active.run.stop()

    def _find(self, run_id: str, *, live: bool = False) -> ActiveRun:
        active = self._active.get(run_id)
        if active is None or (live and not active.reporter.live):
            raise NodegraphError(
                "not_found",
                "There is no such live run" if live else "There is no such run at work",
                got=repr(run_id[:100]),
                remedy="Press run again; it may have ended",
            )
        return active
