"""A take can be gone on with from any tick, edited while it runs, and rendered again; every hash agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType

from nodegraph.engine import LocalEngine
from nodegraph.server.keys import TAKES
from nodegraph.takes import ReplayReport, TakeReader, replay
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_live import connected, message, start


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server:
        yield server


class Director:
    """One client with one socket that steers runs."""

    def __init__(self, server: Server, ws: Any) -> None:
        self.server, self.ws = server, ws

    async def push(self, run_id: str, value: float) -> int:
        """Steer; return the tick it took effect."""
        data = {"run_id": run_id, "id": f"c{value}", "node": "1", "input": "push", "value": value}
        await self.ws.send_json({"type": "control", "data": data})
        return int((await message(self.ws, "control_applied"))["tick"])

    async def until(self, run_id: str, tick: int) -> None:
        """Wait until a tick of a run is committed; where it never will be, fail at once."""
        async for one in self.ws:
            if one.type is not WSMsgType.TEXT:
                continue
            kind, data = one.json()["type"], one.json()["data"]
            if run_id not in (data.get("run_id"), data.get("prompt_id")):
                continue
            if kind == "take_tick" and data["tick"] >= tick:
                return
            if kind in ("run_finished", "take_stopped", "execution_error"):
                pytest.fail(f"{kind} before tick {tick}: {data.get('error')}")
        raise AssertionError(f"the socket closed before tick {tick}")

    async def stop(self, run_id: str) -> None:
        await self.server.call("POST", f"/api/runs/{run_id}/stop")
        while (await message(self.ws, "run_finished"))["run_id"] != run_id:
            pass

    async def post(self, path: str, **body: Any) -> Any:
        answer = await self.server.call("POST", path, {"client_id": "me", **body})
        assert answer.status == 200, answer.body
        return answer.json

    async def take(self, take_id: str) -> TakeReader:
        return await self.server.app[TAKES].read(take_id)


@pytest.fixture
async def director(server: Server):
    async with connected(server) as ws:
        yield Director(server, ws)


async def replayed(take: TakeReader, tmp_path: Path, ticks: int | None = None) -> ReplayReport:
    engine = LocalEngine(make_take_pack(), data_dir=tmp_path, output_dir=tmp_path / "o")
    return await replay(take, engine, ticks=ticks)


async def performed(director: Director, ticks: int = 16) -> tuple[str, str, int]:
    """Start a run and steer it twice; return its id, its take and the tick after the second control.

    The machine may be busy, so the second control takes effect when it does.
    """
    run_id = await start(director.server, take_document())
    take_id = (await message(director.ws, "take_started"))["take_id"]
    await director.push(run_id, 3.0)
    await director.until(run_id, 6)
    after = await director.push(run_id, -4.0) + 1
    await director.until(run_id, max(ticks, after + 3))
    return run_id, take_id, after


async def test_a_branch_goes_on_exactly_from_a_tick_of_a_live_take(director: Director, tmp_path: Path) -> None:
    run_id, take_id, tick = await performed(director)
    answer = await director.post(f"/api/takes/{take_id}/branch", tick=tick)
    assert answer["exact"] and 0 <= answer["caught_up_ticks"] <= tick
    started = await message(director.ws, "take_started")
    assert started == {"run_id": answer["run_id"], "take_id": answer["take_id"], "parent": take_id, "tick": tick}
    await director.until(answer["run_id"], tick + 6)
    live = (await director.server.call("GET", "/api/runs")).json["runs"]
    assert {entry["run_id"] for entry in live} == {run_id, answer["run_id"]}, "both go on, side by side"
    await director.stop(run_id)
    await director.stop(answer["run_id"])
    parent, child = await director.take(take_id), await director.take(answer["take_id"])
    assert child.exact and child.header.parent == {"take_id": take_id, "tick": tick}
    assert child.ticks()[:tick] == parent.ticks()[:tick] and child.tick_count > tick + 6
    shared = min(parent.tick_count, child.tick_count)
    assert [t.hashes for t in child.ticks()[:shared]] == [t.hashes for t in parent.ticks()[:shared]], (
        "with the same controls a branch is what the run would have been"
    )
    assert (await replayed(child, tmp_path)).equal and (await replayed(parent, tmp_path)).equal
    entries = (await director.server.call("GET", f"/api/takes?root={take_id}")).json["takes"]
    assert [(entry["parent"], entry["parent_tick"]) for entry in entries] == [(take_id, tick), (None, None)]
    assert len(child.frames(tick - 1)) == 4 and len(child.frames(tick)) == 4, "the film goes across the seam"


async def test_a_finished_take_is_branched_by_making_it_again(director: Director, tmp_path: Path) -> None:
    run_id, take_id, tick = await performed(director, 10)
    await director.stop(run_id)
    held = (await director.server.call("GET", f"/api/takes/{take_id}")).json["held"]["exact"]
    assert held and held == sorted(held), "a run that has just ended still has its states"
    director.server.app[TAKES]._live.clear()
    from nodegraph.server.keys import RUNS

    director.server.app[RUNS]._held.clear()
    assert (await director.server.call("GET", f"/api/takes/{take_id}")).json["held"]["exact"] == []
    answer = await director.post(f"/api/takes/{take_id}/branch", tick=tick)
    assert answer["exact"] and answer["caught_up_ticks"] == tick
    last = await director.push(answer["run_id"], 8.0)
    await director.until(answer["run_id"], last + 2)
    await director.stop(answer["run_id"])
    child = await director.take(answer["take_id"])
    assert child.exact and (await replayed(child, tmp_path)).equal
    assert [control.value for control in child.controls()] == [3.0, -4.0, 8.0]


async def test_rewind_ends_the_old_run_and_goes_on_in_a_branch(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director)
    answer = await director.post(f"/api/live/{run_id}/rewind", tick=8)
    await director.until(answer["run_id"], 12)
    while len(live := (await director.server.call("GET", "/api/runs")).json["runs"]) > 1:
        await message(director.ws, "take_tick")  # the old run still writes its film
    assert [entry["run_id"] for entry in live] == [answer["run_id"]]
    await director.stop(answer["run_id"])
    child = await director.take(answer["take_id"])
    assert child.header.parent == {"take_id": take_id, "tick": 8} and (await replayed(child, tmp_path)).equal


async def test_reanchor_goes_back_with_the_controls_of_now(director: Director, tmp_path: Path) -> None:
    run_id, *_ = await performed(director)
    answer = await director.post(f"/api/live/{run_id}/reanchor", mode="first")
    await director.until(answer["run_id"], 6)
    await director.stop(answer["run_id"])
    child = await director.take(answer["take_id"])
    assert child.header.first_own_tick == 1
    assert [(control.tick, control.value) for control in child.controls()] == [(1, -4.0)]
    assert (await replayed(child, tmp_path)).equal


async def test_another_seed_or_log_makes_the_ticks_again(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director, 10)
    await director.stop(run_id)
    log = [{"tick": 2, "node": "1", "input": "push", "value": 9}]
    for body in ({"seed": 77}, {"controls": log}):
        answer = await director.post(f"/api/takes/{take_id}/branch", tick=8, **body)
        assert answer["caught_up_ticks"] == 8
        await director.until(answer["run_id"], 11)
        await director.stop(answer["run_id"])
        child, parent = await director.take(answer["take_id"]), await director.take(take_id)
        assert child.header.first_own_tick == 0 and child.ticks()[5].hashes != parent.ticks()[5].hashes
        assert (await replayed(child, tmp_path)).equal


def grown(**inputs: Any) -> dict[str, Any]:
    """The workflow with a second preview."""
    made = take_document(**inputs)
    made["nodes"].append({"id": "10", "type": "test.show", "version": 1, "inputs": {}, "pos": [0, 0]})
    made["edges"].append({"from": ["2", "frames"], "to": ["10", "frames"]})
    return made


async def test_edits_while_it_runs_are_logged_and_replayed(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director, 8)
    dry = await director.post(f"/api/live/{run_id}/edit", document=grown(), dry_run=True)
    assert (dry["kind"], dry["tick"]) == ("warm", None) and dry["changes"]
    warm = await director.post(f"/api/live/{run_id}/edit", document=grown(), id="e1")
    assert warm["kind"] == "warm" and warm["id"] == "e1"
    applied = await message(director.ws, "edit_applied")
    assert (applied["id"], applied["kind"], applied["tick"]) == ("e1", "warm", warm["tick"])
    hot = await director.post(f"/api/live/{run_id}/edit", document=grown(push=2.5), id="e2")
    assert hot["kind"] == "hot"
    cold = await director.post(f"/api/live/{run_id}/edit", document=grown(seed=5), id="e3")
    await director.until(run_id, hot["tick"] + 6)
    await director.stop(run_id)
    take = await director.take(take_id)
    assert [edit.id for edit in take.edits()][:2] == ["e1", "e2"]
    report = await replayed(take, tmp_path)
    assert report.equal, (report, cold)
    listed = (await director.server.call("GET", f"/api/takes/{take_id}")).json["edits"]
    assert [(edit["id"], edit["kind"]) for edit in listed][:2] == [("e1", "warm"), ("e2", "hot")]


async def test_a_branch_with_another_workflow_changes_it_at_that_tick(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director, 12)
    answer = await director.post(f"/api/takes/{take_id}/branch", tick=10, document=grown())
    assert answer["exact"]
    await director.until(answer["run_id"], 14)
    await director.stop(answer["run_id"])
    await director.stop(run_id)
    child = await director.take(answer["take_id"])
    assert [edit.tick for edit in child.edits()] == [10] and (await replayed(child, tmp_path)).equal
    assert child.exact, "the ticks before came out the same when they were made again"


async def test_a_take_is_rendered_again_with_its_controls(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director, 8)
    await director.stop(run_id)
    take = await director.take(take_id)
    from nodegraph.takes.rerender import rerender

    made = rerender(take, make_take_pack_with_video(), {"crf": 10}, "again")
    (sink,) = [node for node in made.document["nodes"] if node["id"] == "9"]
    assert sink["type"] == "save.video" and sink["inputs"] == {"prefix": "again", "format": "mp4", "crf": 10}
    assert made.document["meta"]["take"]["take_id"] == take_id and made.warnings == ()
    assert rerender(take, make_take_pack_with_video(), {"seed": 8}, "x").warnings == (
        "Frames will differ: another seed.",
    )


def make_take_pack_with_video() -> Any:
    from nodegraph.graph import Registry, spec_of
    from nodegraph_nodes.output import save_video

    found = spec_of(save_video)
    assert found is not None
    return Registry([*make_take_pack(), found])


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/takes/{take}/branch", {"tick": 10**5}, "out_of_range"),
        ("/api/takes/{take}/branch", {}, "bad_request"),
        ("/api/takes/{take}/branch", {"tick": 2, "controls": [{"tick": 1}]}, "bad_request"),
        ("/api/takes/nothing/branch", {"tick": 2}, "not_found"),
        ("/api/live/{run}/rewind", {"tick": "2"}, "bad_request"),
        ("/api/live/nothing/rewind", {"tick": 2}, "not_found"),
        ("/api/live/{run}/reanchor", {"mode": "sideways"}, "bad_request"),
        ("/api/live/{run}/edit", {}, "bad_request"),
    ],
)
async def test_a_wrong_wish_is_refused_and_the_run_goes_on(
    director: Director, path: str, body: dict[str, Any], code: str
) -> None:
    run_id, take_id, _ = await performed(director, 7)
    answer = await director.server.call("POST", path.format(take=take_id, run=run_id), body)
    assert answer.json["error"]["code"] == code
    await director.until(run_id, 9)


async def test_an_invalid_edit_lists_its_problems(director: Director) -> None:
    run_id, *_ = await performed(director, 7)
    broken = take_document()
    broken["edges"] = broken["edges"][1:]
    answer = await director.server.call("POST", f"/api/live/{run_id}/edit", {"document": broken})
    assert answer.status == 400 and answer.json["problems"][0]["node"] == "2"
    await director.until(run_id, 9)
