"""Recorded steps: CUDA graphs over static buffers, one per prompt length, kept for the few lengths in use."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["StepGraphs"]

_KEPT = 8
"""Prompt lengths whose graphs are kept; a graph's intermediate results share one pool of memory."""


@dataclass
class _Recorded:
    graph: torch.cuda.CUDAGraph
    result: Tensor


class StepGraphs:
    """Graphs of one cache, since a graph holds the addresses of what it reads and writes."""

    def __init__(self) -> None:
        self._recorded: OrderedDict[tuple[int, int], _Recorded] = OrderedDict()
        self._tried: set[tuple[int, int]] = set()
        self._pool: object | None = None

    def run(self, key: tuple[int, int], step: Callable[[], Tensor]) -> Tensor:
        """Replay the step recorded under `key`. The first time it is merely run, so that libraries choose their kernels
        for its shapes, the second time recorded. The result is overwritten by the next run."""
        if key not in self._tried:
            self._tried.add(key)
            return step()
        if key not in self._recorded:
            self._recorded[key] = self._record(step)
            if len(self._recorded) > _KEPT:
                self._recorded.popitem(last=False)
        self._recorded.move_to_end(key)
        found = self._recorded[key]
        found.graph.replay()
        return found.result

    def _record(self, step: Callable[[], Tensor]) -> _Recorded:
        graph = torch.cuda.CUDAGraph()
        # Recording runs nothing: the state moves on only by the replay that follows.
        # Other threads may go on using the device meanwhile, hence "thread_local".
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):  # type: ignore[arg-type]
            result = step()
        if self._pool is None:
            self._pool = graph.pool()
        return _Recorded(graph, result)
