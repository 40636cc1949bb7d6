"""Latents and frames on their way, shown to whoever records the run."""

from __future__ import annotations

import time
from typing import Any

from nodegraph.engine.context import NodeContext
from nodegraph.engine.protocol import Item, Tap
from nodegraph.graph import PlannedNode

__all__ = ["TAPPED_TYPES", "NodeTap"]

TAPPED_TYPES = frozenset({"LATENT", "FRAMES"})


class NodeTap:
    """Hands the items of one node to the run's tap; does nothing for a node without latents or frames."""

    def __init__(self, planned: PlannedNode, context: NodeContext, tap: Tap | None) -> None:
        self._planned = planned
        self._context = context
        self._ports = [(slot, port.name) for slot, port in enumerate(planned.spec.outputs) if port.type in TAPPED_TYPES]
        self._tap = tap if self._ports else None
        self._begun_s = 0.0

    def begin(self) -> None:
        """Note that the node begins a tick."""
        self._begun_s = time.monotonic()
        self._context.spent_ms = 0.0

    def show(self, tick: int, result: tuple[Any, ...]) -> None:
        """Show what the node made for a tick."""
        if self._tap is None:
            return
        made_s = time.monotonic()
        ms = self._context.spent_ms or (made_s - self._begun_s) * 1000.0
        outputs = {name: result[slot] for slot, name in self._ports}
        self._tap(Item(self._planned.id, self._planned.spec.id, tick, outputs, made_s, ms))
