"""States to rewind to: exact, whole, and inside their budget."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from nodegraph.engine import Item
from nodegraph.engine.events import StateHeld, StatesDropped
from nodegraph.engine.sizes import measured_bytes
from nodegraph.engine.states import thinned
from tests.engine.kit import Performance, Step, stage, tail


@pytest.fixture
def show(tmp_path: Path) -> Performance:
    return Performance(tmp_path)


async def test_going_on_from_every_state_gives_the_very_same_items(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=5)
    await show.to(6)
    show.control("speed", "value", 7.0)
    await show.to(17)
    show.control("speed", "value", -3.0)
    await show.to(30)
    items = dict(show.items)
    assert [tick for tick, _ in run.held()] == [0, 5, 10, 15, 20, 25, 30]
    states = [await run.state_before(tick) for tick, _ in run.held()]
    await show.end()
    for state in states:
        assert state is not None and state.exact
        again = await show.replayed(stage(), 31, state)
        assert again == tail(items, state.tick, 31)


async def test_a_state_carries_the_values_in_force_and_what_its_nodes_know(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    await show.to(1)
    show.control("speed", "value", 5.0)
    await show.to(9)
    state = await run.state_before(8)
    await show.end()
    assert state.tick == 8 and state.values == {("speed", "value"): 5.0}
    assert set(state.nodes) == {"camera", "step", "decode"} and state.nodes["decode"] == {"count": 8}
    assert state.document["nodes"][0]["inputs"] == {"value": 1.0}
    assert state.nbytes == measured_bytes(state.nodes) == 32


async def test_states_are_announced_and_thinned_inside_the_budget(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=6 * 32, state_every=1)
    await show.to(60)
    held = run.held()
    await show.end()
    assert sum(nbytes for _, nbytes in held) <= 6 * 32 and held[0] == (0, 0) and len(held) == 7
    dropped = [tick for event in show.seen(StatesDropped) for tick in event.ticks]
    kept = {event.tick for event in show.seen(StateHeld)} - set(dropped)
    assert kept == {tick for tick, _ in held[1:]}
    gaps = np.diff([tick for tick, _ in held])
    assert gaps[-1] == 1 and gaps[0] > gaps[-1], "close together where it is new, far apart where it is old"


async def test_a_run_that_has_ended_can_be_told_to_hold_less(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=6 * 32, state_every=1)
    await show.to(40)
    await show.end()
    newest = run.held()[-1]
    run.hold_at_most(2 * 32)
    held = run.held()
    assert len(held) == 3 and held[0] == (0, 0) and held[-1] == newest
    run.hold_at_most(6 * 32)
    assert run.held() == held, "what is gone does not come back"


async def test_a_run_that_is_stopped_within_a_tick_holds_no_state_in_which_nodes_are_missing(show: Performance) -> None:
    tap = show._tap

    def stop_within_tick_8(item: Item) -> None:
        tap(item)
        if item.node == "step" and item.tick == 8:
            show.run.stop()

    show._tap = stop_within_tick_8  # type: ignore[method-assign]
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    show.clock.allow(12)
    await run.wait()
    assert [tick for tick, _ in run.held()] == [0, 4]
    assert [event.tick for event in show.seen(StateHeld)] == [4]


async def test_without_a_budget_only_the_beginning_is_held(show: Performance) -> None:
    run = show.play(stage())
    await show.to(30)
    assert run.held() == [(0, 0)] and (await run.state_before(99)).tick == 0
    await show.end()
    assert show.seen(StateHeld) == []


async def test_a_graph_with_hidden_state_is_replayed_from_its_beginning(show: Performance) -> None:
    nodes = {"sum": "take.sum"}
    document = stage(nodes, "camera.value > sum.values", "sum.value > step.a", without=("camera.value > step.a",))
    run = show.play(document, state_budget_bytes=10**6, state_every=2)
    await show.to(9)
    items = dict(show.items)
    assert run.held() == [(0, 0)]
    await show.end()
    assert await show.replayed(document, 10, await run.state_before(8)) == tail(items, 0, 10)


def test_the_newest_states_stay_close_and_the_first_always_stays() -> None:
    held = [(12 * i, 10) for i in range(1, 41)]
    kept = [tick for tick, _ in [(0, 0), *held] if tick not in thinned([(0, 0), *held], 150)]
    assert len(kept) == 16 and kept[0] == 0 and kept[-6:] == [420, 432, 444, 456, 468, 480]
    assert thinned([(0, 500), (12, 10)], 100) == [12]
    assert thinned([(0, 0), (12, 10)], 10) == []


def test_shared_memory_counts_once() -> None:
    array = np.zeros((10, 10), np.float64)
    assert measured_bytes({"a": array, "b": [array[:5], {"c": array.T}], "d": "text"}) == 800
    torch = pytest.importorskip("torch")
    tensor = torch.zeros(100)
    assert measured_bytes((tensor, tensor[:10], tensor.clone())) == 800


@pytest.mark.parametrize("edited", [False, True])
async def test_what_a_run_held_is_free_once_it_has_ended_without_the_garbage_collector(
    show: Performance, edited: bool
) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    await show.to(9)
    start = await run.state_before(8)
    await show.end()
    gc.collect()
    gc.disable()
    try:
        show.play(stage(), state_budget_bytes=10**6, state_every=4, start=start, controls=(), edits=())
        await show.to(14)
        if edited:
            await show.edit(stage({"camera": "take.fly"}, without=("speed.value > camera.speed",)))
            await show.to(20)
        kept = await show.run.state_before(12)
        sessions = [found for found in gc.get_objects() if type(found) is Step]
        lives = [weakref.ref(found) for found in (show.run, kept, *sessions)]
        assert len(sessions) == 1
        del sessions
        await show.end()
        del kept
        show.run = None
        assert [ref() for ref in lives] == [None] * 3
    finally:
        gc.enable()
