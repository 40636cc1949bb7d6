"""What states hold in memory is bounded, whatever number of runs are at work or have been rewound."""

from __future__ import annotations

import asyncio
import gc
import weakref
from functools import partial
from typing import Any

import pytest

from nodegraph.engine import LocalEngine, RunState
from nodegraph.engine.clock import LiveClock
from nodegraph.server import Limits
from nodegraph.server.keys import RUNS
from nodegraph.server.take_states import HELD_RUNS, HeldStates, share_of
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import ServerMaker
from tests.server.test_branches import Director
from tests.server.test_live import connected, message, start

STATE = 96
"""Bytes of a state of the test pack: 2 x 3 x 4 float32."""
LIMITS = Limits(
    state_bytes=40 * STATE, all_state_bytes=12 * STATE, ended_state_bytes=5 * STATE, live_runs=4, live_idle_s=600
)


@pytest.fixture
async def director(start_server: ServerMaker):
    def quick(registry: Any, config: Any, preview: Any) -> LocalEngine:
        """An engine whose live ticks come a hundred times a second."""
        clock = partial(LiveClock, period_s=0.01)
        return LocalEngine(registry, data_dir=config.data_dir, preview=preview, live_clock=clock)

    async with (
        start_server(registry=make_take_pack(), engine=quick, limits=LIMITS) as server,
        connected(server) as ws,
    ):
        yield Director(server, ws)


def at_work(director: Director) -> list[int]:
    """Return what the states of every live run hold."""
    active = director.server.app[RUNS]._active.values()
    return [sum(nbytes for _, nbytes in one.run.held()) for one in active]


async def test_live_runs_share_one_budget_and_ended_ones_another(director: Director) -> None:
    first = await start(director.server, take_document())
    await director.until(first, 250)
    assert 12 * STATE >= at_work(director)[0] > 6 * STATE, "alone it may hold all"
    others = [await start(director.server, take_document(seed=n)) for n in range(3)]
    for run_id in others:
        await director.until(run_id, 80)
    assert max(at_work(director)) <= 3 * STATE and len(at_work(director)) == 4
    await director.stop(first)
    takes = [entry["take_id"] for entry in (await director.server.call("GET", "/api/runs")).json["runs"]]
    for run_id in others:
        await director.stop(run_id)
    ended = director.server.app[RUNS]._held
    assert ended.nbytes <= 5 * STATE and ended.get(takes[-1]) is not None and at_work(director) == []
    assert len(ended.get(takes[-1]).held()) >= 2, "the last one can still be branched from"


async def test_rewinding_over_and_over_holds_no_more(director: Director) -> None:
    run_id = await start(director.server, take_document())
    await director.until(run_id, 60)
    for _ in range(HELD_RUNS + 2):
        run_id = (await director.post(f"/api/live/{run_id}/rewind", tick=40))["run_id"]
        await director.until(run_id, 70)
        # every branch holds the state that it goes on from besides its part
        assert sum(at_work(director)) <= (12 + len(at_work(director))) * STATE
        assert director.server.app[RUNS]._held.nbytes <= 5 * STATE
    await director.stop(run_id)
    assert director.server.app[RUNS]._held.nbytes <= 5 * STATE
    while (await director.server.call("GET", "/api/runs")).json["runs"]:
        await message(director.ws, "run_finished")


async def test_nothing_holds_on_to_a_run_that_has_ended(director: Director) -> None:
    gc.collect()
    gc.disable()
    try:
        runs, lives, ends = director.server.app[RUNS], [], []
        run_id = await start(director.server, take_document())
        for rewound in (False, True, True, True):
            if rewound:
                run_id = (await director.post(f"/api/live/{run_id}/rewind", tick=40))["run_id"]
            await director.until(run_id, 50)
            lives.append(weakref.ref(runs.active(run_id).run))
            ends.append(runs.active(run_id).task)
        await director.stop(run_id)
        await asyncio.gather(*ends)
        assert [ref() for ref in lives] == [None] * 4
    finally:
        gc.enable()


def test_the_parts_of_live_runs_never_add_up_to_more_than_the_whole() -> None:
    limits = Limits()
    assert share_of(limits, 1) == limits.state_bytes
    assert all(count * share_of(limits, count) <= limits.all_state_bytes for count in range(1, 20))


async def test_states_of_an_ended_run_are_thinned_or_wholly_dropped() -> None:
    made = [RunState(tick=tick, document={}, nbytes=10) for tick in range(0, 50, 10)]
    held = HeldStates(made)
    held.hold_at_most(30)
    assert held.nbytes == 30 and [tick for tick, _ in held.held()][:: len(held.held()) - 1] == [0, 40]
    found = await held.state_before(39)
    assert found is not None and found.tick < 40
    held.hold_at_most(9)
    assert held.held() == [] and await held.state_before(10**6) is None
