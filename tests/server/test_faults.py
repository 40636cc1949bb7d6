"""Something breaks in the middle of a live run: the stream goes on where it can, and the take up to there is safe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nodegraph.server.keys import DATABASE
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import ServerMaker
from tests.server.test_branches import Director, replayed
from tests.server.test_live import connected, message, start


@pytest.fixture
async def director(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server, connected(server) as ws:
        yield Director(server, ws)


def with_broken_sink(kind: str) -> dict[str, Any]:
    """The workflow with a second sink that fails at tick 4."""
    made = take_document()
    inputs = {"at": 4, "kind": kind}
    made["nodes"].append({"id": "10", "type": "take.broken", "version": 1, "inputs": inputs, "pos": [0, 0]})
    made["edges"].append({"from": ["2", "frames"], "to": ["10", "frames"]})
    return made


@pytest.mark.parametrize(
    ("kind", "code", "got", "remedy"),
    [
        ("mistake", "node_failed", "RuntimeError: some mistake", "Check what is wired into it"),
        ("memory", "out_of_memory", "MemoryError: no memory left", "Choose a smaller model or size"),
        ("disk", "disk_full", "No space left on device", "Free some space"),
    ],
)
async def test_a_sink_that_fails_ends_alone_and_the_take_goes_on(
    director: Director, tmp_path: Path, kind: str, code: str, got: str, remedy: str
) -> None:
    run_id = await start(director.server, with_broken_sink(kind))
    take_id = (await message(director.ws, "take_started"))["take_id"]
    told = await message(director.ws, "execution_error")
    error = told["error"]
    assert (told["node_id"], error["node"], error["code"]) == ("10", "10", code)
    assert got in error["got"] and remedy in error["remedy"]
    await director.until(run_id, 12)
    await director.stop(run_id)
    take = await director.take(take_id)
    assert [(one.node, one.code) for one in take.failures()] == [("10", code)]
    assert [record.tick for record in take.ticks()] == [*range(take.tick_count)] and take.tick_count > 12
    assert (await replayed(take, tmp_path)).equal


async def test_a_run_whose_main_path_fails_is_gone_on_with_from_its_last_tick(
    director: Director, tmp_path: Path
) -> None:
    await start(director.server, take_document(fail_at=7))
    take_id = (await message(director.ws, "take_started"))["take_id"]
    told = await message(director.ws, "execution_error")
    assert (told["node_id"], told["error"]["remedy"]) == ("2", "Take another one")
    assert (await message(director.ws, "run_finished"))["status"] == "failed"
    take = await director.take(take_id)
    assert (await replayed(take, tmp_path)).equal
    answer = await director.post(f"/api/takes/{take_id}/branch", tick=7, document=take_document())
    await director.until(answer["run_id"], 12)
    await director.stop(answer["run_id"])
    child = await director.take(answer["take_id"])
    assert child.ticks()[:7] == take.ticks()[:7] and child.tick_count > 12
    assert (await replayed(child, tmp_path)).equal


async def test_a_film_that_cannot_be_encoded_is_told_and_the_rest_of_the_take_goes_on(
    director: Director, tmp_path: Path
) -> None:
    run_id = await start(director.server, take_document(wide_at=7))
    take_id = (await message(director.ws, "take_started"))["take_id"]
    error = (await message(director.ws, "error"))["error"]
    assert "ended at tick 7" in error["message"] and error["got"] and "Render the take" in error["remedy"]
    await director.until(run_id, 12)
    await director.stop(run_id)
    take = await director.take(take_id)
    assert take.film_range == (0, 6) and take.tick_count > 12 and (await replayed(take, tmp_path)).equal
    assert (await director.server.call("GET", f"/api/takes/{take_id}/video")).status == 200


async def test_who_watches_learns_of_the_end_whatever_happens_to_the_recording(director: Director) -> None:
    run_id = await start(director.server, take_document())
    await director.until(run_id, 2)
    await director.server.app[DATABASE].run(lambda database: database.execute("DROP TABLE takes"))
    await director.server.call("POST", f"/api/runs/{run_id}/stop")
    assert (await message(director.ws, "run_finished"))["run_id"] == run_id
    assert (await director.server.call("GET", "/api/runs")).json == {"runs": []}
