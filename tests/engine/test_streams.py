"""Stream nodes: joined by tick, overlapping, equal live and rendered."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import RunRequest
from nodegraph.engine.events import NodeFailed, NodeFinished, TickDone
from tests.fakes import MEETING, SHOWN, Runner, control, document


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


PIPELINE = document(
    {"n": "test.number", "c": "test.count", "f": "test.filter", "x": "test.scale", "s": "test.collect"},
    "c.value > f.a",
    "n.value > f.b",
    "f.value > x.values",
    "x.value > s.values",
)
CONTROLS = (
    control("n", "value", 5, tick=2, id="c1"),
    control("x", "factor", 3.0, tick=4, id="c2"),
    control("c", "step", 2, tick=4, id="c3"),
)


async def test_live_and_render_give_identical_results_for_the_same_controls(runner: Runner) -> None:
    rendered = await runner.run(PIPELINE, ticks=9, controls=CONTROLS)
    first = SHOWN[0]
    lived = await runner.run(PIPELINE, ticks=9, controls=CONTROLS, live=True)
    assert rendered.status == lived.status == "succeeded" and rendered.ticks_done == lived.ticks_done == 9
    assert len(first) == 9 and SHOWN[0] == first
    assert first[:2] == [2.0, 4.0], "before the first control: count + 1, plus half of what was"


async def test_controls_sent_during_a_live_run_replay_to_the_same_result(runner: Runner) -> None:
    """Whatever moment a control comes at, its log reproduces what it did."""
    sent = [(3, control("n", "value", 7)), (3, control("c", "step", -2)), (6, control("x", "factor", 0.5))]
    receipts = []
    run: Any = None

    def listen(event: Any) -> None:
        if isinstance(event, TickDone):
            while sent and sent[0][0] <= event.tick:
                receipts.append(run.control(sent.pop(0)[1]))

    runner.events = type("Tap", (list,), {"append": lambda self, event: listen(event)})()  # type: ignore[assignment]
    SHOWN.clear()
    run = runner.engine.start(RunRequest(run_id="live", document=PIPELINE, live=True, ticks=14), runner.events.append)
    await run.wait()
    lived = SHOWN[0]
    assert len(receipts) == 3 and [item.tick for item in run.control_log] == [item.tick for item in receipts]
    await runner.run(PIPELINE, ticks=14, controls=tuple(run.control_log))
    assert SHOWN[0] == lived and len(lived) == 14
    await runner.run(PIPELINE, ticks=14)
    assert SHOWN[0] != lived, "the controls did something"


async def test_streams_join_by_tick(runner: Runner) -> None:
    nodes = {"c": "test.count", "d": ("test.count", {"step": 10}), "p": "test.pair", "s": "test.collect"}
    await runner.run(document(nodes, "c.value > p.left", "d.value > p.right", "p.value > s.values"), ticks=4)
    assert SHOWN[0] == [(1, 10), (2, 20), (3, 30), (4, 40)]


async def test_a_value_in_a_stream_input_is_the_same_item_every_tick(runner: Runner) -> None:
    nodes = {"a": "test.add", "s": "test.collect"}
    await runner.run(document(nodes, "a.value > s.values"), ticks=3)
    assert SHOWN[0] == [1.0, 1.0, 1.0]


async def test_a_stream_lifts_a_value_node(runner: Runner) -> None:
    nodes = {"c": "test.count", "a": ("test.add", {"b": 5}), "b": ("test.add_async", {"b": 1}), "s": "test.collect"}
    await runner.run(document(nodes, "c.value > a.a", "a.value > b.a", "b.value > s.values"), ticks=3)
    assert SHOWN[0] == [7.0, 8.0, 9.0]


async def test_an_output_value_node_behind_a_stream_runs_every_tick(runner: Runner) -> None:
    await runner.run(document({"c": "test.count", "s": "test.show"}, "c.value > s.value"), ticks=3)
    assert SHOWN == [1.0, 2.0, 3.0]


async def test_a_stream_without_a_tick_parameter_is_moved_on_by_the_engine(runner: Runner) -> None:
    nodes = {"o": ("test.lfo", {"scale": 2.0}), "s": "test.collect"}
    outcome = await runner.run(
        document(nodes, "o.value > s.values"), ticks=4, controls=(control("o", "scale", 10, tick=2),)
    )
    assert SHOWN[0] == [0.0, 2.0, 20.0, 30.0] and outcome.ticks_done == 4


async def test_a_source_that_ends_early_ends_the_run_and_its_other_sources(runner: Runner) -> None:
    nodes = {"c": ("test.count", {"limit": 3}), "d": "test.count", "p": "test.pair", "s": "test.collect"}
    data = document(nodes, "c.value > p.left", "d.value > p.right", "p.value > s.values")
    outcome = await runner.run(data, ticks=10**9)
    assert outcome.status == "succeeded" and len(SHOWN[0]) == 3
    assert {event.node for event in runner.seen(NodeFinished)} == {"c", "d", "p", "s"}


async def test_one_source_feeds_many_and_each_sees_every_tick(runner: Runner) -> None:
    nodes = {"c": "test.count", "x": "test.scale", "s": "test.collect", "t": "test.collect"}
    data = document(nodes, "c.value > x.values", "x.value > s.values", "c.value > t.values")
    await runner.run(data, ticks=20, live=True)
    assert SHOWN[0] == SHOWN[1] == [float(t + 1) for t in range(20)]


@pytest.mark.parametrize("live", [False, True])
async def test_a_node_that_holds_back_many_ticks_does_not_lock_the_graph(runner: Runner, live: bool) -> None:
    """The direct wire from the source fills up while the other path gives nothing: its channel grows."""
    nodes = {"c": "test.count", "h": ("test.hold", {"ticks": 12}), "p": "test.pair", "s": "test.collect"}
    data = document(nodes, "c.value > h.values", "h.value > p.left", "c.value > p.right", "p.value > s.values")
    run = runner.start(data, ticks=24, live=live)
    outcome = await asyncio.wait_for(run.wait(), 20)
    assert outcome.status == "succeeded" and SHOWN[0] == [(t + 1.0, t + 1.0) for t in range(24)]


async def test_a_graph_that_would_need_endless_room_is_refused_and_does_not_hang(runner: Runner) -> None:
    nodes = {"c": "test.count", "h": ("test.hold", {"ticks": 5000}), "p": "test.pair", "s": "test.collect"}
    data = document(nodes, "c.value > h.values", "h.value > p.left", "c.value > p.right", "p.value > s.values")
    outcome = await asyncio.wait_for(runner.start(data, ticks=10_000).wait(), 20)
    assert outcome.status == "failed" and outcome.error is not None and "1024 ticks" in outcome.error.message


async def test_an_error_in_the_middle_of_a_stream_names_the_node_and_closes_what_follows(runner: Runner) -> None:
    nodes = {"c": "test.count", "b": ("test.break", {"at": 3}), "s": "test.collect", "t": "test.collect"}
    data = document(nodes, "c.value > b.values", "b.value > s.values", "c.value > t.values")
    outcome = await runner.run(data, ticks=8)
    assert outcome.status == "failed" and outcome.error is not None
    assert (outcome.error.code, outcome.error.node) == ("node_failed", "b")
    assert [event.node for event in runner.seen(NodeFailed)] == ["b"]
    kept = sorted(SHOWN, key=len)
    assert kept == [[1.0, 2.0, 3.0], [float(t + 1) for t in range(8)]], "the other branch goes on to its end"


async def test_a_film_of_a_failed_run_is_closed_with_what_there_is(runner: Runner, tmp_path: Path) -> None:
    nodes = {"c": "test.count", "b": ("test.break", {"at": 2}), "f": "test.film"}
    outcome = await runner.run(document(nodes, "c.value > b.values", "b.value > f.values"), ticks=8)
    assert outcome.status == "failed" and outcome.results["f"][0].path.read_text() == "1.0\n2.0"


async def test_a_failed_value_keeps_its_streams_from_starting(runner: Runner) -> None:
    nodes = {"e": "test.fail", "c": "test.count", "s": "test.collect", "d": "test.count", "t": "test.collect"}
    data = document(nodes, "e.value > c.step", "c.value > s.values", "d.value > t.values")
    outcome = await runner.run(data, ticks=2)
    assert outcome.status == "failed" and SHOWN == [[1.0, 2.0]]


async def test_a_finished_file_feeds_nodes_after_the_end(runner: Runner) -> None:
    nodes = {"c": "test.count", "f": ("test.film", {"prefix": "a/b"}), "l": "test.label", "s": "test.show"}
    outcome = await runner.run(document(nodes, "c.value > f.values", "f.file > l.file", "l.text > s.value"), ticks=2)
    saved = outcome.results["f"][0]
    assert [saved.filename] == SHOWN and saved.subfolder == "a" and saved.path.read_text() == "1.0\n2.0"


async def test_ticks_are_reported_once_in_order_with_their_timings(runner: Runner) -> None:
    await runner.run(PIPELINE, ticks=5)
    done = runner.seen(TickDone)
    assert [event.tick for event in done] == [0, 1, 2, 3, 4]
    assert all(event.node == "s" and event.timings == {"step": 2.0} for event in done)


async def test_three_stages_overlap(tmp_path: Path) -> None:
    """The stages wait for each other inside their threads, each one tick behind the one before it."""
    MEETING.append(threading.Barrier(3, timeout=10))
    nodes: dict[str, Any] = {"c": "test.count", "s": "test.collect"}
    nodes |= {name: ("test.meet", {"at": at}) for name, at in (("x", 4), ("y", 3), ("z", 2))}
    edges = ("c.value > x.values", "x.value > y.values", "y.value > z.values", "z.value > s.values")
    try:
        outcome = await Runner(tmp_path).run(document(nodes, *edges), ticks=10, live=True)
    finally:
        MEETING.clear()
    assert outcome.status == "succeeded" and len(SHOWN[0]) == 10


async def test_live_channels_hold_one_tick_and_sources_wait_for_demand(runner: Runner) -> None:
    run = runner.start(PIPELINE, ticks=20, live=True)
    await run.wait()
    by_name = {(found.source, found.target): found for found in run.channels}
    assert {found.capacity for found in by_name.values()} == {1}
    assert all(found.sent == 20 and found.peak <= 1 for found in by_name.values())


async def test_a_render_works_ahead(runner: Runner) -> None:
    run = runner.start(PIPELINE, ticks=20)
    await run.wait()
    assert max(found.peak for found in run.channels) > 1


async def test_a_render_without_ticks_takes_those_of_the_workflow_or_eight_seconds(runner: Runner) -> None:
    data = document({"c": "test.count", "s": "test.collect"}, "c.value > s.values")
    assert (await runner.run(data)).ticks_done == 48
    assert (await runner.run({**data, "run": {"mode": "render", "ticks": 5}})).ticks_done == 5


async def test_an_unread_stream_is_named(runner: Runner) -> None:
    nodes = {"c": "test.count", "d": "test.count", "u": "test.unread", "s": "test.collect"}
    data = document(nodes, "c.value > u.left", "d.value > u.right", "u.value > s.values")
    outcome = await runner.run(data, ticks=1000)
    assert outcome.error is not None and outcome.error.port == "right"


async def test_a_bypassed_stage_is_bridged(runner: Runner) -> None:
    data = document(
        {"c": "test.count", "x": ("test.scale", {"factor": 9}), "s": "test.collect"},
        "c.value > x.values",
        "x.value > s.values",
    )
    data["nodes"][1]["mode"] = "bypassed"
    await runner.run(data, ticks=2)
    assert SHOWN[0] == [1.0, 2.0]
