"""Fakes that several tests share: a time that only moves when somebody waits, and a pack of small nodes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from nodegraph.engine import Control, Event, LocalEngine, Outcome, RunRequest
from nodegraph.engine.clock import LiveClock
from nodegraph.errors import NodegraphError
from nodegraph.graph import Choice, Context, File, Live, Number, Registry, Seed, Text, load_registry, node
from nodegraph.values import Camera, Frames, SavedFile


class FakeTime:
    """Seconds that pass only in `sleep`; every sleeper gets its turn. `slept` records how long each one waited."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds
        await asyncio.sleep(0)


class Value(NamedTuple):
    value: float


class Seeded(NamedTuple):
    seed: int


class Words(NamedTuple):
    text: str


class View(NamedTuple):
    camera: Camera


class Anything(NamedTuple):
    value: Any


class Saved(NamedTuple):
    file: SavedFile


@node(id="test.number")
def number(*, value: Live[Annotated[float, Number(ge=-100, le=100)]] = Live(1.0)) -> Value:
    """A number that follows its control."""
    return Value(value.value)


@node(id="test.add")
def add(*, a: float = 0.0, b: Annotated[float, Number(ge=-5, le=5)] = 1.0) -> Value:
    """Add two numbers."""
    CALLS.append("add")
    return Value(a + b)


CALLS: list[str] = []
"""Which value nodes ran, in order; tests clear it."""


@node(id="test.add_once", lift=False)
def add_once(*, a: float, b: float = 0.0) -> Value:
    """Add two numbers, once."""
    return Value(a + b)


@node(id="test.add_async")
async def add_async(*, a: float, b: float = 0.0, context: Context) -> Value:
    """Add two numbers in a worker thread."""
    return Value(await context.work(lambda: a + b))


@node(id="test.pass")
def pass_on(*, value: Any) -> Anything:
    """Hand on whatever comes."""
    return Anything(value)


@node(id="test.seed")
def seed(*, seed: Annotated[int, Seed()] = 0) -> Seeded:
    """A seed."""
    return Seeded(seed)


@node(id="test.words")
def words(
    *, text: Annotated[str, Text(multiline=True)], style: Annotated[str, Choice(options=("a", "b"))] = "a"
) -> Words:
    """A text that must be given."""
    return Words(f"{text}/{style}")


@node(id="test.camera")
def camera() -> View:
    """A camera."""
    return View(Camera())


@node(id="test.look")
def look(*, camera: Camera | None = None) -> View:
    """Hand on a camera, or the one at home."""
    return View(camera or Camera())


@node(id="test.fail")
def fail(
    *, a: float = 0.0, kind: Annotated[str, Choice(options=("plain", "memory", "user", "exit", "device"))] = "plain"
) -> Value:
    """Fail in the asked way."""
    raise_as(kind)
    return Value(a)


def raise_as(kind: str) -> None:
    """Raise what a node of real life might raise."""
    if kind == "memory":
        raise MemoryError
    if kind == "user":
        raise NodegraphError("out_of_range", "Too big.", port="a", remedy="Make it smaller.")
    if kind == "exit":
        raise SystemExit(3)
    if kind == "device":
        raise OutOfMemoryError("CUDA out of memory")
    raise RuntimeError("broken inside")


class OutOfMemoryError(RuntimeError):
    """Named like torch's."""


@node(id="test.wrong")
def wrong() -> Value:
    """Return something else than declared."""
    return 7  # type: ignore[return-value]


@node(id="test.show", output=True)
def show(*, value: Any) -> Anything:
    """Show one value."""
    SHOWN.append(value)
    return Anything(value)


SHOWN: list[Any] = []
"""What `test.show` and `test.collect` showed; tests clear it."""


@node(id="test.count")
async def count(*, tick: AsyncIterator[int], step: Live[float] = Live(1.0), limit: int = 10**9) -> AsyncIterator[Value]:
    """Count up by `step` every tick, for at most `limit` ticks."""
    total = 0.0
    async for t in tick:
        if t >= limit:
            return
        total += step.value
        yield Value(total)


