"""Runs that begin in the middle: fast up to where they were left, then on the clock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import RunState
from nodegraph.engine.clock import CatchUpClock, LiveClock
from nodegraph.engine.events import ControlApplied, TickDone
from nodegraph.values import TICK_S
from tests.engine.kit import SEEN, Performance, stage, tail
from tests.fakes import FakeTime


@pytest.fixture
def show(tmp_path: Path) -> Performance:
    return Performance(tmp_path)


async def a_take(show: Performance, **request: Any) -> RunState:
    """Play 20 ticks with a control at tick 12 or so; return the state before tick 10."""
    run = show.play(stage(), state_budget_bytes=10**6, state_every=5, **request)
    await show.to(11)
    show.control("speed", "value", 4.0)
    await show.to(20)
    state = await run.state_before(14)
    await show.end()
    assert state is not None and state.tick == 10
    return state


async def test_ticks_before_the_moment_are_caught_up_unseen_and_then_the_clock_rules(show: Performance) -> None:
    state = await a_take(show)
    items, log = dict(show.items), tuple(show.run.control_log)
    run = show.play(stage(), start=state, resume_at=16, controls=log)
    await show.to(16)
    assert [event.tick for event in show.seen(TickDone)] == [16], "nothing of what was caught up is reported"
    assert show.seen(ControlApplied) == []
    assert SEEN["show"] == [16]
    assert show.items == tail(items, 10, 17), "the tap sees them all, bit for bit"
    await show.end()
    assert run.control_log == list(log)


async def test_a_control_sent_while_it_catches_up_takes_effect_where_the_clock_begins(show: Performance) -> None:
    state = await a_take(show)
    show.play(stage(), start=state, resume_at=16)
    assert show.control("speed", "value", 9.0) == 16
    assert show.control("speed", "value", 9.0, tick=3) == 16
    await show.to(17)
    await show.end()


async def test_a_branch_goes_its_own_way_and_a_straight_run_with_its_log_is_the_same(show: Performance) -> None:
    state = await a_take(show)
    before = tuple(control for control in show.run.control_log if control.tick < 14)
    original = dict(show.items)
    show.play(stage(), start=state, resume_at=14, controls=before)
    show.control("speed", "value", -8.0)
    await show.to(25)
    items = dict(show.items)
    await show.end()
    straight = await show.replayed(stage(), 26, controls=(*before, *show.run.control_log[len(before) :]))
    assert tail(items, 10, 26) == tail(straight, 10)
    assert tail(items, 10, 14) == tail(original, 10, 14) and tail(items, 14, 20) != tail(original, 14, 20)


async def test_a_state_serves_any_number_of_branches(show: Performance) -> None:
    state = await a_take(show)
    log = tuple(show.run.control_log)
    runs = [await show.replayed(stage(), 20, state, controls=log) for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]


async def test_a_resumed_run_holds_states_of_its_own_and_the_one_it_began_with(show: Performance) -> None:
    state = await a_take(show)
    run = show.play(stage(), start=state, state_budget_bytes=10**6, state_every=5)
    await show.to(21)
    held = run.held()
    outcome = await show.end()
    assert [tick for tick, _ in held] == [10, 15, 20] and outcome.ticks_done >= 21


async def test_no_burst_follows_the_catch_up() -> None:
    time = FakeTime()
    clock = CatchUpClock(LiveClock(None, now=time.now, sleep=time.sleep), 50)
    for tick in range(30, 50):
        assert await clock.wait(tick)
        time.now_s += 0.01
    began_s = time.now_s
    for tick in range(50, 56):
        assert await clock.wait(tick)
    assert round((time.now_s - began_s) / TICK_S, 6) == 5
    clock.stop()
    assert not await clock.wait(40) and not await clock.wait(60)
