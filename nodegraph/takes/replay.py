"""Make a take again from its log, and compare every hash."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nodegraph.engine import Engine, Event, Item, RunRequest
from nodegraph.engine.events import NodeFailed, TickDone
from nodegraph.takes.hashes import digest
from nodegraph.takes.header import Facts
from nodegraph.takes.latents import as_float32
from nodegraph.takes.reader import TakeReader
from nodegraph.values import Frames, Latent

__all__ = ["ReplayReport", "differences", "replay", "warnings_before"]


@dataclass(frozen=True)
class ReplayReport:
    """How a replay went.

    Attributes:
        equal: every hash of `ticks` ticks came out the same.
        first_difference: {"tick", "node", "why"}, or None; the node is None where the replay ended before.
        warnings: what was different from the start.
    """

    equal: bool
    ticks: int
    hashes: int
    first_difference: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()


@dataclass
class _Comparison:
    """Hashes that have not come yet, by tick and node."""

    waiting: dict[tuple[int, str], str]
    hashes_frames: bool
    compared: int = 0
    different: list[tuple[int, str]] = field(default_factory=list)
    failed: list[NodeFailed] = field(default_factory=list)

    def on_item(self, item: Item) -> None:
        """Compare what a node made with what it made then."""
        known = self.waiting.pop((item.tick, item.node), None)
        if known is None:
            return
        values = item.outputs.values()
        arrays: list[Any] = [as_float32(value.data) for value in values if isinstance(value, Latent)]
        if not arrays and self.hashes_frames:
            arrays = [value.pixels for value in values if isinstance(value, Frames)]
        self.compared += 1
        if digest(arrays) != known:
            self.different.append((item.tick, item.node))


async def replay(
    take: TakeReader,
    engine: Engine,
    progress: Callable[[int, int], None] | None = None,
    *,
    ticks: int | None = None,
    inputs: Path | None = None,
    warnings: tuple[str, ...] = (),
) -> ReplayReport:
    """Run a take's workflow with its controls and edits as fast as it goes.

    Args:
        take: what was recorded.
        engine: should write results to a folder that is thrown away.
        progress: called with ticks done and ticks to do.
        ticks: compare no more than so many.
        inputs: where to look for uploaded files that the take does not keep itself.
        warnings: put into the report.

    Raises:
        NodegraphError: not_found, where uploaded files are missing.
    """
    last = take.tick_count if take.approximate_from is None else min(take.approximate_from, take.tick_count)
    count = last if ticks is None else min(last, ticks)
    hashes = {(r.tick, node): mark for r in take.ticks() if r.tick < count for node, mark in r.hashes.items()}
    if count == 0 or not hashes:
        return ReplayReport(True, 0, 0, None, warnings)
    comparison = _Comparison(hashes, hashes_frames=take.latent_shape is None)

    def on_event(event: Event) -> None:
        if isinstance(event, NodeFailed):
            comparison.failed.append(event)
        elif isinstance(event, TickDone):
            if progress is not None:
                progress(event.tick + 1, count)
            if comparison.different:
                run.stop()

    request = RunRequest(
        run_id=uuid.uuid4().hex,
        document=take.header.document,
        live=False,
        ticks=count,
        controls=tuple(c for c in take.controls() if c.tick is not None and c.tick < count),
        edits=tuple(e for e in take.edits() if e.tick is not None and e.tick < count),
        targets=tuple(take.header.settings.get("targets", ())),
        files=take.files(inputs).require(),
        tap=comparison.on_item,
    )
    run = engine.start(request, on_event)
    await run.wait()
    return _judged(take, comparison, count, warnings)


def _judged(take: TakeReader, comparison: _Comparison, count: int, warnings: tuple[str, ...]) -> ReplayReport:
    if comparison.different:
        tick, node = min(comparison.different)
        why = _lost_before(take, tick) or _replaced_before(take, tick) or "it came out differently"
        return _unequal(comparison, count, warnings, tick, node, why)
    if not comparison.waiting:
        return ReplayReport(True, count, comparison.compared, None, warnings)
    tick = min(tick for tick, _ in comparison.waiting)
    fault = comparison.failed[0] if comparison.failed else None
    if fault is None:
        return _unequal(comparison, count, warnings, tick, None, _lost_before(take, tick) or "the replay ended before")
    if fault.tick is not None and fault.tick <= tick and _ended_with(take, fault):
        told = f"Node {fault.node} failed at tick {fault.tick}, as it did then: later ticks cannot be compared."
        return ReplayReport(True, tick, comparison.compared, None, (*warnings, told))
    why = f"node {fault.node} failed in the replay: {fault.error}"
    lost = _lost_before(take, tick)
    return _unequal(comparison, count, warnings, tick, None, f"{lost}; {why}" if lost else why)


def _unequal(
    comparison: _Comparison, count: int, warnings: tuple[str, ...], tick: int, node: str | None, why: str
) -> ReplayReport:
    return ReplayReport(False, count, comparison.compared, {"tick": tick, "node": node, "why": why}, warnings)


def _ended_with(take: TakeReader, fault: NodeFailed) -> bool:
    """Tell whether the take had the same failure, and nothing brought the node back."""
    assert fault.tick is not None, "asked for nodes that had begun"
    same = (fault.node, fault.tick, fault.error.code)
    back = any(edit.tick is not None and edit.tick > fault.tick for edit in take.edits())
    return not back and any((then.node, then.tick, then.code) == same for then in take.failures())


def _replaced_before(take: TakeReader, tick: int) -> str | None:
    """Say which uploaded file was another one from some tick on: a replay reads the first of a name."""
    uploads = take.uploads()
    for index, upload in enumerate(uploads):
        if upload.tick <= tick and any(upload.value == other.value for other in uploads[:index]):
            return f"the uploaded file {upload.value} was replaced at tick {upload.tick}"
    return None


def _lost_before(take: TakeReader, tick: int) -> str | None:
    """Say which failure of then lies before a tick: a replay does not lose the ticks that were lost with it."""
    before = [then for then in take.failures() if then.tick is not None and then.tick <= tick]
    if not before:
        return None
    last = before[-1]
    return f"node {last.node} had failed at tick {last.tick} ({last.message}), and what was lost then is not repeated"


def warnings_before(take: TakeReader, versions: dict[str, str], here: Facts) -> tuple[str, ...]:
    """Say what is different here, so that frames will or may differ.

    Args:
        take: what was recorded.
        versions: as `own_versions` gives them.
        here: the model's facts on this machine; its `size` None where it is not known before the run.
    """
    found = [f"{difference}. Frames will differ." for difference in differences(take.header.facts, here)]
    for name in ("torch", "nodegraph"):
        old, new = take.header.versions.get(name), versions.get(name)
        if old and new and old != new:
            found.append(f"{name} differs: {old} then, {new} now. Frames may differ.")
    if take.approximate_from is not None:
        told = "on the take is approximate and cannot be made again; only what is before is."
        found.append(f"From tick {take.approximate_from} {told}")
    return tuple(found)


def differences(then: Facts, here: Facts) -> list[str]:
    """Say what decides about frames and is not as it was; what is not known is left out."""
    pairs = (("Device", then.device, here.device), ("Model", then.sha256, here.sha256), ("Size", then.size, here.size))
    return [
        f"{name} differs: {_short(old)} then, {_short(new)} now"
        for name, old, new in pairs
        if old and new and old != new
    ]


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return str(value)[:24]
