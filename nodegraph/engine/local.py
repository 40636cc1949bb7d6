"""The engine that runs workflows in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nodegraph.engine.cache import ValueCache
from nodegraph.engine.clock import Clock, LiveClock, RenderClock
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.events import Listener
from nodegraph.engine.plans import PlanMemo
from nodegraph.engine.protocol import EditKind, PreviewSink, RunRequest
from nodegraph.engine.run import LocalRun
from nodegraph.graph import Plan, Registry, migrate_document, with_seed

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
        self._input_dir = data_dir / "input"
        self._output_dir = output_dir or data_dir / "output"
        self._preview = preview
        self._cache = ValueCache(cache_items)
        self._live_clock = live_clock
        self._plans = PlanMemo(registry, self._input_dir)

    def start(self, request: RunRequest, on_event: Listener) -> LocalRun:
        """See `Engine`."""
        document = migrate_document(request.document)
        if request.seed is not None:
            document = with_seed(document, self._registry, request.seed)
        prepared = self._plans.get(document, request.targets)
        plan = prepared.plan
        ticks = _ticks(request, plan)
        around = Surroundings(
            run_id=request.run_id,
            live=request.live,
            ticks=ticks,
            document=document,
            input_dir=self._input_dir,
            output_dir=self._output_dir,
            preview=self._preview,
            listener=on_event,
            loop=asyncio.get_running_loop(),
            tap=request.tap,
        )
        controls = ControlTable(plan, ticks, around.emit)
        for control in request.controls:
            controls.accept(control)
        clock = self._live_clock(ticks) if request.live else RenderClock(ticks)
        return LocalRun(prepared, clock, controls, around, self._cache)

    def classify(self, old: dict[str, Any], new: dict[str, Any]) -> tuple[EditKind, tuple[str, ...]]:
        """See `Engine`."""
        for document in (old, new):
            self._plans.get(migrate_document(document), ())
        return "cold", ()


def _ticks(request: RunRequest, plan: Plan) -> int | None:
    if request.ticks is not None or request.live:
        return request.ticks
    return plan.ticks if plan.ticks is not None else DEFAULT_TICKS
