"""What a node makes, timed, and its latents and frames shown to whoever records the run."""

from __future__ import annotations

import time
from typing import Any

from nodegraph.engine.context import NodeContext
from nodegraph.engine.profile import NodeMeter
from nodegraph.engine.protocol import Item, Pace, Tap
from nodegraph.graph import PlannedNode

__all__ = ["TAPPED_TYPES", "NodeTap"]

TAPPED_TYPES = frozenset({"LATENT", "FRAMES"})


class NodeTap:
    """Times the ticks of one node, and hands its items to the run's tap where they hold latents or frames."""

    def __init__(self, planned: PlannedNode, context: NodeContext, tap: Tap | None, pace: Pace | None) -> None:
        self.meter = NodeMeter()
        self._planned = planned
        self._context = context
        self._ports = [(slot, port.name) for slot, port in enumerate(planned.spec.outputs) if port.type in TAPPED_TYPES]
        self._tap = tap if self._ports else None
        self._pace = pace if self._ports else None

    def begin(self) -> None:
        """Note that the node begins a tick."""
        self.meter.begin()
        self._context.spent_ms = 0.0

    def end(self) -> float:
        """Note that it is done with it; return its milliseconds."""
        return self.meter.end(self._context.spent_ms)

    def show(self, tick: int, result: tuple[Any, ...]) -> None:
        """Show what the node made for a tick."""
        ms = self.end()
        if self._tap is None:
            return
        outputs = {name: result[slot] for slot, name in self._ports}
        self._tap(Item(self._planned.id, self._planned.spec.id, tick, outputs, time.monotonic(), ms))

    async def keep_pace(self) -> None:
        """Wait until whoever records the run has room for another item."""
        if self._pace is not None:
            await self._pace()
