"""A recording that cannot keep up: memory is bounded, no frame is lost, and it is said what can be done."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import numpy as np

from nodegraph.engine import Item
from nodegraph.errors import NodegraphError
from nodegraph.graph import make_plan
from nodegraph.takes import Backlog, Behind, RecordingStopped, Taken, TakeWriter, main_nodes
from nodegraph.values import Frames
from tests.fakes_takes import HEIGHT, WIDTH, make_take_pack, take_document
from tests.takes.conftest import Studio

TICK_BYTES = 4 * WIDTH * HEIGHT * 3
LIMIT = 2 * TICK_BYTES


class Crowd(Backlog):
    """A backlog that opens a gate when somebody has to wait, and keeps the most it held."""

    def __init__(self, limit_bytes: int, gate: threading.Event) -> None:
        super().__init__(limit_bytes)
        self.gate, self.limit, self.most, self.waited = gate, limit_bytes, 0, 0

    def add(self, nbytes: int) -> None:
        super().add(nbytes)
        self.most = max(self.most, self.nbytes)

    async def room(self) -> None:
        if self.nbytes >= self.limit:
            self.waited += 1
            self.gate.set()
        await super().room()


async def test_the_stream_waits_for_the_recording_and_every_frame_is_filmed(studio: Studio) -> None:
    gate = threading.Event()
    crowd = Crowd(LIMIT, gate)

    def held_up() -> Taken:
        assert gate.wait(60), "somebody has to wait while nothing is written"
        return Taken()

    recorded = await studio.record(ticks=30, backlog=crowd, taken=held_up)
    assert recorded.outcome.status == "succeeded" and crowd.waited
    assert crowd.most < LIMIT + TICK_BYTES + 1024, "the limit, and one item of each node: a latent and a tick's frames"
    assert crowd.nbytes == 0, "all was written"
    assert [len(recorded.take.frames(tick)) for tick in range(30)] == [1] + [4] * 29


async def test_who_waits_is_woken_from_another_thread_and_may_give_up() -> None:
    backlog = Backlog(10)
    await backlog.room()
    backlog.add(12)
    first, second = asyncio.ensure_future(backlog.room()), asyncio.ensure_future(backlog.room())
    await asyncio.sleep(0)
    assert not first.done() and not second.done()
    first.cancel()
    await asyncio.to_thread(backlog.done, 1)
    await asyncio.sleep(0)
    assert not second.done(), "it is full still"
    await asyncio.to_thread(backlog.done, 11)
    await asyncio.wait_for(second, 20)
    assert first.cancelled() and backlog.nbytes == 0


def behind(tmp_path: Path, studio: Studio, gate: threading.Event) -> tuple[TakeWriter, list[object], Backlog]:
    """Return a recording that is held up and then breaks, with its news."""

    def broken() -> Taken:
        gate.wait(60)
        raise NodegraphError("disk_full", "The disk is gone.", remedy="Plug it in.")

    news: list[object] = []
    document, backlog = take_document(), Backlog()
    mains = main_nodes(make_plan(document, make_take_pack()))
    header = studio.header(document)
    return TakeWriter(tmp_path / "t", header, mains, on_news=news.append, taken=broken, backlog=backlog), news, backlog


def test_being_behind_is_told_once_with_a_remedy_and_a_broken_recording_holds_nothing(
    studio: Studio, tmp_path: Path
) -> None:
    gate = threading.Event()
    writer, news, backlog = behind(tmp_path, studio, gate)
    pixels = np.zeros((4, 1000, 2000, 3), np.uint8)
    items = [Item("2", "take.paint", tick, {"frames": Frames(tick=tick, pixels=pixels)}, 0.0, 0.0) for tick in range(5)]
    for item in items[:4]:
        writer.on_item(item)
    assert writer.waiting_bytes == backlog.nbytes == 4 * pixels.nbytes
    (told,) = news
    assert isinstance(told, Behind) and told.error.code == "busy"
    assert told.error.got and told.error.expected and "No frame is lost" in (told.error.remedy or "")
    gate.set()
    writer.join(60)
    assert writer.waiting_bytes == backlog.nbytes == 0, "what will never be written is let go"
    writer.on_item(items[4])
    assert backlog.nbytes == 0 and isinstance(news[-1], RecordingStopped) and len(news) == 2
