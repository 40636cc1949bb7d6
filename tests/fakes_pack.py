"""A small node pack without torch, for tests of the server and of the engine's users.

test.source makes 8 x 8 frames whose grey level is its Live input; test.show previews them; test.save writes one byte a
tick; test.break fails at a tick; test.gate holds the stream until the test opens it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, ClassVar, NamedTuple

import numpy as np

from nodegraph.errors import NodegraphError
from nodegraph.graph import Choice, Context, File, Live, Number, Registry, Seed, Text, node, spec_of
from nodegraph.values import Frames, SavedFile


class FramesOut(NamedTuple):
    frames: Frames


class NumberOut(NamedTuple):
    value: float


class FileOut(NamedTuple):
    file: SavedFile


@node(id="test.number")
def number(*, value: Annotated[float, Number(ge=0, le=255, doc="any level")] = 1.0) -> NumberOut:
    """A number."""
    return NumberOut(value)


@node(id="test.source", version=2)
class Source:
    """Grey frames."""

    def __init__(self) -> None:
        self.tick = 0

    async def run(
        self,
        *,
        tick: AsyncIterator[int],
        level: Live[Annotated[float, Number(ge=0, le=255, bind="move.forward", doc="grey level")]] = Live(0.0),
        seed: Annotated[int, Seed()] = 0,
        look: Annotated[str, Choice(options=("plain", "noisy"))] = "plain",
        picture: Annotated[str | None, File(kind="image")] = None,
    ) -> AsyncIterator[FramesOut]:
        async for now in tick:
            count = 1 if now == 0 else 4
            yield FramesOut(Frames(tick=now, pixels=np.full((count, 8, 8, 3), int(level.value), np.uint8)))

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        pass


@node(id="test.gate")
class Gate:
    """Lets nothing through until `open` is set; `passed` is set by the first frame."""

    open: ClassVar[asyncio.Event]
    passed: ClassVar[asyncio.Event]

    @classmethod
    def reset(cls) -> None:
        cls.open, cls.passed = asyncio.Event(), asyncio.Event()

    async def run(self, *, frames: AsyncIterator[Frames]) -> AsyncIterator[FramesOut]:
        async for one in frames:
            self.passed.set()
            await self.open.wait()
            yield FramesOut(one)

    def snapshot(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        pass


@node(id="test.break")
async def break_at(
    *, frames: AsyncIterator[Frames], at: Annotated[int, Number(ge=0)] = 2, kind: Annotated[str, Text()] = "mistake"
) -> AsyncIterator[FramesOut]:
    """Fails at a tick: with a user's mistake, or with an exception nobody foresaw."""
    async for one in frames:
        if one.tick == at:
            if kind == "mistake":
                raise NodegraphError("out_of_range", "The frames are too grey", remedy="Paint them")
            raise RuntimeError(f"secret path {__file__}")
        yield FramesOut(one)


@node(id="test.show", output=True)
async def show(*, frames: AsyncIterator[Frames], context: Context) -> None:
    """Preview."""
    async for one in frames:
        await context.preview(one, format="jpeg", quality=80)


@node(id="test.save", output=True)
async def save(
    *,
    frames: AsyncIterator[Frames],
    prefix: Annotated[str, Text()] = "test",
    context: Context,
) -> FileOut:
    """One byte a tick."""
    levels = bytearray()
    async for one in frames:
        levels.append(one.pixels[0, 0, 0, 0])
        context.progress(one.tick + 1, context.ticks)
    saved = context.reserve_output(prefix, ".webp")
    await context.work(saved.path.write_bytes, bytes(levels))
    context.result(saved)
    return FileOut(saved)


def make_pack() -> Registry:
    """Return a registry with these nodes."""
    specs = [spec_of(target) for target in (number, Source, Gate, break_at, show, save)]
    return Registry([spec for spec in specs if spec is not None])


def document(*nodes: dict[str, Any], edges: list[tuple[str, str, str, str]], **more: Any) -> dict[str, Any]:
    """Return a workflow; an edge is (source, output, target, input)."""
    return {
        "schema": 2,
        "id": "test",
        "name": "Test",
        "nodes": [{"version": 1, "inputs": {}, "pos": [0, 0], **item} for item in nodes],
        "edges": [{"from": [a, b], "to": [c, d]} for a, b, c, d in edges],
        **more,
    }


def show_document(*, level: float = 7, between: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return source -> (between) -> show."""
    source = {"id": "1", "type": "test.source", "version": 2, "inputs": {"level": level}}
    sink = {"id": "9", "type": "test.show"}
    if between is None:
        return document(source, sink, edges=[("1", "frames", "9", "frames")])
    middle = {"id": "5", **between}
    return document(source, middle, sink, edges=[("1", "frames", "5", "frames"), ("5", "frames", "9", "frames")])


def save_document(*, level: float = 7, between: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return source -> (between) -> save."""
    made = show_document(level=level, between=between)
    made["nodes"][-1]["type"] = "test.save"
    return made | more
