"""Make a take again from its log, and compare every hash."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nodegraph.engine import Engine, Event, Item, RunRequest
from nodegraph.engine.events import TickDone
from nodegraph.takes.hashes import digest
from nodegraph.takes.header import Facts
from nodegraph.takes.latents import as_float32
from nodegraph.takes.reader import TakeReader
from nodegraph.values import Frames, Latent

__all__ = ["ReplayReport", "replay", "warnings_before"]


@dataclass(frozen=True)
class ReplayReport:
    """How a replay went.

    Attributes:
        equal: every hash of `ticks` ticks came out the same.
        first_difference: {"tick", "node"}, or None; the node is None where the replay ended before.
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
    warnings: tuple[str, ...] = (),
) -> ReplayReport:
    """Run a take's workflow with its controls and edits as fast as it goes.

    Args:
        take: what was recorded.
        engine: should write results to a folder that is thrown away.
        progress: called with ticks done and ticks to do.
        ticks: compare no more than so many.
        warnings: put into the report.

    Raises:
        NodegraphError: a node failed before the last tick was made.
    """
    last = take.tick_count if take.exact else take.header.first_own_tick
    count = last if ticks is None else min(last, ticks)
    hashes = {(r.tick, node): mark for r in take.ticks() if r.tick < count for node, mark in r.hashes.items()}
    if count == 0 or not hashes:
        return ReplayReport(True, 0, 0, None, warnings)
    comparison = _Comparison(hashes, hashes_frames=take.latent_shape is None)

    def on_event(event: Event) -> None:
        if isinstance(event, TickDone):
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
        tap=comparison.on_item,
    )
    run = engine.start(request, on_event)
    outcome = await run.wait()
    if outcome.error is not None and comparison.waiting and not comparison.different:
        raise outcome.error
    found: tuple[int, str | None] | None = min(comparison.different, default=None)
    if found is None and comparison.waiting:
        found = (min(tick for tick, _ in comparison.waiting), None)
    difference = None if found is None else {"tick": found[0], "node": found[1]}
    return ReplayReport(found is None, count, comparison.compared, difference, warnings)


def warnings_before(take: TakeReader, versions: dict[str, str], here: Facts) -> tuple[str, ...]:
    """Say what is different here, so that frames will or may differ.

    Args:
        take: what was recorded.
        versions: as `own_versions` gives them.
        here: the model's facts on this machine; its `size` None where it is not known before the run.
    """
    then = take.header.facts
    found = []
    pairs = (("Device", then.device, here.device), ("Model", then.sha256, here.sha256), ("Size", then.size, here.size))
    for name, old, new in pairs:
        if old and new and old != new:
            found.append(f"{name} differs: {_short(old)} then, {_short(new)} now. Frames will differ.")
    for name in ("torch", "nodegraph"):
        old, new = take.header.versions.get(name), versions.get(name)
        if old and new and old != new:
            found.append(f"{name} differs: {old} then, {new} now. Frames may differ.")
    if not take.exact:
        first = take.header.first_own_tick
        found.append(f"From tick {first} on the take is approximate and cannot be made again; only what is before is.")
    return tuple(found)


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    return str(value)[:24]
