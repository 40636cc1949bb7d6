"""The graph changes while the run goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import Edit, EditReceipt, Event, LocalEngine, RunRequest
from nodegraph.engine.clock import LiveClock
from nodegraph.engine.events import ControlApplied, EditApplied, EditRolledBack, NodeFailed, NodeFinished, TickDone
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import InvalidWorkflow
from nodegraph.values import TICK_S
from tests.engine.kit import FAULTS, SEEN, Performance, registry, stage, tail
from tests.fakes import FakeTime

CUT = ("camera.value > step.a",)


@pytest.fixture
def show(tmp_path: Path) -> Performance:
    FAULTS.clear()
    return Performance(tmp_path)


def with_gain(factor: float = 2.0) -> dict[str, Any]:
    """Return the stage with a node put into the wire from the camera."""
    return stage(
        {"gain": ("take.gain", {"factor": factor})}, "camera.value > gain.values", "gain.value > step.a", without=CUT
    )


def with_fly() -> dict[str, Any]:
    """Return the stage with the other camera."""
    return stage({"camera": "take.fly"})


def muted(document: dict[str, Any], node: str, mode: str = "muted") -> dict[str, Any]:
    """Return the document with one node muted."""
    nodes = [{**item, "mode": mode} if item["id"] == node else item for item in document["nodes"]]
    return {**document, "nodes": nodes}


async def finished(show: Performance, tick: int) -> dict[tuple[str, int], bytes]:
    """Play to a tick, stop, and return the items up to it."""
    await show.to(tick)
    items = tail(show.items, 0, tick + 1)
    await show.end()
    return items


async def test_a_value_changes_hot_at_the_first_tick_nobody_has_begun(show: Performance) -> None:
    run = show.play(stage())
    await show.to(4)
    receipt = await show.edit(stage({"speed": ("test.number", {"value": 6.0})}))
    assert (
        receipt == EditReceipt("edit", "hot", receipt.tick, ("sets value of test.number speed",)) and receipt.tick > 4
    )
    items = await finished(show, 12)
    assert [(event.node, event.tick) for event in show.seen(ControlApplied)] == [("speed", receipt.tick)]
    assert run.edit_log[0].tick == receipt.tick and run.control_log == []
    straight = await show.replayed(stage(), 13)
    assert straight == items


@pytest.mark.parametrize(
    ("document", "change"),
    [
        (with_gain(), "adds take.gain gain"),
        (with_fly(), "changes take.fly camera"),
        (stage({"camera": ("take.orbit", {"radius": 3.0})}), "changes take.orbit camera"),
        (stage({"show2": "take.show"}, "decode.frames > show2.frames"), "adds take.show show2"),
        (stage({"m": "take.meter"}, "camera.value > m.values"), "adds take.meter m"),
        (stage(without=CUT), "removes take.orbit camera"),
        (muted(stage(), "camera"), "mutes take.orbit camera"),
    ],
)
async def test_nodes_and_wires_change_warm_and_the_take_replays_bit_for_bit(
    show: Performance, document: dict[str, Any], change: str
) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    await show.to(5)
    show.control("speed", "value", 3.0)
    await show.to(7)
    receipt = await show.edit(document)
    assert receipt.kind == "warm" and change in receipt.changes and receipt.tick >= 8
    await show.to(11)
    await show.edit(stage({"speed": ("test.number", {"value": -2.0})}))
    items = await finished(show, 19)
    assert len(tail(items, 0)) == 40, "no tick is missing"
    (applied, _) = show.seen(EditApplied)
    assert (applied.kind, applied.tick) == ("warm", receipt.tick) and applied.gap_ms < 160
    assert show.seen(NodeFailed) == []
    assert await show.replayed(stage(), 20) == items
    for tick, _ in run.held():
        state = await run.state_before(tick)
        assert await show.replayed(stage(), 20, state) == tail(items, tick)


async def test_sessions_and_sinks_that_stay_never_notice(show: Performance) -> None:
    show.play(stage())
    await show.to(5)
    await show.edit(with_gain())
    await show.edit(with_fly())
    await show.to(9)
    assert SEEN["show"] == [*range(10)]
    assert {event.node for event in show.seen(NodeFinished)} <= {"gain", "camera"}
    await show.end()


async def test_a_node_that_comes_back_goes_on_from_where_it_was(show: Performance) -> None:
    document = stage({"m": "take.meter"}, "camera.value > m.values")
    show.play(document)
    await show.to(5)
    await show.edit(muted(document, "m"))
    left = await show.edit(muted(muted(document, "camera"), "m"))
    await show.to(9)
    assert SEEN["m"] == [float(t + 1) for t in range(6)] or len(SEEN["m"]) <= left.tick
    await show.edit(document)
    items = await finished(show, 14)
    assert SEEN["m"][-1] < 15.0 and SEEN["m"] == [float(i + 1) for i in range(len(SEEN["m"]))]
    assert await show.replayed(document, 15) == items


async def test_another_session_is_cold_and_nothing_happens(show: Performance) -> None:
    run = show.play(stage())
    await show.to(3)
    receipt = await show.edit(stage({"step": ("take.step", {"seed": 4})}))
    assert receipt.kind == "cold" and receipt.changes == ("changes take.step step",)
    without = stage({"x": "take.meter"}, "camera.value > x.values", without=("step.latent > decode.latent",))
    without["nodes"] = [node for node in without["nodes"] if node["id"] not in ("step", "decode", "show")]
    without["edges"] = [edge for edge in without["edges"] if edge["to"][0] in ("camera", "x")]
    assert (await show.edit(without)).kind == "cold"
    items = await finished(show, 8)
    assert run.edit_log == [] and items == await show.replayed(stage(), 9)


def test_the_engine_judges_without_a_run(show: Performance) -> None:
    engine = show.engine
    assert engine.classify(stage(), stage()) == ("hot", ())
    assert engine.classify(stage(), stage({"speed": ("test.number", {"value": 2.0})}))[0] == "hot"
    assert engine.classify(stage(), with_gain()) == ("warm", ("adds take.gain gain", "rewires take.step step"))
    assert engine.classify(with_gain(), muted(with_gain(), "gain", "bypassed"))[1][0] == "bypasses take.gain gain"
    assert engine.classify(stage(), stage({"step": ("take.step", {"seed": 9})}))[0] == "cold"


async def test_an_invalid_edit_names_everything_and_leaves_the_stream_alone(show: Performance) -> None:
    run = show.play(stage())
    await show.to(3)
    with pytest.raises(InvalidWorkflow) as caught:
        await show.edit(stage(without=("step.latent > decode.latent",)))
    assert caught.value.problems
    items = await finished(show, 7)
    assert run.edit_log == [] and items == await show.replayed(stage(), 8)


async def test_a_node_that_fails_in_the_dry_run_never_takes_part(show: Performance) -> None:
    run = show.play(stage())
    await show.to(3)
    FAULTS["gain"] = 0
    with pytest.raises(NodegraphError, match="gain"):
        await show.edit(with_gain())
    items = await finished(show, 7)
    assert run.edit_log == [] and show.seen(NodeFailed) == [] and items == await show.replayed(stage(), 8)


async def test_a_value_that_cannot_be_made_refuses_the_edit(show: Performance) -> None:
    show.play(stage())
    await show.to(3)
    bad = stage({"bad": "test.fail", "camera": "take.orbit"}, "bad.value > camera.radius")
    with pytest.raises(NodegraphError) as caught:
        await show.edit(bad)
    assert caught.value.node == "bad" and show.seen(NodeFailed) == []
    await finished(show, 6)


async def test_a_node_that_fails_in_its_first_tick_is_rolled_back_and_the_stream_goes_on(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    await show.to(5)
    FAULTS["gain"] = 1  # the dry run passes
    receipt = await show.edit(with_gain())
    show.clock.allow(receipt.tick)
    back = await show.until(EditRolledBack)
    assert back.id == "edit" and back.error.node == "gain" and back.tick > receipt.tick
    await show.to(back.tick + 8)
    assert show.seen(NodeFailed) == [] and run.status == "running"
    items = dict(show.items)
    lost = [tick for tick in range(back.tick) if ("step", tick) not in items]
    assert lost == [*range(receipt.tick, back.tick)], "only the ticks until the way back are lost"
    assert [edit.id for edit in run.edit_log] == ["edit", "edit/rollback"]
    state = await run.state_before(back.tick)
    assert state.tick == back.tick, "the run can be rewound to where it went on"
    await show.end()
    assert await show.replayed(stage(), back.tick + 8, state) == tail(items, back.tick, back.tick + 8)


async def test_a_side_branch_that_fails_leaves_the_picture_alone_and_an_edit_begins_it_again(show: Performance) -> None:
    document = stage({"show2": "take.show"}, "decode.frames > show2.frames")
    show.play(document)
    await show.to(3)
    FAULTS["show"] = 0
    await show.to(8)
    assert len(show.seen(NodeFailed)) == 1
    failed = show.seen(NodeFailed)[0].node
    other = "show2" if failed == "show" else "show"
    assert SEEN[other] == [*range(9)]
    receipt = await show.edit(document)
    assert receipt.changes == (f"restarts take.show {failed}",)
    await show.to(14)
    assert SEEN[failed][-1] == 14 and SEEN[other] == [*range(15)]
    await show.end()


@pytest.mark.parametrize("name", ["decode", "step"])
async def test_a_node_of_the_main_path_that_fails_waits_for_an_edit_and_goes_on_from_its_last_state(
    show: Performance, name: str
) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=4)
    await show.to(6)
    FAULTS[name] = 0
    show.clock.allow(20)
    failed = await show.until(NodeFailed)
    assert failed.node == name and run.status == "running"
    receipt = await show.edit(stage())
    assert receipt.kind == "warm" and f"restarts take.{name} {name}" in receipt.changes
    await show.to(receipt.tick + 6)
    state = await run.state_before(receipt.tick)
    assert state.tick == receipt.tick and state.exact
    items = dict(show.items)
    outcome = await show.end()
    assert outcome.error is None
    assert await show.replayed(stage(), receipt.tick + 6, state) == tail(items, receipt.tick, receipt.tick + 6)


async def test_a_run_that_waits_for_an_edit_can_be_stopped(show: Performance) -> None:
    show.play(stage({"film": "test.film"}, "camera.value > film.values"))
    await show.to(4)
    FAULTS["step"] = 0
    show.clock.allow(9)
    await show.until(NodeFailed)
    outcome = await show.end()
    assert outcome.status == "cancelled" and outcome.results["film"][0].path.stat().st_size


async def test_a_run_that_fails_before_it_has_shown_anything_ends(show: Performance) -> None:
    FAULTS["step"] = 0
    run = show.play(stage())
    show.clock.allow(9)
    outcome = await asyncio.wait_for(run.wait(), 20)
    assert outcome.status == "failed" and outcome.error.node == "step"


async def test_a_film_that_an_edit_takes_out_is_closed(show: Performance) -> None:
    document = stage({"film": "test.film"}, "camera.value > film.values")
    show.play(document)
    await show.to(5)
    receipt = await show.edit(stage())
    await show.to(8)
    outcome = await show.end()
    assert len(outcome.results["film"][0].path.read_text().splitlines()) == receipt.tick


async def test_edits_and_controls_of_one_tick_keep_their_order_in_a_replay(show: Performance) -> None:
    show.play(stage())
    await show.to(4)
    show.control("speed", "value", 9.0)
    await show.edit(stage({"speed": ("test.number", {"value": 2.0})}))
    items = await finished(show, 9)
    assert await show.replayed(stage(), 10) == items


async def test_nodes_that_hold_items_back_are_waited_for(show: Performance) -> None:
    document = stage(
        {"hold": ("test.hold", {"ticks": 4}), "m": "take.meter"}, "camera.value > hold.values", "hold.value > m.values"
    )
    show.play(document)
    await show.to(7)
    show.clock.allow(30)
    receipt = await show.edit(
        {
            **document,
            "nodes": [*document["nodes"], {"id": "n", "type": "take.meter", "inputs": {}}],
            "edges": [*document["edges"], {"from": ["camera", "value"], "to": ["n", "values"]}],
        }
    )
    assert receipt.kind == "warm" and receipt.tick % 4 == 0
    await show.to(27)
    assert SEEN["n"][0] == receipt.tick + 1.0
    await show.end()


async def test_an_edit_of_a_run_that_is_over_is_refused(show: Performance) -> None:
    run = show.play(stage(), ticks=3)
    show.clock.allow(9)
    await run.wait()
    with pytest.raises(UserInputError, match="over"):
        await show.edit(with_gain())


async def test_an_edit_that_waits_for_a_later_tick_is_told_when_the_run_ends(show: Performance) -> None:
    run = show.play(stage(), ticks=6)
    await show.to(2)
    waiting = asyncio.create_task(run.edit(Edit(id="late", document=with_gain(), tick=50)))
    show.clock.allow(9)
    with pytest.raises(UserInputError, match="over"):
        await asyncio.wait_for(waiting, 20)
    assert (await run.wait()).status == "succeeded"


async def test_an_edit_whose_sender_gives_up_lets_the_stream_go_on(show: Performance) -> None:
    run = show.play(stage())
    await show.to(2)
    waiting = asyncio.create_task(run.edit(Edit(id="late", document=with_gain(), tick=5)))
    await asyncio.sleep(0)
    waiting.cancel()
    items = await finished(show, 9)
    assert items == await show.replayed(stage(), 10)


async def test_edits_before_the_first_tick_and_one_after_the_other(show: Performance) -> None:
    run = show.play(stage())
    first = asyncio.create_task(run.edit(Edit(id="a", document=with_gain())))
    second = asyncio.create_task(run.edit(Edit(id="b", document=with_fly())))
    receipts = await asyncio.wait_for(asyncio.gather(first, second), 20)
    assert [receipt.tick for receipt in receipts] == [0, 0]
    items = await finished(show, 9)
    assert len(show.seen(TickDone)) >= 10 and await show.replayed(stage(), 10) == items


async def test_a_value_set_hot_is_not_given_to_the_node_that_replaces_it_at_the_same_tick(show: Performance) -> None:
    run = show.play(stage(without=("speed.value > camera.speed",)), state_budget_bytes=10**6, state_every=3)
    await show.to(1)
    for nodes in ({"camera": ("take.orbit", {"speed": 5.0})}, {"camera": "take.fly"}, {"camera": "take.orbit"}):
        receipt = await show.edit(stage(nodes, without=("speed.value > camera.speed",)))
    items = await finished(show, 7)
    assert receipt.tick == 2 and [edit.tick for edit in run.edit_log] == [2, 2, 2]
    state = await run.state_before(3)
    assert state.document["nodes"][1]["inputs"] == {} and state.values == {}
    assert await show.replayed(run.document, 8, state) == tail(items, 3)


async def test_a_hot_edit_at_the_tick_of_a_state_undoes_the_control_before_it(show: Performance) -> None:
    run = show.play(stage(), state_budget_bytes=10**6, state_every=3)
    await show.to(1)
    show.control("speed", "value", 8.0)
    await show.to(2)
    assert (await show.edit(stage({"speed": ("test.number", {"value": 4.0})}))).tick == 3
    items = await finished(show, 7)
    state = await run.state_before(3)
    assert state.tick == 3 and state.values == {}
    assert await show.replayed(stage(), 8, state) == tail(items, 3)


async def test_the_frame_clock_runs_on_through_edits(tmp_path: Path) -> None:
    """Each edit is in force before the next tick is due: nobody has to wait for it."""
    time = FakeTime()
    edits = [with_gain(), with_fly(), stage({"camera": "take.fly", "speed": ("test.number", {"value": 2.0})}), stage()]
    receipts: list[asyncio.Task[EditReceipt]] = []
    done: dict[int, float] = {}

    async def sleep(seconds: float) -> None:
        await asyncio.gather(*receipts)
        await time.sleep(seconds)

    def listen(event: Event) -> None:
        if isinstance(event, TickDone):
            done[event.tick] = time.now_s
            if event.tick % 3 == 2 and edits:
                receipts.append(asyncio.create_task(run.edit(Edit(id=str(event.tick), document=edits.pop(0)))))
        if isinstance(event, EditApplied):
            gaps.append(event.gap_ms)

    gaps: list[float] = []
    engine = LocalEngine(registry(), data_dir=tmp_path, live_clock=lambda n: LiveClock(n, now=time.now, sleep=sleep))
    run = engine.start(RunRequest(run_id="r", document=stage(), live=True, ticks=20), listen)
    assert (await asyncio.wait_for(run.wait(), 20)).status == "succeeded"
    assert [(await task).kind for task in receipts] == ["warm", "warm", "hot", "warm"]
    assert [round((done[tick] - done[0]) / TICK_S, 6) for tick in range(20)] == [float(tick) for tick in range(20)]
    assert gaps == [0.0] * 4