@node(id="test.lfo")
async def lfo(*, scale: Live[float] = Live(1.0)) -> AsyncIterator[Value]:
    """A stream without a tick parameter: the engine moves it on."""
    t = 0
    while True:
        yield Value(scale.value * t)
        t += 1


@node(id="test.filter")
class Filter:
    """A stateful stage that works in a thread: half of what was, plus what comes."""

    def __init__(self) -> None:
        self.state = 0.0

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        a: Live[float] = Live(0.0),
        b: Live[float | None] = Live(None),
        context: Context,
    ) -> AsyncIterator[Value]:
        async for _ in tick:
            self.state = await context.work(self._next, a.value + (b.value or 0.0))
            context.timing("step", 2.0)
            yield Value(self.state)

    def _next(self, value: float) -> float:
        return self.state * 0.5 + value

    def snapshot(self) -> dict[str, Any]:
        return {"state": self.state}

    def restore(self, state: dict[str, Any]) -> None:
        self.state = state["state"]


@node(id="test.scale")
async def scale(*, values: AsyncIterator[float], factor: Live[float] = Live(1.0)) -> AsyncIterator[Value]:
    """Multiply a stream."""
    async for value in values:
        yield Value(value * factor.value)


@node(id="test.pair")
async def pair(*, left: AsyncIterator[float], right: AsyncIterator[float]) -> AsyncIterator[Anything]:
    """Join two streams by reading them in turn."""
    async for value in left:
        yield Anything((value, await anext(right)))


@node(id="test.hold")
async def hold(*, values: AsyncIterator[float], ticks: int = 4) -> AsyncIterator[Value]:
    """Read `ticks` items before handing on the first of them."""
    held: list[float] = []
    async for value in values:
        held.append(value)
        if len(held) == ticks:
            for item in held:
                yield Value(item)
            held.clear()


@node(id="test.break")
async def break_at(*, values: AsyncIterator[float], at: int = 3, kind: str = "plain") -> AsyncIterator[Value]:
    """Fail at a tick."""
    t = 0
    async for value in values:
        if t == at:
            raise_as(kind)
        yield Value(value)
        t += 1


@node(id="test.collect", output=True)
async def collect(*, values: AsyncIterator[Any]) -> None:
    """Keep a stream until it ends."""
    got: list[Any] = []
    SHOWN.append(got)
    async for value in values:
        got.append(value)  # noqa: PERF401 - tests look at it while it grows


@node(id="test.film", output=True)
async def film(*, values: AsyncIterator[Any], prefix: str = "film", context: Context) -> Saved:
    """Write a stream to a file."""
    saved = context.reserve_output(prefix, ".txt")
    lines = [str(value) async for value in values]
    saved.path.write_text("\n".join(lines), encoding="ascii")
    context.result(saved)
    return Saved(saved)


@node(id="test.label")
def label(*, file: SavedFile) -> Words:
    """Read a finished file's name."""
    return Words(file.filename)


@node(id="test.preview", output=True)
async def preview(*, values: AsyncIterator[float], context: Context) -> None:
    """Offer one grey frame a tick."""
    t = 0
    async for value in values:
        pixels = np.full((1, 2, 2, 3), int(value) % 256, np.uint8)
        await context.preview(Frames(tick=t, pixels=pixels), format="jpeg", quality=80)
        t += 1


