"""Where the time of a run goes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from nodegraph.engine.channels import Channel, Idle, Signal
from nodegraph.engine.events import Profiled
from nodegraph.engine.profile import RECENT_TICKS, TOLD_EVERY_S, NodeMeter, Profiler
from tests.engine.kit import Performance, stage
from tests.fakes_server import FakeClock


def channel(clock: FakeClock, capacity: int = 2) -> Channel:
    idle = Idle(lambda: None)
    return Channel("a", "b", capacity, Signal(idle), Signal(idle), clock)


def test_a_tick_takes_the_time_to_its_result_or_what_the_node_reports() -> None:
    clock = FakeClock()
    meter = NodeMeter(clock)
    assert meter.median_ms is None
    for seconds, reported_ms in ((0.010, 0.0), (0.500, 20.0), (0.030, 0.0)):
        meter.begin()
        clock.now_s += seconds
        meter.end(reported_ms)
        clock.now_s += 1.0
        assert meter.end() == 0.0, "a tick ends once"
    assert meter.median_ms == pytest.approx(20.0)


def test_only_recent_ticks_count() -> None:
    clock = FakeClock()
    meter = NodeMeter(clock)
    for ms in [500.0] * RECENT_TICKS + [2.0] * RECENT_TICKS:
        meter.begin()
        meter.end(ms)
    assert meter.median_ms == 2.0


def test_a_channels_fill_is_weighed_by_time() -> None:
    clock = FakeClock()
    wire = channel(clock)
    clock.now_s += 2.0  # empty
    wire.put(0, "x")
    clock.now_s += 1.0  # one of two
    wire.put(1, "y")
    clock.now_s += 1.0  # full
    assert wire.drain_fill(clock()) == pytest.approx((0 * 2 + 0.5 * 1 + 1 * 1) / 4)
    wire.take()
    clock.now_s += 1.0
    assert wire.drain_fill(clock()) == pytest.approx(0.5), "each report begins anew"
    assert wire.drain_fill(clock()) == 0.0, "no time has passed"


def test_reports_come_twice_a_second_at_most() -> None:
    clock = FakeClock()
    told: list[Profiled] = []
    profiler = Profiler(told.append, clock)
    meters = {"busy": NodeMeter(clock), "new": NodeMeter(clock)}
    meters["busy"].begin()
    meters["busy"].end(7.0)
    for _ in range(9):
        clock.now_s += TOLD_EVERY_S / 4
        profiler.tick_done(lambda: meters, [channel(clock)])
    assert len(told) == 2
    assert told[0].nodes == {"busy": 7.0}, "a node without a tick has no time yet"
    assert [(one.source, one.target, one.capacity, one.fill) for one in told[0].channels] == [("a", "b", 2, 0.0)]


async def test_a_run_tells_of_every_node_and_of_every_channel(tmp_path: Path) -> None:
    play = Performance(tmp_path)
    play.play(stage())
    tick = 0
    async with asyncio.timeout(20):
        while not play.seen(Profiled):
            await play.to(tick)
            tick += 1
    told = play.seen(Profiled)[-1]
    await play.end()
    assert set(told.nodes) == {"speed", "camera", "step", "decode", "show"}
    assert all(0.0 <= ms < 1000.0 for ms in told.nodes.values())
    assert {(one.source, one.target) for one in told.channels} == {
        ("speed", "camera"), ("camera", "step"), ("step", "decode"), ("decode", "show")
    }  # fmt: skip
    assert all(0.0 <= one.fill <= 1.0 and one.capacity >= 1 for one in told.channels)
