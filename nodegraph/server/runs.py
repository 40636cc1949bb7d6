"""Runs at work, live ones and renders: start, steer, stop, and the end of each."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from nodegraph.engine import Control, Engine, Event, Outcome, Receipt, RunRequest, RunState
from nodegraph.engine.events import ControlApplied
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.server.active_run import ActiveRun, entry_of, outcome_of, show_both
from nodegraph.server.clients import Clients
from nodegraph.server.config import Limits
from nodegraph.server.frames import Stamps
from nodegraph.server.hub import PreviewHub
from nodegraph.server.latency import LatencyMeter
from nodegraph.server.live_take import LiveTake
from nodegraph.server.messages import ServerMessage
from nodegraph.server.origin import Origin
from nodegraph.server.payloads import RunEntry
from nodegraph.server.reporter import RunReporter
from nodegraph.server.take_states import EndedStates, share_of
from nodegraph.server.takes import Takes
from nodegraph.server.tidy import Tidier

log = logging.getLogger(__name__)

ENDED_KEPT = 256
"""Ids of runs that ended, so that stopping one twice can be told from stopping one that never was."""


class Runs:
    """All runs at work.

    Args:
        engine: carries them out.
        clients: who watches.
        hub: where their previews go.
        takes: where live runs are recorded.
        limits: the most live runs, and how long one goes on unwatched.
        tidier: told when one has ended; None = nobody is.
    """

    def __init__(
        self,
        engine: Engine,
        clients: Clients,
        hub: PreviewHub,
        takes: Takes,
        limits: Limits,
        tidier: Tidier | None = None,
    ) -> None:
        self._engine = engine
        self._takes = takes
        self._clients = clients
        self._hub = hub
        self._limits = limits
        self._tidier = tidier or Tidier(None)
        self._active: dict[str, ActiveRun] = {}
        hub.generated = self._generated
        self._held = EndedStates(limits.ended_state_bytes)
        self._ended: deque[str] = deque(maxlen=ENDED_KEPT)

    def start_live(
        self,
        document: dict[str, Any],
        *,
        client_id: str | None,
        seed: int | None,
        ticks: int | None,
        record: bool = True,
    ) -> ActiveRun:
        """Start a live run and let its client watch.

        Raises:
            NodegraphError: busy at the limit; whatever the engine refuses.
        """
        request = RunRequest(run_id=uuid.uuid4().hex, document=document, live=True, ticks=ticks, seed=seed)
        return self.go_live(request, client_id, record=record)

    def go_live(
        self,
        request: RunRequest,
        client_id: str | None,
        *,
        record: bool = True,
        origin: Origin | None = None,
        replacing: str | None = None,
    ) -> ActiveRun:
        """Start a live run as requested; `origin` says which take it goes on from, `replacing` which run ends for it.

        Raises:
            NodegraphError: busy at the limit; whatever the engine refuses.
        """
        before = self._active.get(replacing) if replacing is not None else None
        if replacing is not None and (before is None or before.replaced):
            raise UserInputError(
                "busy",
                "Another run has taken the place of this one already",
                got=replacing,
                remedy="Go on in the newest run",
            )
        live = sum(active.reporter.live for active in self._active.values()) - (replacing is not None)
        if live >= self._limits.live_runs:
            raise UserInputError(
                "busy",
                "Too many live runs are at work",
                got=str(live),
                expected=f"at most {self._limits.live_runs}",
                remedy="Stop one of them first",
            )
        request = replace(request, state_budget_bytes=share_of(self._limits, live + 1))
        take = self._takes.prepare(request, origin) if record else None
        active = self._begin(request, client_id, take)
        self._share_states()
        active.task = asyncio.get_running_loop().create_task(self._see_off(active))
        self._watch_idle(active)
        if before is not None:
            before.replaced = True
            before.run.stop()
        return active

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

    def control(self, run_id: str, control: Control, sid: str, t_sent: float | None) -> Receipt:
        """Change a value of a live run, as client `sid` wished at `t_sent`.

        Raises:
            NodegraphError: not_found, or the engine refuses the value.
        """
        active = self._find(run_id, live=True)
        receipt = active.run.control(control)
        active.meter.control(sid, control.id, t_sent)
        if active.take is not None:
            active.take.on_control(control, receipt.tick)
        return receipt

    def drawn(self, run_id: str, sid: str, stamps: Stamps, t_drawn: float) -> None:
        """Note that a client has drawn a frame; a run that has ended meanwhile is no error."""
        if run_id in self._active:
            self._active[run_id].meter.drawn(sid, stamps, t_drawn)

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

    def active(self, run_id: str) -> ActiveRun:
        """Return a live run at work.

        Raises:
            NodegraphError: not_found.
        """
        return self._find(run_id, live=True)

    async def state_of(self, take_id: str, tick: int) -> RunState | None:
        """Return the newest state at or before a tick of a take whose run is at work, or has just ended."""
        active = self.of_take(take_id)
        run = active.run if active is not None else self._held.get(take_id)
        return await run.state_before(tick) if run is not None else None

    def knows(self, take_id: str) -> bool:
        """Tell whether a take was made here, by a run at work or one that has just ended."""
        return self.of_take(take_id) is not None or take_id in self._held

    def held_ticks(self, take_id: str) -> list[int]:
        """Return the ticks of a take with an exact state in memory: of its run at work, or one that has just ended."""
        active = self.of_take(take_id)
        run = active.run if active is not None else self._held.get(take_id)
        return [tick for tick, _ in run.held()] if run is not None else []

    def of_take(self, take_id: str) -> ActiveRun | None:
        """Return the run that is recorded as this take."""
        found = (active for active in self._active.values() if active.take and active.take.take_id == take_id)
        return next(found, None)

    def catch_up(self, run_id: str) -> list[ServerMessage]:
        """Return what a client that begins to watch must know.

        Raises:
            NodegraphError: not_found.
        """
        active = self._find(run_id)
        take = [active.take.started_message()] if active.take is not None else []
        return [*active.reporter.catch_up(), *take]

    def live_entries(self) -> list[RunEntry]:
        """Return the live runs at work."""
        return [entry_of(active) for active in self._active.values() if active.reporter.live]

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
        self._tidier.stop()

    def _begin(self, request: RunRequest, client_id: str | None, take: LiveTake | None = None) -> ActiveRun:
        reporter = RunReporter(
            request.run_id, request.document, live=request.live, clients=self._clients, encode_ms=self._hub.encode_ms
        )

        meter = LatencyMeter(request.run_id, self._clients)

        def on_event(event: Event) -> None:
            if isinstance(event, ControlApplied):
                meter.applied(event.id, event.tick)
            reporter.on_event(event)
            if take is not None:
                take.on_event(event)

        if request.live:
            request = replace(request, tap=meter.on_item if take is None else partial(show_both, meter, take))
            if take is not None:
                request = replace(request, pace=take.room)
        if client_id is not None:
            self._clients.watch(client_id, request.run_id)
        try:
            run = self._engine.start(request, on_event)
        except BaseException:
            self._clients.forget(request.run_id)
            raise
        active = ActiveRun(run=run, reporter=reporter, request=request, meter=meter, take=take)
        self._active[request.run_id] = active
        reporter.started()
        if take is not None:
            try:
                self._takes.begin(take, run, request)
            except BaseException:
                run.stop()
                self._active.pop(request.run_id, None)
                self._clients.forget(request.run_id)
                raise
        return active

    async def _see_off(self, active: ActiveRun) -> None:
        try:
            await self._to_the_end(active, None)
        except Exception:
            log.exception("live_run_failed run=%s", active.reporter.run_id)

    async def _to_the_end(self, active: ActiveRun, ended: Callable[..., Any] | None) -> None:
        reporter = active.reporter
        try:
            outcome = await outcome_of(active.run)
            await self._hub.drain(reporter.run_id)
            await self._end_take(active, outcome)
            reporter.ended(outcome.status, outcome.error)
            try:
                if ended is not None:
                    await ended(outcome, reporter)
            finally:
                reporter.finished(outcome.status, outcome.error)
        finally:
            if active.idle is not None:
                active.idle.cancel()
            self._active.pop(reporter.run_id, None)
            self._share_states()
            self._ended.append(reporter.run_id)
            self._clients.forget(reporter.run_id)
            self._tidier.run_ended()

    async def _end_take(self, active: ActiveRun, outcome: Outcome) -> None:
        """End the recording. Whatever goes wrong with it, who watches the run is told afterwards that it has ended."""
        if active.take is None:
            return
        try:
            await self._held.put(active.take.take_id, active.run)
            await self._takes.end(active.take, outcome.status, outcome.error)
        except Exception:
            log.exception("take_not_ended take=%s", active.take.take_id)

    def _share_states(self) -> None:
        """Give every live run its part of the memory for states; those that are ending have given theirs up."""
        live = [active for active in self._active.values() if active.reporter.live]
        for active in live:
            if active.run.status == "running":
                active.run.hold_at_most(share_of(self._limits, len(live)))

    def _generated(self, run_id: str, tick: int) -> float | None:
        active = self._active.get(run_id)
        return active.meter.generated(tick) if active is not None else None

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
