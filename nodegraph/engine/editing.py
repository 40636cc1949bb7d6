"""Edits of a run that goes on: judged, tried out, put in force between two ticks, and taken back where they fail."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nodegraph.engine.cache import ValueCache
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.events import EditApplied, EditRolledBack, Event, NodeFailed
from nodegraph.engine.jobs import Job
from nodegraph.engine.plans import PlanMemo, Prepared
from nodegraph.engine.protocol import Edit, EditReceipt, Retired, RunState
from nodegraph.engine.rehearsal import rehearse
from nodegraph.engine.states import Scene
from nodegraph.engine.stream_phase import StreamPhase
from nodegraph.engine.swap import swap
from nodegraph.engine.value_phase import ValuePhase
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph.difference import Difference, difference

__all__ = ["EditDesk"]


@dataclass
class _Trial:
    """An edit whose new nodes have not all done their first tick, and the way back."""

    id: str
    before: Prepared
    values: ValuePhase
    pending: set[str]
    swap: int


class EditDesk:
    """Takes the edits of one run, one after the other.

    Args:
        prepared: the plan that the run begins with.
        values: its value nodes.
        as_document: brings a workflow up to date and puts the run's seed into it.
        targets: output nodes that the run is for.
        start: the state that the run begins with.

    Attributes:
        prepared, values: what is in force now.
        log: the edits that were applied.
        retired: last states of nodes that were taken out.
    """

    def __init__(
        self,
        prepared: Prepared,
        values: ValuePhase,
        plans: PlanMemo,
        cache: ValueCache,
        around: Surroundings,
        controls: ControlTable,
        start: RunState,
        *,
        as_document: Callable[[dict[str, Any]], dict[str, Any]],
        targets: tuple[str, ...],
    ) -> None:
        self.prepared = prepared
        self.values = values
        self.log: list[Edit] = []
        self.retired: dict[str, Retired] = dict(start.retired)
        self._plans = plans
        self._cache = cache
        self._around = around
        self._controls = controls
        self._start = start
        self._as_document = as_document
        self._targets = targets
        self._first_document: dict[str, Any] = dict(around.document)
        self._phase: StreamPhase | None = None
        self._opened = asyncio.Event()
        self._closed = False
        self._lock = asyncio.Lock()
        self._replay: deque[Edit] = deque()
        self._trial: _Trial | None = None
        self._swaps = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def scene(self, tick: int) -> Scene:
        """Return what belongs to the state before a tick, besides what its nodes know."""
        document = self._first_document
        for edit in self.log:
            if edit.tick is not None and edit.tick <= tick:
                document = edit.document
        exact = self._phase is not None and not self._phase.errors
        return Scene(document, dict(self.retired), exact)

    def open(self, phase: StreamPhase, edits: Iterable[Edit]) -> None:
        """Begin to take edits, and to replay those of an earlier run; called before the first tick."""
        self._phase = phase
        phase.on_fault = self._on_fault
        phase.on_proof = self._on_proof
        self._replay = deque(sorted((edit for edit in edits if edit.tick is not None), key=_tick_of))
        warm = self._next_warm()
        if warm is None:
            self._opened.set()
        else:
            phase.line.draw(_tick_of(warm[0]))
            self._spawn(self._replay_from(*warm))

    async def close(self) -> None:
        """Take no more edits; what waits for a tick learns that the run is over."""
        self._closed = True
        self._opened.set()
        if self._phase is not None:
            self._phase.line.give_up(_over())
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def edit(self, edit: Edit) -> EditReceipt:
        """See `Run`."""
        await self._opened.wait()
        async with self._lock:
            phase = self._open_phase()
            target = self._plans.get(self._as_document(edit.document), self._targets)
            change = self._change(target)
            if change.kind == "cold":
                return EditReceipt(edit.id, "cold", self._controls.next_tick, change.changes)
            if change.kind == "hot":
                tick = self._bound(edit)
                self._apply_hot(edit.id, target, change, tick)
                return EditReceipt(edit.id, "hot", tick, change.changes)
            values = await self._evaluated(target)
            newest = {n: job.outlet.last for n, job in phase.jobs.items() if n in change.kept and job.outlet.last}
            tick = self._bound(edit)
            await rehearse(target.plan, change.added, values.results, values.failed, newest, self._around, tick)
            tick = await self._apply_warm(edit.id, target, values, self._bound(edit))
            return EditReceipt(edit.id, "warm", tick, change.changes)

    def _open_phase(self) -> StreamPhase:
        if self._closed or self._phase is None:
            raise _over()
        return self._phase

    def _bound(self, edit: Edit) -> int:
        """Return the tick of an edit: nobody has begun it, and no earlier edit takes effect after it."""
        last = _tick_of(self.log[-1]) if self.log else 0
        return max(self._controls.next_tick, edit.tick or 0, last)

    def _change(self, target: Prepared) -> Difference:
        phase = self._open_phase()
        broken = [node for node, job in phase.jobs.items() if job.error is not None]
        new_marks = target.marks(self._around.inputs)
        return difference(self.prepared.plan, target.plan, self.values.marks, new_marks, broken)

    async def _evaluated(self, target: Prepared) -> ValuePhase:
        """Evaluate the new plan's values.

        Raises:
            NodegraphError: one failed that is new; those that had failed before may do so again.
        """
        around = replace(self._around, document=target.plan.document, listener=self._listen_quietly)
        values = ValuePhase(target, self._cache, around, self.values.known())
        await values.run()
        if values.first_error is not None and not values.failed <= self.values.failed:
            raise values.first_error
        return values

    def _listen_quietly(self, event: Event) -> None:
        if not isinstance(event, NodeFailed):
            self._around.listener(event)

    def _apply_hot(self, edit_id: str, target: Prepared, change: Difference, tick: int) -> None:
        phase = self._open_phase()
        self._controls.schedule(edit_id, change.values, tick)
        self._controls.replan(target.plan, tick, ())
        phase.plan = target.plan
        for node, job in phase.jobs.items():
            job.planned = target.plan.nodes[node]
        if phase.states is not None:
            phase.states.forget(tick)
        self._in_force(edit_id, target, tick)
        if tick >= self._controls.seen_from:
            self._around.emit(EditApplied(edit_id, "hot", tick, 0.0))

    async def _apply_warm(self, edit_id: str, target: Prepared, values: ValuePhase, tick: int) -> int:
        phase = self._open_phase()
        phase.line.draw(tick)
        phase.idle.check()
        try:
            tick = await phase.line.reached()
            self._settle()
            before = self.prepared, self.values
            self._try(edit_id, self._swap(target, values, tick, {}), *before)
            self._in_force(edit_id, target, tick)
        finally:
            gap_ms = phase.line.lift()
            phase.wake()
        self._around.emit(EditApplied(edit_id, "warm", tick, gap_ms))
        return tick

    def _swap(self, target: Prepared, values: ValuePhase, tick: int, back: Mapping[str, Job]) -> list[str]:
        phase = self._open_phase()
        fresh = swap(
            phase,
            target.plan,
            values.results,
            values.failed,
            self._change(target),
            tick,
            marks=(self.values.marks, values.marks),
            retired=self.retired,
            back=back,
        )
        self.values = values
        self._swaps += 1
        return fresh

    def _in_force(self, edit_id: str, target: Prepared, tick: int) -> None:
        self.prepared = target
        document = dict(target.plan.document)
        self._around.document = document
        self.log.append(Edit(id=edit_id, document=document, tick=tick))

    def _try(self, edit_id: str, fresh: list[str], prepared: Prepared, values: ValuePhase) -> None:
        """Watch the new nodes through their first tick, and keep the old ones for a way back."""
        phase = self._open_phase()
        if not fresh:
            phase.let_go()
            return
        for node in fresh:
            phase.jobs[node].on_trial = True
        self._trial = _Trial(edit_id, prepared, values, set(fresh), self._swaps)

    def _settle(self) -> None:
        """There is no way back any more."""
        trial, self._trial = self._trial, None
        phase = self._open_phase()
        if trial is not None:
            for node in trial.pending & set(phase.jobs):
                phase.jobs[node].on_trial = False
        phase.let_go()

    def _on_proof(self, job: Job) -> None:
        job.on_trial = False
        if self._trial is not None:
            self._trial.pending.discard(job.id)
            if not self._trial.pending:
                self._settle()

    def _on_fault(self, job: Job, error: NodegraphError) -> bool:
        trial = self._trial
        if trial is None or not job.on_trial or self._closed:
            return False
        self._trial = None
        self._spawn(self._roll_back(trial, error))
        return True

    async def _roll_back(self, trial: _Trial, error: NodegraphError) -> None:
        async with self._lock:
            phase = self._open_phase()
            if self._swaps != trial.swap:
                return  # a later edit has begun the node again
            phase.line.draw(self._controls.next_tick)
            phase.idle.check()
            try:
                tick = await phase.line.reached()
                for job in phase.jobs.values():
                    job.on_trial = False
                back = {job.id: job for job in phase.retained}
                self._swap(trial.before, trial.values, tick, back)
                phase.let_go()
                self._in_force(f"{trial.id}/rollback", trial.before, tick)
            finally:
                phase.line.lift()
                phase.wake()
            self._around.emit(EditRolledBack(trial.id, tick, error))

    def _next_warm(self) -> tuple[Edit, Prepared] | None:
        """Schedule the values of the next logged edits, up to the first that changes nodes or wires; return that."""
        while self._replay:
            edit = self._replay.popleft()
            target = self._plans.get(self._as_document(edit.document), self._targets)
            change = self._change(target)
            if change.kind != "hot":
                return edit, target
            self._apply_hot(edit.id, target, change, _tick_of(edit))
        return None

    async def _replay_from(self, edit: Edit, target: Prepared) -> None:
        """Put logged edits in force at their ticks, this one first; its line is drawn."""
        phase = self._open_phase()
        following: tuple[Edit, Prepared] | None = edit, target
        while following is not None:
            edit, target = following
            try:
                values = await self._evaluated(target)
                tick = await phase.line.reached()
                self._swap(target, values, tick, {})
                phase.let_go()
                self._in_force(edit.id, target, tick)
                if tick >= self._controls.seen_from:
                    self._around.emit(EditApplied(edit.id, "warm", tick, 0.0))
            except NodegraphError as error:
                self._around.emit(EditRolledBack(edit.id, _tick_of(edit), error))
            following = None if self._closed else self._next_warm()
            if following is None:
                phase.line.lift()
            else:
                phase.line.draw(_tick_of(following[0]))
            phase.wake()
        self._opened.set()

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, UserInputError):
            raise error


def _tick_of(edit: Edit) -> int:
    assert edit.tick is not None, "logged edits have a tick"
    return edit.tick


def _over() -> UserInputError:
    return UserInputError(
        "bad_request", "The run is over and takes no edits.", remedy="Start another run with the edited workflow."
    )
