"""The engine's side of `nodegraph.graph.Context`: one per node, all of a run sharing one `Surroundings`."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from nodegraph.engine.events import Event, Listener, NodeProgress, NodeResult
from nodegraph.engine.files import Inputs, reserve_output
from nodegraph.engine.protocol import Pace, PreviewSink, Tap
from nodegraph.engine.workers import DEVICES, Workers
from nodegraph.graph.context import Stage
from nodegraph.values import Frames, Generator, SavedFile

__all__ = ["NodeContext", "Surroundings"]

R = TypeVar("R")


@dataclass
class Surroundings:
    """What all nodes of a run share.

    Attributes:
        results: files by node, as they were announced.
        reserved: output files that were created; those still empty at the end of the run are removed.
        stand_in: puts something else in the place of a generator that was loaded.
        tap: is shown every item with latents or frames.
        pace: lets the node that made one go on.
        seen_from: ticks before it are replayed and not shown.
        timings: tick -> stage -> ms, for ticks that are not done yet.
    """

    run_id: str
    live: bool
    ticks: int | None
    document: Mapping[str, Any]
    inputs: Inputs
    output_dir: Path
    preview: PreviewSink | None
    listener: Listener
    loop: asyncio.AbstractEventLoop
    workers: Workers = field(default_factory=Workers)
    results: dict[str, list[SavedFile]] = field(default_factory=dict)
    tap: Tap | None = None
    pace: Pace | None = None
    stand_in: Callable[[Generator], Generator] | None = None
    seen_from: int = 0
    reserved: list[Path] = field(default_factory=list)
    timings: dict[int, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))

    def emit(self, event: Event) -> None:
        """Tell the listener, from any thread."""
        try:
            here = asyncio.get_running_loop() is self.loop
        except RuntimeError:
            here = False
        if here:
            self.listener(event)
        else:
            self.loop.call_soon_threadsafe(self.listener, event)

    def close(self) -> None:
        """Let threads end and remove output files that were reserved but never written."""
        self.workers.close()
        for path in self.reserved:
            if path.is_file() and path.stat().st_size == 0:
                path.unlink()


class NodeContext:
    """`Context` for one node. `tick` is the tick that the node works on, `spent_ms` what it reported to have computed
    for it; both are kept up to date by the stream phase."""

    def __init__(self, around: Surroundings, node: str, thread: str) -> None:
        self._around = around
        self._thread = thread
        self.node_id = node
        self.tick = 0
        self.spent_ms = 0.0

    @property
    def run_id(self) -> str:
        """See `Context`."""
        return self._around.run_id

    @property
    def live(self) -> bool:
        """See `Context`."""
        return self._around.live

    @property
    def ticks(self) -> int | None:
        """See `Context`."""
        return self._around.ticks

    @property
    def workflow(self) -> Mapping[str, Any]:
        """See `Context`."""
        return self._around.document

    def progress(self, done: float, total: float | None = None) -> None:
        """See `Context`."""
        self._around.emit(NodeProgress(self.node_id, done, total))

    async def preview(self, frames: Frames, *, format: str, quality: int) -> None:
        """See `Context`."""
        if self._around.preview is not None and self.tick >= self._around.seen_from:
            self._around.preview.offer(self.run_id, self.node_id, frames, format=format, quality=quality)

    def reserve_output(self, prefix: str, suffix: str) -> SavedFile:
        """See `Context`."""
        saved = reserve_output(self._around.output_dir, prefix, suffix)
        self._around.reserved.append(saved.path)
        return saved

    def input_path(self, name: str) -> Path:
        """See `Context`."""
        return self._around.inputs.path(name)

    def result(self, saved: SavedFile) -> None:
        """See `Context`."""
        self._around.results.setdefault(self.node_id, []).append(saved)
        self._around.emit(NodeResult(self.node_id, saved))

    async def work(self, fn: Callable[..., R], *args: Any) -> R:
        """See `Context`."""
        return await self._around.workers.call(self._thread, fn, *args)

    async def compute(self, device: str, fn: Callable[..., R], *args: Any) -> R:
        """See `Context`."""
        return await DEVICES.call(device, fn, *args)

    def timing(self, stage: Stage, ms: float) -> None:
        """See `Context`."""
        stages = self._around.timings[self.tick]
        stages[stage] = stages.get(stage, 0.0) + ms
        self.spent_ms += ms
