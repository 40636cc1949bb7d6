"""A dry run of the nodes that an edit brings: one tick beside the run, on the newest items of the nodes they join."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nodegraph.engine.clock import RenderClock
from nodegraph.engine.context import Surroundings
from nodegraph.engine.controls import ControlTable
from nodegraph.engine.events import Event
from nodegraph.engine.protocol import RunState
from nodegraph.engine.stream_phase import StreamPhase
from nodegraph.engine.workers import Workers
from nodegraph.graph import Plan

__all__ = ["rehearse"]


async def rehearse(
    plan: Plan,
    added: tuple[str, ...],
    values: Mapping[str, tuple[Any, ...]],
    failed: set[str],
    newest: Mapping[str, tuple[Any, ...]],
    around: Surroundings,
    tick: int,
) -> None:
    """Try out the nodes of `added` for one tick, on objects of their own; what they write goes nowhere.

    Args:
        newest: the newest items of the nodes that go on. A node behind one that has made none yet is not tried.

    Raises:
        NodegraphError: a node failed.
    """
    nodes = _ready(plan, added, newest)
    if not nodes:
        return
    with tempfile.TemporaryDirectory(prefix="nodegraph-") as folder:
        scratch = _scratch(around, Path(folder), tick)
        phase = StreamPhase(
            plan,
            RenderClock(tick + 1),
            ControlTable(plan, None, scratch.emit, first=tick),
            scratch,
            {**values, **newest},
            set(failed),
            start=RunState(tick=tick, document=dict(plan.document)),
            only=nodes,
        )
        try:
            await phase.run()
        finally:
            scratch.close()
    if phase.first_error is not None:
        raise phase.first_error


def _ready(plan: Plan, added: tuple[str, ...], newest: Mapping[str, tuple[Any, ...]]) -> list[str]:
    ready: list[str] = []
    for node in added:
        planned = plan.nodes[node]
        feeding = [
            wire.source
            for name, wire in planned.wires.items()
            if wire.source in plan.streams and planned.listens(name, True)
        ]
        if all(source in ready or source in newest for source in feeding):
            ready.append(node)
    return ready


def _scratch(around: Surroundings, folder: Path, tick: int) -> Surroundings:
    return replace(
        around,
        ticks=tick + 1,
        output_dir=folder,
        preview=None,
        tap=None,
        pace=None,
        listener=_ignore,
        loop=asyncio.get_running_loop(),
        workers=Workers(),
        results={},
        reserved=[],
        timings=defaultdict(dict),
    )


def _ignore(event: Event) -> None:
    """What a dry run reports concerns nobody; its error is raised."""
