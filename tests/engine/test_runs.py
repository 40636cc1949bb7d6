"""Controls, cancellation, files and context of a run."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import RunRequest
from nodegraph.engine.events import ControlApplied, NodeProgress, NodeResult, TickDone
from nodegraph.engine.files import input_path, reserve_output
from nodegraph.engine.workers import Workers
from nodegraph.errors import NodegraphError
from nodegraph.values import Frames
from tests import fakes
from tests.fakes import SHOWN, Probe, Runner, control, document


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


STEERED = document(
    {"n": "test.number", "c": ("test.count", {"limit": 100}), "f": "test.filter", "s": "test.collect"},
    "n.value > c.step",
    "c.value > f.a",
    "f.value > s.values",
)


async def test_a_control_is_bound_to_the_first_tick_nobody_has_begun_and_reported_when_applied(runner: Runner) -> None:
    applied: list[Any] = []
    receipt: Any = None

    def listen(event: Any) -> None:
        nonlocal receipt
        if isinstance(event, TickDone) and event.tick == 3:
            receipt = run.control(control("n", "value", 5, id="mine"))
        if isinstance(event, ControlApplied):
            applied.append(event)

    run = runner.engine.start(RunRequest(run_id="r", document=STEERED, live=True, ticks=12), listen)
    await run.wait()
    assert receipt.id == "mine" and receipt.tick > 3
    assert applied == [ControlApplied("mine", "n", "value", receipt.tick)]


async def test_a_tick_that_has_begun_is_moved_and_a_later_one_is_kept(runner: Runner) -> None:
    run = runner.start(STEERED, live=True, ticks=12, controls=(control("n", "value", 2, tick=7),))
    assert run.control(control("n", "value", 3, tick=0)).tick == 0
    assert run.control(control("n", "value", 4, tick=9)).tick == 9
    await run.wait()
    assert [event.tick for event in runner.seen(ControlApplied)] == [0, 7, 9]


@pytest.mark.parametrize(
    ("node", "port", "value", "code"),
    [
        ("zzz", "value", 1, "not_found"),
        ("n", "zzz", 1, "unknown_port"),
        ("n", "value", 101, "out_of_range"),
        ("n", "value", "fast", "type_mismatch"),
        ("c", "limit", 3, "bad_request"),
        ("c", "step", 3, "bad_request"),
    ],
)
async def test_a_control_that_cannot_work_is_refused_with_node_port_and_remedy(
    runner: Runner, node: str, port: str, value: Any, code: str
) -> None:
    run = runner.start(STEERED, live=True)
    with pytest.raises(NodegraphError) as caught:
        run.control(control(node, port, value))
    run.stop()
    await run.wait()
    error = caught.value
    assert (error.code, error.node, error.port) == (code, node, port) and error.remedy
    assert run.control_log == []


async def test_a_control_of_a_value_taken_once_is_refused(runner: Runner) -> None:
    data = document({"n": "test.number", "a": "test.add_once", "s": "test.show"}, "n.value > a.a", "a.value > s.value")
    run = runner.start(data)
    with pytest.raises(NodegraphError, match="evaluated once"):
        run.control(control("n", "value", 2))
    await run.wait()
    with pytest.raises(NodegraphError, match="over"):
        run.control(control("n", "value", 2))


async def test_a_control_after_the_last_tick_is_refused(runner: Runner) -> None:
    with pytest.raises(NodegraphError, match="ends before"):
        runner.start(STEERED, ticks=4, controls=(control("n", "value", 2, tick=4),))


async def test_an_unchanged_control_keeps_the_very_same_value(runner: Runner) -> None:
    """A stage that looks at identity does not see a change where there is none."""
    nodes = {"p": "test.pass", "n": "test.number", "c": "test.count", "s": "test.collect", "q": "test.collect"}
    data = document(nodes, "n.value > p.value", "p.value > q.values", "c.value > s.values", "n.value > c.step")
    await runner.run(data, ticks=6, controls=(control("n", "value", 1.0, tick=2), control("n", "value", 4, tick=4)))
    assert SHOWN[0] == [1.0, 1.0, 1.0, 1.0, 4.0, 4.0] or SHOWN[1] == [1.0, 1.0, 1.0, 1.0, 4.0, 4.0]


async def test_stop_ends_a_live_run_without_ticks(runner: Runner) -> None:
    run = runner.start(STEERED, live=True)
    for _ in range(50):
        await asyncio.sleep(0)
    assert run.status == "running"
    run.stop()
    outcome = await run.wait()
    assert outcome.status == run.status == "cancelled" and outcome.error is None


async def test_stop_in_the_middle_of_a_tick_waits_for_the_call_in_flight_and_closes_the_generator(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = Probe()
    monkeypatch.setattr(fakes, "PROBE", probe)
    run = runner.start(document({"b": "test.block", "s": "test.collect"}, "b.value > s.values"), live=True)
    await asyncio.to_thread(probe.entered.wait, 10)
    run.stop()
    run.stop()
    ended = asyncio.ensure_future(run.wait())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not ended.done() and probe.log == [], "the call is still inside"
    probe.leave.set()
    assert (await ended).status == "cancelled" and SHOWN == [[]]
    assert probe.log == ["call ended", "generator closed"]


async def test_stop_while_values_are_made_waits_for_the_node_at_work_and_skips_the_rest(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = Probe()
    monkeypatch.setattr(fakes, "PROBE", probe)
    nodes = {"w": "test.wait", "a": "test.add", "s": "test.show"}
    run = runner.start(document(nodes, "w.value > a.a", "a.value > s.value"))
    await asyncio.to_thread(probe.entered.wait, 10)
    run.stop()
    probe.leave.set()
    assert (await run.wait()).status == "cancelled"
    assert fakes.CALLS == [] and SHOWN == []


async def test_stopping_a_live_recording_closes_the_film(runner: Runner) -> None:
    data = document({"c": "test.count", "f": "test.film"}, "c.value > f.values")
    run = runner.start(data, live=True)
    await runner.first(TickDone)
    run.stop()
    outcome = await run.wait()
    assert outcome.status == "cancelled"
    lines = outcome.results["f"][0].path.read_text().splitlines()
    assert lines == [f"{t + 1:.1f}" for t in range(outcome.ticks_done)] and lines


async def test_a_cancelled_render_leaves_no_file_behind(runner: Runner, tmp_path: Path) -> None:
    data = document({"c": "test.count", "f": "test.film"}, "c.value > f.values")
    run = runner.start(data, ticks=10**9)
    await runner.first(TickDone)
    run.stop()
    assert (await run.wait()).results == {}
    assert not any((tmp_path / "output").iterdir())


async def test_one_waiter_that_gives_up_does_not_end_the_run(runner: Runner) -> None:
    run = runner.start(STEERED, ticks=20)
    waiter = asyncio.ensure_future(run.wait())
    await asyncio.sleep(0)
    waiter.cancel()
    assert (await run.wait()).status == "succeeded"


async def test_the_context_tells_the_run_and_passes_on_what_nodes_report(tmp_path: Path) -> None:
    offered: list[tuple[str, str, int, str, int]] = []

    class Sink:
        def offer(self, run_id: str, node_id: str, frames: Frames, *, format: str, quality: int) -> None:
            offered.append((run_id, node_id, frames.tick, format, quality))

    runner = Runner(tmp_path, preview=Sink())
    nodes = {"c": "test.count", "p": "test.preview", "i": "test.inspect"}
    await runner.run(document(nodes, "c.value > p.values", "c.value > i.values"), ticks=2, live=True)
    assert offered == [("run", "p", 0, "jpeg", 80), ("run", "p", 1, "jpeg", 80)]
    assert SHOWN == [("run", "i", True, 2, 3)]
    assert runner.seen(NodeProgress) == [NodeProgress("i", 1, 2), NodeProgress("i", 2, 2)]


async def test_a_result_is_announced_and_kept(runner: Runner, tmp_path: Path) -> None:
    data = document({"c": "test.count", "f": ("test.film", {"prefix": "day/film"})}, "c.value > f.values")
    first, second = [await runner.run(data, ticks=1) for _ in range(2)]
    saved = first.results["f"][0]
    assert (saved.filename, saved.subfolder, saved.media_type) == ("film_00001.txt", "day", "text/plain")
    assert saved.path.parts[-3:] == ("output", "day", "film_00001.txt") and saved.path.is_relative_to(tmp_path)
    assert second.results["f"][0].filename == "film_00002.txt"
    assert runner.seen(NodeResult) == [NodeResult("f", second.results["f"][0])]


@pytest.mark.parametrize("prefix", ["../x", "/etc/x", "a/../../x", "a\\..\\x", "", "c:x", "x\0"])
async def test_a_result_never_leaves_the_output_folder(runner: Runner, tmp_path: Path, prefix: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        reserve_output(tmp_path / "output", prefix, ".txt")
    assert caught.value.code == "path_outside"


def test_links_do_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.png").write_text("x")
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "input" / "own.png").write_text("x")
    for name in ("link/a.png", "../secret/a.png"):
        with pytest.raises(NodegraphError) as caught:
            input_path(tmp_path / "input", name)
        assert caught.value.code == "path_outside"
    with pytest.raises(NodegraphError) as caught:
        reserve_output(tmp_path / "input", "link/a", ".png")
    assert caught.value.code == "path_outside"
    assert input_path(tmp_path / "input", "own.png").read_text() == "x"
    with pytest.raises(NodegraphError) as caught:
        input_path(tmp_path / "input", "gone.png")
    assert caught.value.code == "not_found"


async def test_a_blocking_call_keeps_its_thread_and_passes_on_what_it_raises() -> None:
    workers = Workers()

    def stop() -> None:
        raise StopIteration

    names = [await workers.call(name, lambda: threading.current_thread().name) for name in ("a", "b", "a")]
    assert names[0] == names[2] != names[1]
    with pytest.raises(ZeroDivisionError):
        await workers.call("a", lambda: 1 // 0)
    with pytest.raises(RuntimeError, match="StopIteration"):
        await workers.call("a", stop)
    workers.close()


async def test_a_call_that_has_not_begun_is_dropped_by_a_cancel() -> None:
    workers, leave, ran = Workers(), threading.Event(), []
    first = asyncio.ensure_future(workers.call("a", leave.wait, 10))
    second = asyncio.ensure_future(workers.call("a", ran.append, 1))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    leave.set()
    assert await first is True and ran == []
    workers.close()


async def test_runs_side_by_side_do_not_mix(runner: Runner) -> None:
    SHOWN.clear()
    runs = [
        runner.engine.start(
            RunRequest(
                run_id=str(i), document=STEERED, live=False, ticks=5, controls=(control("n", "value", i, tick=0),)
            ),
            lambda event: None,
        )
        for i in range(3)
    ]
    outcomes = await asyncio.gather(*(run.wait() for run in runs))
    assert [outcome.status for outcome in outcomes] == ["succeeded"] * 3
    assert sorted(kept[0] for kept in SHOWN) == [0.0, 1.0, 2.0]


async def test_a_node_that_cleans_up_is_cancelled_once(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others that end sooner, and a second stop, do not cut its clean-up short."""
    probe = Probe()
    monkeypatch.setattr(fakes, "PROBE", probe)
    nodes = {"c": "test.count", "k": "test.careful", "d": "test.count", "s": "test.collect"}
    run = runner.start(document(nodes, "c.value > k.values", "d.value > s.values"), live=True)
    await asyncio.to_thread(probe.entered.wait, 10)
    run.stop()
    await asyncio.sleep(0)
    run.stop()
    await run.wait()
    assert probe.log[-2:] == ["first", "second"]
