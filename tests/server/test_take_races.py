"""Takes are read, branched and deleted while they are written: nobody is answered with a mistake of the server."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from nodegraph.engine import Edit, LocalEngine, RunRequest
from nodegraph.graph import InvalidWorkflow
from nodegraph.server.keys import RUNS, TAKES
from nodegraph.server.origin import Origin
from nodegraph.server.take_index import folder_bytes
from nodegraph.takes import replay
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_branches import Director, grown, performed
from tests.server.test_live import connected, message
from tests.server.test_takes_api import a_take


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server:
        yield server


@pytest.fixture
async def director(server: Server):
    async with connected(server) as ws:
        yield Director(server, ws)


def test_a_folder_is_measured_while_files_come_and_go(tmp_path: Path) -> None:
    def write() -> None:
        for _ in range(1500):
            (tmp_path / "new").write_bytes(b"x")
            (tmp_path / "new").replace(tmp_path / "0.webp")

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert folder_bytes(tmp_path) <= 2
    assert folder_bytes(tmp_path) == 1 and folder_bytes(tmp_path / "nowhere") == 0


async def test_a_take_can_be_read_as_soon_as_its_run_has_started(director: Director) -> None:
    for _ in range(3):
        begun = await director.post("/api/runs", workflow=take_document())
        answer = await director.server.call("GET", f"/api/takes/{begun['take_id']}")
        assert answer.status == 200 and answer.json["status"] == "live", answer.body
        child = await director.post(f"/api/takes/{begun['take_id']}/branch", tick=0)
        assert (await director.server.call("GET", f"/api/takes/{child['take_id']}")).status == 200
        await director.stop(begun["run_id"])
        await director.stop(child["run_id"])


async def test_a_branch_at_the_edge_knows_the_edit_that_was_just_made(director: Director, tmp_path: Path) -> None:
    run_id, take_id, _ = await performed(director, 8)
    for number in range(4):
        document = grown(push=0.5 * number) if number % 2 else take_document(push=0.5 * number)
        edit = await director.post(f"/api/live/{run_id}/edit", document=document)
        at = (await director.take(take_id)).tick_count
        branch = await director.post(f"/api/takes/{take_id}/branch", tick=min(at, edit["tick"] + 1))
        await director.until(branch["run_id"], at + 3)
        await director.stop(branch["run_id"])
        child = await director.take(branch["take_id"])
        engine = LocalEngine(make_take_pack(), data_dir=tmp_path, output_dir=tmp_path / "o")
        report = await replay(child, engine)
        assert child.exact and report.equal, (number, report)


async def test_of_two_rewinds_at_once_one_is_told_that_it_came_late(director: Director) -> None:
    run_id, *_ = await performed(director, 8)
    path = f"/api/live/{run_id}/rewind"
    both = await asyncio.gather(*(director.server.call("POST", path, {"tick": 4, "client_id": "me"}) for _ in range(2)))
    assert sorted(answer.status for answer in both) == [200, 429]
    (late,) = [answer.json["error"] for answer in both if answer.status == 429]
    assert late["code"] == "busy" and late["remedy"]


async def test_a_take_is_branched_while_it_is_being_finished(director: Director) -> None:
    for _ in range(3):
        run_id, take_id, tick = await performed(director, 7)
        stop = director.server.call("POST", f"/api/runs/{run_id}/stop")
        log = [{"tick": 2, "node": "1", "input": "push", "value": 5}]
        branch = director.server.call(
            "POST", f"/api/takes/{take_id}/branch", {"tick": tick, "controls": log, "client_id": "me"}
        )
        listed = director.server.call("GET", f"/api/takes/{take_id}")
        answers = await asyncio.gather(stop, branch, listed)
        assert [answer.status for answer in answers] == [200, 200, 200], [answer.body for answer in answers]
        await director.stop(answers[1].json["run_id"])


async def test_files_that_are_gone_are_not_found_and_no_mistake(server: Server) -> None:
    take_id = await a_take(server)
    for path in (server.config.takes_dir / take_id).glob("*.ts"):
        path.unlink()
    for path in ("/frame/3.webp", "/video"):
        assert (await server.call("GET", f"/api/takes/{take_id}{path}")).status == 404
    answer = await server.call("POST", f"/api/takes/{take_id}/branch", {"tick": 5})
    assert answer.status == 200, "the film is no part of what a branch needs"


def with_broken_edit(**more: Any) -> RunRequest:
    broken = take_document()
    broken["nodes"][0]["type"] = "no.such.node"
    edit = Edit(id="e", document=broken, tick=2)
    return RunRequest(run_id="a" * 32, document=take_document(), live=True, edits=(edit,), **more)


async def test_a_run_whose_logged_edit_cannot_be_read_ends_as_failed(director: Director) -> None:
    runs, takes = director.server.app[RUNS], director.server.app[TAKES]
    active = runs.go_live(with_broken_edit(), "me")
    ended = await message(director.ws, "run_finished")
    assert (ended["run_id"], ended["status"]) == ("a" * 32, "failed") and ended["error"]["message"]
    assert active.task is not None
    await active.task
    assert runs.live_entries() == [] and takes._live == {}


async def test_a_run_that_cannot_be_recorded_does_not_begin(director: Director) -> None:
    runs, takes = director.server.app[RUNS], director.server.app[TAKES]
    origin = Origin(parent="b" * 32, tick=3, root="b" * 32, own_from=0, edits=frozenset({"e"}))
    with pytest.raises(InvalidWorkflow):
        runs.go_live(with_broken_edit(), "me", origin=origin)
    assert runs.live_entries() == [] and takes._live == {}
    await asyncio.gather(*takes._tasks)
    assert list(director.server.config.takes_dir.iterdir()) == []


async def test_a_deleted_take_is_not_found(director: Director) -> None:
    run_id, take_id, _ = await performed(director, 6)
    await director.stop(run_id)
    while (await director.server.call("DELETE", f"/api/takes/{take_id}")).status == 429:
        await message(director.ws, "queue_changed")
    assert (await director.server.call("POST", f"/api/takes/{take_id}/branch", {"tick": 1})).status == 404
