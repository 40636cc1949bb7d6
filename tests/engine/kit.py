"""What the tests of states and edits share: nodes with sessions, a clock moved by hand, and a performance on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from nodegraph.engine import Control, Edit, Event, Item, LocalEngine, Outcome, RunRequest, RunState
from nodegraph.engine.events import TickDone
from nodegraph.graph import Context, Live, Number, Registry, load_registry, node
from nodegraph.values import Frames, Latent
from tests import fakes
from tests.fakes import Value


class StepClock:
    """Releases the ticks that the test allows."""

    def __init__(self, ticks: int | None) -> None:
        self._ticks = ticks
        self._stopped = False
        self._news = asyncio.Event()
        self.allowed = -1

    def allow(self, tick: int) -> None:
        self.allowed = max(self.allowed, tick)
        self._news.set()

    async def wait(self, tick: int) -> bool:
        if self._ticks is not None and tick >= self._ticks:
            return False
        while tick > self.allowed and not self._stopped:
            self._news.clear()
            await self._news.wait()
        return not self._stopped

    def stop(self) -> None:
        self._stopped = True
        self._news.set()


class LatentOut(NamedTuple):
    latent: Latent


class FramesOut(NamedTuple):
    frames: Frames


@node(id="take.step", session=True)
class Step:
    """A session of numbers: every item depends on all that came before, on the seed and on the inputs."""

    def __init__(self) -> None:
        self.state = np.zeros(4, np.int64)

    async def run(
        self, *, tick: AsyncIterator[int], context: Context, a: Live[float] = Live(0.0), seed: int = 0
    ) -> AsyncIterator[LatentOut]:
        async for t in tick:
            fault("step", context)
            self.state[t % 4] += int(a.value * 8) + seed + t
            self.state *= 3
            self.state %= 1_000_003
            yield LatentOut(Latent(tick=t, data=self.state.copy(), generator=None))  # type: ignore[arg-type]

    def snapshot(self) -> dict[str, Any]:
        return {"state": self.state.copy()}

    def restore(self, state: dict[str, Any]) -> None:
        self.state = state["state"].copy()


@node(id="take.decode", session=True)
class Decode:
    """Counts what it has decoded."""

    def __init__(self) -> None:
        self.count = 0

    async def run(self, *, latent: AsyncIterator[Latent], context: Context) -> AsyncIterator[FramesOut]:
        async for item in latent:
            fault("decode", context)
            self.count += 1
            pixels = np.full((1, 2, 2, 3), (int(item.data.sum()) + self.count) % 251, np.uint8)
            yield FramesOut(Frames(tick=item.tick, pixels=pixels))

    def snapshot(self) -> dict[str, Any]:
        return {"count": self.count}

    def restore(self, state: dict[str, Any]) -> None:
        self.count = state["count"]


class _Rig:
    def __init__(self) -> None:
        self.angle = 0.0

    def snapshot(self) -> dict[str, Any]:
        return {"angle": self.angle}

    def restore(self, state: dict[str, Any]) -> None:
        self.angle = state["angle"]


@node(id="take.orbit")
class Orbit(_Rig):
    """A camera that turns."""

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        radius: float = 1.0,
        speed: Live[Annotated[float, Number(ge=-100, le=100)]] = Live(1.0),
    ) -> AsyncIterator[Value]:
        async for _ in tick:
            self.angle += speed.value
            yield Value(self.angle * radius)


@node(id="take.fly")
class Fly(_Rig):
    """Another camera."""

    async def run(self, *, tick: AsyncIterator[int], speed: Live[float] = Live(2.0)) -> AsyncIterator[Value]:
        async for t in tick:
            self.angle += speed.value + t % 3
            yield Value(self.angle)


@node(id="take.gain")
async def gain(
    *, values: AsyncIterator[float], context: Context, factor: Live[float] = Live(2.0)
) -> AsyncIterator[Value]:
    """A stage to put into a wire."""
    async for value in values:
        fault("gain", context)
        yield Value(value * factor.value)


@node(id="take.sum", hidden_state=True)
async def running_sum(*, values: AsyncIterator[float]) -> AsyncIterator[Value]:
    """Remembers where no snapshot reaches."""
    total = 0.0
    async for value in values:
        total += value
        yield Value(total)


@node(id="take.show", output=True)
async def show(*, frames: AsyncIterator[Frames], context: Context) -> None:
    """Keep what it is shown, by node."""
    async for item in frames:
        fault("show", context)
        await context.preview(item, format="jpeg", quality=80)


@node(id="take.meter", output=True)
async def meter(*, values: AsyncIterator[float], context: Context) -> None:
    """Keep numbers, by node."""
    async for value in values:
        await context.preview(Frames(tick=0, pixels=np.array([value])), format="", quality=0)  # type: ignore[arg-type]


SEEN: dict[str, list[Any]] = {}
FAULTS: dict[str, int] = {}
"""Name -> how many ticks of a node of that name may pass before it fails, once."""
ERRORS: dict[str, Callable[[], BaseException]] = {}
"""Name -> what it fails with, where that is not a plain exception."""


def fault(name: str, context: Context) -> None:
    """Fail where the test wants it."""
    if name in FAULTS:
        if FAULTS[name] == 0:
            del FAULTS[name]
            if name in ERRORS:
                raise ERRORS.pop(name)()
            raise RuntimeError(f"{name} broke in {context.node_id}")
        FAULTS[name] -= 1


def registry() -> Registry:
    """Return the nodes above and those of `tests.fakes`."""
    import tests.engine.kit

    found = load_registry([fakes, tests.engine.kit])
    assert not found.faults, found.faults
    return found


NODES: dict[str, Any] = {
    "speed": ("test.number", {"value": 1.0}),
    "camera": "take.orbit",
    "step": ("take.step", {"seed": 3}),
    "decode": "take.decode",
    "show": "take.show",
}
EDGES = (
    "speed.value > camera.speed",
    "camera.value > step.a",
    "step.latent > decode.latent",
    "decode.frames > show.frames",
)


def stage(nodes: dict[str, Any] | None = None, *edges: str, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the workflow above with further nodes and edges, and without those edges."""
    kept = [edge for edge in EDGES if edge not in without]
    return fakes.document({**NODES, **(nodes or {})}, *kept, *edges)