class Probe:
    """Lets a test stand inside a blocking call: `entered` is set by the call, which then waits for `leave`."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.leave = threading.Event()
        self.log: list[str] = []


PROBE = Probe()


@node(id="test.block")
async def block(*, tick: AsyncIterator[int], context: Context) -> AsyncIterator[Value]:
    """Stay in a blocking call until the test lets it go; note how it ends."""
    probe = PROBE

    def call() -> None:
        probe.entered.set()
        probe.leave.wait(10)
        probe.log.append("call ended")

    try:
        async for t in tick:
            await context.work(call)
            yield Value(float(t))
    finally:
        probe.log.append("generator closed")


def registry() -> Registry:
    """Return a registry with the nodes above."""
    import tests.fakes

    found = load_registry([tests.fakes])
    assert not found.faults, found.faults
    return found


def document(nodes: dict[str, Any], *edges: str, **rest: Any) -> dict[str, Any]:
    """Build a workflow: `nodes` is id -> type or (type, inputs); an edge reads "a.value > b.input"."""
    items = []
    for name, kind in nodes.items():
        type_name, inputs = (kind, {}) if isinstance(kind, str) else kind
        items.append({"id": name, "type": type_name, "inputs": inputs})
    ends = [[end.strip().split(".") for end in edge.split(">")] for edge in edges]
    wires = [{"from": source, "to": target} for source, target in ends]
    return {"schema": 2, "nodes": items, "edges": wires, **rest}


class Runner:
    """Runs documents on one engine over a folder and keeps the events."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.time = FakeTime()
        options.setdefault("live_clock", lambda ticks: LiveClock(ticks, now=self.time.now, sleep=self.time.sleep))
        self.engine = LocalEngine(registry(), data_dir=folder, **options)
        self.events: list[Event] = []
        self._news = asyncio.Event()

    def start(self, document: dict[str, Any], *, live: bool = False, **request: Any) -> Any:
        """Start a run; the events of earlier ones are forgotten."""
        self.events = []
        SHOWN.clear()
        CALLS.clear()
        return self.engine.start(RunRequest(run_id="run", document=document, live=live, **request), self._listen)

    def _listen(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    async def first(self, kind: type[Any]) -> None:
        """Wait for the first event of one kind."""
        while not self.seen(kind):
            self._news.clear()
            await self._news.wait()

    async def run(self, document: dict[str, Any], **options: Any) -> Outcome:
        """Run to the end."""
        return await self.start(document, **options).wait()

    def seen(self, kind: type[Any]) -> list[Any]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def control(node: str, port: str, value: Any, *, tick: int | None = None, id: str = "c") -> Control:
    """Short for a control."""
    return Control(id=id, node=node, input=port, value=value, tick=tick)


MEETING: list[threading.Barrier] = []
"""Where `test.meet` nodes wait for each other."""


@node(id="test.meet")
async def meet(*, values: AsyncIterator[float], at: int, context: Context) -> AsyncIterator[Value]:
    """Work in a thread; at one tick wait there for the others."""
    t = 0
    async for value in values:
        if t == at:
            await context.work(MEETING[0].wait)
        yield Value(value)
        t += 1


@node(id="test.unread")
async def unread(*, left: AsyncIterator[float], right: AsyncIterator[float]) -> AsyncIterator[Value]:
    """Forget the right one."""
    async for value in left:
        yield Value(value)


@node(id="test.wait")
def wait() -> Value:
    """Block the value phase until the test lets it go."""
    PROBE.entered.set()
    PROBE.leave.wait(10)
    return Value(0.0)


@node(id="test.inspect", output=True)
async def inspect_context(*, values: AsyncIterator[float], context: Context) -> None:
    """Report progress from a worker thread, and show what the context tells."""
    done = 0
    async for _ in values:
        done += 1
        await context.work(context.progress, done, context.ticks)
    SHOWN.append((context.run_id, context.node_id, context.live, context.ticks, len(context.workflow["nodes"])))


@node(id="test.careful", output=True)
async def careful(*, values: AsyncIterator[float], context: Context) -> None:
    """Take two calls to clean up when the run is cancelled."""
    try:
        async for _ in values:
            PROBE.log.append("item")
            await context.work(PROBE.entered.set)
    finally:
        for step in ("first", "second"):
            await context.work(PROBE.log.append, step)


@node(id="test.file")
def file_name(*, file: Annotated[str, File(kind="image")], other: Annotated[str, File()] = "") -> Words:
    """Hand on the names of files."""
    return Words(f"{file} {other}")
