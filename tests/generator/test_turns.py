"""Who gets the device next: live steps before renders, and nobody waits for somebody who has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nodegraph.generator.pool import _Turns


class _Steps:
    """Steps that hold the device until they are told to let go."""

    def __init__(self) -> None:
        self.turns, self.begun = _Turns(), []

    def start(
        self, name: str, *, live: bool, until: asyncio.Event, after: Callable[[], object] = lambda: None
    ) -> asyncio.Task[None]:
        async def step() -> None:
            async with self.turns.turn(live):
                self.begun.append(name)
                await until.wait()
            after()

        return asyncio.create_task(step())


async def _settled() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_live_steps_go_before_renders_that_waited_longer() -> None:
    steps, first, rest = _Steps(), asyncio.Event(), asyncio.Event()
    rest.set()
    tasks = [steps.start("first", live=True, until=first)]
    await _settled()
    tasks += [steps.start(name, live=name != "render", until=rest) for name in ("render", "one", "two")]
    await _settled()
    first.set()
    await asyncio.gather(*tasks)
    assert steps.begun == ["first", "one", "two", "render"]


async def test_a_step_that_is_cancelled_as_the_device_comes_hands_it_on() -> None:
    steps, first, never = _Steps(), asyncio.Event(), asyncio.Event()
    holding = steps.start("first", live=True, until=first, after=lambda: waiting.cancel())
    await _settled()
    render = steps.start("render", live=False, until=never)
    waiting = steps.start("cancelled", live=True, until=never)
    await _settled()
    first.set()
    await _settled()
    assert steps.begun == ["first", "render"] and waiting.cancelled()
    render.cancel()
    await asyncio.gather(holding, render, return_exceptions=True)
    again = steps.start("again", live=False, until=first)
    await again
    assert steps.begun[-1] == "again", "the device is free"


async def test_a_waiting_step_that_is_cancelled_as_the_device_is_passed_on_is_only_cancelled() -> None:
    steps, first, never = _Steps(), asyncio.Event(), asyncio.Event()
    holding = steps.start("first", live=True, until=first)
    await _settled()
    waiting = steps.start("waiting", live=False, until=never)
    await _settled()
    waiting.cancel()  # its future is cancelled at once, the step itself only when the loop comes to it
    steps.turns._hand_on()
    await asyncio.gather(waiting, return_exceptions=True)
    assert waiting.cancelled()
    first.set()
    await holding