class Performance:
    """One engine; `play` starts a live run whose clock stands until the test moves it."""

    def __init__(self, folder: Path) -> None:
        self.engine = LocalEngine(registry(), data_dir=folder, preview=self, live_clock=self._make_clock)
        self.clock = StepClock(None)
        self.run: Any = None
        self.events: list[Event] = []
        self.items: dict[tuple[str, int], bytes] = {}
        self._news = asyncio.Event()

    def _make_clock(self, ticks: int | None) -> StepClock:
        self.clock = StepClock(ticks)
        return self.clock

    def play(self, document: dict[str, Any], *, live: bool = True, **request: Any) -> Any:
        """Start a run; what an earlier one left is forgotten."""
        self.events, self.items = [], {}
        SEEN.clear()
        self.run = self.engine.start(
            RunRequest(run_id="take", document=document, live=live, tap=self._tap, **request), self._listen
        )
        return self.run

    async def to(self, tick: int) -> None:
        """Let the run go on until a tick is done."""
        self.clock.allow(tick)
        await asyncio.wait_for(self._until(lambda: any(e.tick >= tick for e in self.seen(TickDone))), 20)

    async def until(self, kind: type[Any]) -> Any:
        """Wait for the first event of one kind."""
        await asyncio.wait_for(self._until(lambda: bool(self.seen(kind))), 20)
        return self.seen(kind)[0]

    async def edit(self, document: dict[str, Any], **rest: Any) -> Any:
        return await asyncio.wait_for(self.run.edit(Edit(id="edit", document=document, **rest)), 20)

    def control(self, node: str, name: str, value: Any, tick: int | None = None) -> int:
        receipt = self.run.control(Control(id="c", node=node, input=name, value=value, tick=tick))
        assert isinstance(receipt.tick, int)
        return receipt.tick

    async def end(self) -> Outcome:
        self.run.stop()
        outcome = await asyncio.wait_for(self.run.wait(), 20)
        assert isinstance(outcome, Outcome)
        return outcome

    def seen(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    async def replayed(
        self, document: dict[str, Any], ticks: int, start: RunState | None = None, **request: Any
    ) -> dict[tuple[str, int], bytes]:
        """Run the logs of the newest run again as a render, from the start or from a state; return the items."""
        logs = {"controls": tuple(self.run.control_log), "edits": tuple(self.run.edit_log)}
        other = Performance.__new__(Performance)
        other.engine, other.run, other._news, other.clock = self.engine, None, asyncio.Event(), self.clock
        run = other.play(document, live=False, ticks=ticks, start=start, **{**logs, **request})
        outcome = await asyncio.wait_for(run.wait(), 20)
        assert outcome.status == "succeeded", outcome.error
        return other.items

    async def _until(self, ready: Any) -> None:
        while not ready():
            self._news.clear()
            await self._news.wait()

    def offer(self, run_id: str, node_id: str, frames: Frames, *, format: str, quality: int) -> None:
        """Note the tick of frames and the value of a meter; a dry run shows nothing."""
        SEEN.setdefault(node_id, []).append(frames.tick if format else frames.pixels[0])

    def _listen(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    def _tap(self, item: Item) -> None:
        value = next(iter(item.outputs.values()))
        assert (item.node, item.tick) not in self.items, "one item a tick"
        self.items[item.node, item.tick] = (value.data if isinstance(value, Latent) else value.pixels).tobytes()


def tail(items: dict[tuple[str, int], bytes], tick: int, end: int = 10**9) -> dict[tuple[str, int], bytes]:
    """Return the items of the ticks from `tick` to before `end`."""
    return {key: value for key, value in items.items() if tick <= key[1] < end}
