"""The engine that runs workflows in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from nodegraph.engine.cache import ValueCache
from nodegraph.engine.clock import CatchUpClock, Clock, LiveClock, RenderClock
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.editing import EditDesk
from nodegraph.engine.events import Listener
from nodegraph.engine.files import Inputs
from nodegraph.engine.plans import PlanMemo
from nodegraph.engine.protocol import EditKind, PreviewSink, RunRequest, RunState
from nodegraph.engine.run import LocalRun
from nodegraph.engine.states import StateBook
from nodegraph.engine.value_phase import ValuePhase
from nodegraph.graph import Plan, Registry, migrate_document, with_seed
from nodegraph.graph.difference import difference

__all__ = ["DEFAULT_TICKS", "LocalEngine"]

DEFAULT_TICKS = 48
CACHE_ITEMS = 2048


class LocalEngine:
    """Starts runs that share the results of their value nodes.

    Args:
        registry: the node types.
        data_dir: holds `input` (uploads) and `output` (results).
        preview: takes the frames of preview nodes.
        cache_items: how many results of value nodes are kept.
        output_dir: where results go instead of `data_dir/output`.
        live_clock: makes the clock of a live run from its number of ticks.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        data_dir: Path,
        preview: PreviewSink | None = None,
        cache_items: int = CACHE_ITEMS,
        output_dir: Path | None = None,
        live_clock: Callable[[int | None], Clock] = LiveClock,
    ) -> None:
        self._registry = registry
        self._inputs = Inputs(data_dir / "input")
        self._output_dir = output_dir or data_dir / "output"
        self._preview = preview
        self._cache = ValueCache(cache_items)
        self._live_clock = live_clock
        self._plans = PlanMemo(registry, self._inputs)

    def start(self, request: RunRequest, on_event: Listener) -> LocalRun:
        """See `Engine`."""
        seen_from = max(request.start.tick if request.start else 0, request.resume_at or 0)
        start = request.start or RunState(tick=0, document=request.document)
        document = self._as_document(start.document, request.seed)
        prepared = self._plans.get(document, request.targets)
        plan = prepared.plan
        ticks = _ticks(request, plan)
        around = Surroundings(
            run_id=request.run_id,
            live=request.live,
            ticks=ticks,
            document=document,
            inputs=replace(self._inputs, kept=dict(request.files)),
            output_dir=self._output_dir,
            preview=self._preview,
            listener=on_event,
            loop=asyncio.get_running_loop(),
            tap=request.tap,
            pace=request.pace,
            stand_in=request.stand_in,
            seen_from=seen_from,
        )
        controls = ControlTable(plan, ticks, around.emit, first=start.tick, seen_from=seen_from)
        for control in sorted(request.controls, key=lambda found: found.tick or 0):
            controls.replay(control, edits_follow=bool(request.edits))
        clock = self._live_clock(ticks) if request.live else RenderClock(ticks)
        values = ValuePhase(prepared, self._cache, around)
        desk = EditDesk(
            prepared, values, self._plans, self._cache, around, controls, start,
            as_document=partial(self._as_document, seed=request.seed), targets=request.targets,
        )  # fmt: skip
        states = StateBook(
            replace(start, document=document),
            budget_bytes=request.state_budget_bytes,
            every=request.state_every,
            not_before=seen_from if request.stand_in is not None else 0,
            scene=desk.scene,
            emit=around.emit,
        )
        edits = tuple(
            edit for edit in request.edits if request.start is None or (edit.tick or 0) > start.tick
        )  # a state's document has those of its tick
        return LocalRun(desk, states, CatchUpClock(clock, seen_from), controls, around, edits)

    def classify(self, old: dict[str, Any], new: dict[str, Any]) -> tuple[EditKind, tuple[str, ...]]:
        """See `Engine`."""
        plans = [self._plans.get(self._as_document(document, None), ()) for document in (old, new)]
        marks = [prepared.marks(self._inputs) for prepared in plans]
        found = difference(plans[0].plan, plans[1].plan, marks[0], marks[1])
        return found.kind, found.changes

    def _as_document(self, document: dict[str, Any], seed: int | None) -> dict[str, Any]:
        current = migrate_document(document)
        return current if seed is None else with_seed(current, self._registry, seed)


def _ticks(request: RunRequest, plan: Plan) -> int | None:
    if request.ticks is not None or request.live:
        return request.ticks
    return plan.ticks if plan.ticks is not None else DEFAULT_TICKS
