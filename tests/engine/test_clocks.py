"""When ticks are released."""

from __future__ import annotations

import asyncio

from nodegraph.engine.clock import LiveClock, RenderClock
from nodegraph.values import TICK_S
from tests.fakes import FakeTime


def live(time: FakeTime, ticks: int | None = None) -> LiveClock:
    return LiveClock(ticks, now=time.now, sleep=time.sleep)


async def test_live_ticks_come_six_a_second() -> None:
    time = FakeTime()
    clock = live(time)
    moments = []
    for tick in range(5):
        assert await clock.wait(tick)
        moments.append(round((time.now_s - 100.0) / TICK_S, 6))
    assert moments == [0, 1, 2, 3, 4]


async def test_jitter_below_one_tick_is_made_up_for() -> None:
    time = FakeTime()
    clock = live(time)
    await clock.wait(0)
    time.now_s += 1.5 * TICK_S
    await clock.wait(1)
    await clock.wait(2)
    assert round((time.now_s - 100.0) / TICK_S, 6) == 2


async def test_a_late_clock_moves_its_start_and_does_not_burst() -> None:
    time = FakeTime()
    clock = live(time)
    await clock.wait(0)
    time.now_s += 3 * TICK_S
    gaps = []
    for tick in range(1, 40):
        before = time.now_s
        await clock.wait(tick)
        gaps.append((time.now_s - before) / TICK_S)
    assert gaps[0] == 0, "the late tick begins at once"
    assert min(gaps[1:]) >= 0.9 - 1e-6, "the others are not rushed through"
    assert round((time.now_s - 100.0) / TICK_S, 6) == 39, "and the time lost is won back little by little"


async def test_a_long_sleep_is_not_made_up_for() -> None:
    time = FakeTime()
    clock = live(time)
    await clock.wait(0)
    time.now_s += 1000
    for tick in range(1, 100):
        await clock.wait(tick)
    assert round(time.now_s - 1100.0, 6) == round(98 * TICK_S - 1.0, 6), "one second of it at most"


async def test_a_machine_that_is_too_slow_gets_every_tick_at_once() -> None:
    time = FakeTime()
    clock = live(time)
    for tick in range(50):
        await clock.wait(tick)
        time.now_s += 1.2 * TICK_S
    assert sum(time.slept) == 0


async def test_several_nodes_share_a_tick() -> None:
    time = FakeTime()
    clock = live(time)
    assert await asyncio.gather(*(clock.wait(3) for _ in range(4))) == [True] * 4
    assert len(time.slept) == 0, "the first tick asked for begins at once"


async def test_both_clocks_end_after_their_ticks() -> None:
    for clock in (live(FakeTime(), 2), RenderClock(2)):
        assert [await clock.wait(tick) for tick in range(4)] == [True, True, False, False]


async def test_stop_wakes_a_sleeper_and_releases_nothing_more() -> None:
    asleep = asyncio.Event()

    async def forever(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    clock = LiveClock(None, now=lambda: 0.0, sleep=forever)
    assert await clock.wait(0)
    waiting = asyncio.create_task(clock.wait(1))
    await asleep.wait()
    clock.stop()
    assert await waiting is False and await clock.wait(0) is False


async def test_a_stopped_render_clock_releases_nothing() -> None:
    clock = RenderClock(None)
    assert await clock.wait(10**6)
    clock.stop()
    assert not await clock.wait(0)
