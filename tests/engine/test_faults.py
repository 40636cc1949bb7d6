"""An error in the middle of a run: what can go on does, the message says what to do, and memory is given back."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import Edit
from nodegraph.engine.boundary import node_error
from nodegraph.engine.events import NodeFailed
from nodegraph.engine.stream_phase import START_AGAIN
from tests.engine.kit import ERRORS, FAULTS, SEEN, Performance, stage, tail
from tests.engine.test_edits import with_gain


@pytest.fixture
def show(tmp_path: Path) -> Performance:
    FAULTS.clear()
    ERRORS.clear()
    return Performance(tmp_path)


def raised() -> BaseException:
    return RuntimeError("some mistake")


def out_of_device_memory() -> BaseException:
    torch = pytest.importorskip("torch")
    error: BaseException = torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    return error


def no_room() -> BaseException:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


FAULT_KINDS = [
    (raised, "node_failed", "some mistake", "report this"),
    (out_of_device_memory, "out_of_memory", "Tried to allocate 2.00 GiB", "smaller model or size"),
    (no_room, "disk_full", "No space left", "Free some space"),
]


@pytest.mark.parametrize(("make", "code", "cause", "remedy"), FAULT_KINDS)
@pytest.mark.parametrize("name", ["decode", "show"])
async def test_the_message_names_node_cause_and_remedy_and_the_stream_goes_on(
    show: Performance, name: str, make: Callable[[], BaseException], code: str, cause: str, remedy: str
) -> None:
    """decode is on the way of every frame: the session waits for it; show is one of two sinks: the other goes on."""
    document = stage({"show2": "take.show"}, "decode.frames > show2.frames")
    run = show.play(document, state_budget_bytes=10**6, state_every=4)
    await show.to(6)
    ERRORS[name] = make
    FAULTS[name] = 0
    show.clock.allow(10)
    failed = await show.until(NodeFailed)
    error = failed.error
    assert failed.node.startswith(name) and error.node == failed.node and run.status == "running"
    assert error.code == code and cause in (error.got or "")
    assert remedy in (error.remedy or "") and (error.remedy or "").endswith(START_AGAIN)
    if name == "show":
        other = "show2" if failed.node == "show" else "show"
        await show.to(10)
        assert SEEN[other] == [*range(11)], "no tick is lost where nothing failed"
    receipt = await show.edit(document)
    await show.to(receipt.tick + 5)
    assert SEEN["show"][-1] == SEEN["show2"][-1] == receipt.tick + 5, "started again, both go on"
    state, items = await run.state_before(receipt.tick), dict(show.items)
    assert (await show.end()).error is None
    end = receipt.tick + 5
    assert await show.replayed(document, end, state) == tail(items, state.tick, end)


def test_an_error_of_memory_lets_go_of_what_its_frames_hold() -> None:
    class Activations:
        pass

    seen: list[weakref.ref[Any]] = []

    def layer() -> None:
        held = Activations()
        seen.append(weakref.ref(held))
        raise MemoryError("no memory left")

    try:
        layer()
    except MemoryError as error:
        found = node_error(error, "7", "some.node")
    gc.collect()
    assert found.__cause__ is not None and seen[0]() is None, "the error is kept, what it came through is not"


async def test_stopping_again_while_the_run_ends_does_not_hide_its_end(show: Performance) -> None:
    """An edit that waits for a later tick has to be called off, which takes a moment; the second stop falls into it."""
    run = show.play(stage(), edits=(Edit(id="later", document=with_gain(), tick=50),))
    await show.to(4)
    ended = asyncio.ensure_future(run.wait())
    for _ in range(100):
        run.stop()
        await asyncio.sleep(0)
    outcome = await asyncio.wait_for(ended, 20)
    assert outcome.status == run.status == "cancelled"
