"""One run from start to end: values, then streams, then what waits for the streams' ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from nodegraph.engine.channels import ChannelStats
from nodegraph.engine.clock import Clock
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.editing import EditDesk
from nodegraph.engine.events import Outcome, RunFinished, RunStarted, Status
from nodegraph.engine.protocol import Control, Edit, EditReceipt, Receipt, RunState
from nodegraph.engine.states import StateBook
from nodegraph.engine.stream_phase import StreamPhase
from nodegraph.errors import UserInputError
from nodegraph.graph import Plan

__all__ = ["LocalRun"]


_RUNNING: set[LocalRun] = set()
"""Holds on to the runs that go: the event loop itself only keeps weak references to tasks."""


class LocalRun:
    """A run in this process's event loop; see `nodegraph.engine.protocol.Run`."""

    def __init__(
        self,
        desk: EditDesk,
        states: StateBook,
        clock: Clock,
        controls: ControlTable,
        around: Surroundings,
        edits: tuple[Edit, ...],
    ) -> None:
        self._desk = desk
        self._states = states
        self._clock = clock
        self._controls = controls
        self._around = around
        self._edits = edits
        self._streams: StreamPhase | None = None
        self._begun = self._closing = False
        self._stopped = False
        self._status: Status = "running"
        self._task = asyncio.create_task(self._execute(), name=f"run {around.run_id}")
        _RUNNING.add(self)
        self._task.add_done_callback(lambda _: _RUNNING.discard(self))

    @property
    def _plan(self) -> Plan:
        """What is in force now."""
        return self._desk.prepared.plan

    @property
    def run_id(self) -> str:
        """See `Run`."""
        return self._around.run_id

    @property
    def status(self) -> Status:
        """See `Run`."""
        return self._status

    @property
    def document(self) -> Mapping[str, Any]:
        """See `Run`."""
        return self._around.document

    @property
    def control_log(self) -> list[Control]:
        """See `Run`."""
        return list(self._controls.log)

    @property
    def channels(self) -> list[ChannelStats]:
        """What went through each channel so far."""
        return self._streams.stats() if self._streams is not None else []

    def control(self, control: Control) -> Receipt:
        """See `Run`."""
        if self._status != "running" or self._stopped:
            raise UserInputError(
                "bad_request",
                "The run is over and takes no controls.",
                got=self._status,
                remedy="Start another run.",
                node=control.node,
                port=control.input,
            )
        return self._controls.accept(control)

    @property
    def edit_log(self) -> list[Edit]:
        """See `Run`."""
        return list(self._desk.log)

    async def edit(self, edit: Edit) -> EditReceipt:
        """See `Run`."""
        return await self._desk.edit(edit)

    def held(self) -> list[tuple[int, int]]:
        """See `Run`."""
        return self._states.held()

    def hold_at_most(self, budget_bytes: int) -> None:
        """See `Run`."""
        self._states.hold_at_most(budget_bytes)

    async def state_before(self, tick: int) -> RunState | None:
        """See `Run`."""
        return self._states.before(tick)

    def stop(self) -> None:
        """See `Run`."""
        drain = self._streams is not None and self._around.live and self._writes_film() and not self._stopped
        self._stopped = True
        self._desk.values.cancel()
        if drain and self._streams is not None:
            self._streams.stop()
        elif self._begun and not self._closing and not self._task.done():
            self._task.cancel()

    async def wait(self) -> Outcome:
        """See `Run`."""
        return await asyncio.shield(self._task)

    async def _execute(self) -> Outcome:
        self._begun = True  # a task that is cancelled before it begins would never report its end
        self._around.emit(RunStarted(self.run_id, tuple(self._plan.nodes)))
        try:
            if not self._stopped:
                await self._phases()
        except asyncio.CancelledError:
            self._stopped = True
        finally:
            self._closing = True  # a second stop must not cut this short: whoever waits would never learn of the end
            self._clock.stop()
            await self._desk.close()
            self._around.close()
            if self._streams is not None:
                self._streams.dissolve()
        return self._finish()

    async def _phases(self) -> None:
        values, start = self._desk.values, self._states.first
        await values.run()
        if self._plan.streams:
            self._streams = StreamPhase(
                self._plan, self._clock, self._controls, self._around, values.results, values.failed,
                start=start, states=self._states, seen_from=self._controls.seen_from,
            )  # fmt: skip
            self._desk.open(self._streams, self._edits)
            await self._streams.run()
        await self._desk.values.evaluate(self._plan.nodes[node] for node in self._plan.closing)

    def _finish(self) -> Outcome:
        streams = self._streams
        error = self._desk.values.first_error or (streams.first_error if streams is not None else None)
        self._status = "cancelled" if self._stopped else "failed" if error is not None else "succeeded"
        outcome = Outcome(
            status=self._status,
            error=error,
            results=self._around.results,
            ticks_done=streams.ticks_done if streams is not None else 0,
        )
        self._around.emit(RunFinished(outcome))
        return outcome

    def _writes_film(self) -> bool:
        specs = (self._plan.nodes[node].spec for node in self._plan.streams)
        return any(spec.fold and any(port.type == "FILE" for port in spec.outputs) for spec in specs)
