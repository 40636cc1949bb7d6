"""A take keeps the uploaded files it was made with: what happens to the input folder later changes nothing."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from nodegraph.engine import LocalEngine
from nodegraph.errors import NodegraphError
from nodegraph.server.keys import RUNS, TAKES
from nodegraph.takes import TakeReader, replay, uploads_in
from tests.fakes_takes import make_take_pack, weighed_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_branches import make_take_pack_with_video
from tests.server.test_live import connected, message, start

FIRST, SECOND = b"the first picture", b"another picture"


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack_with_video()) as server:
        yield server


def put(server: Server, content: bytes, name: str = "a.png") -> None:
    """Put a file in place of an older one, as an upload does."""
    folder = server.config.data_dir / "input"
    (folder / "new").write_bytes(content)
    (folder / "new").replace(folder / name)


async def recorded(server: Server, ticks: int = 5) -> TakeReader:
    put(server, FIRST)
    async with connected(server) as ws:
        await start(server, weighed_document("a.png"), ticks=ticks)
        take_id = (await message(ws, "take_started"))["take_id"]
        await message(ws, "run_finished")
    return await server.app[TAKES].read(take_id)


async def replayed(take: TakeReader, data: Path) -> bool:
    engine = LocalEngine(make_take_pack(), data_dir=data, output_dir=data / "o")
    return (await replay(take, engine, inputs=data / "input")).equal


async def test_a_file_is_recorded_by_its_content_and_kept(server: Server) -> None:
    take = await recorded(server)
    (upload,) = take.uploads()
    assert (upload.value, upload.sha256, upload.nbytes, upload.tick) == (
        "a.png",
        hashlib.sha256(FIRST).hexdigest(),
        len(FIRST),
        0,
    )
    assert (take.folder / "files" / upload.sha256).read_bytes() == FIRST
    answer = (await server.call("GET", f"/api/takes/{take.header.take_id}")).json
    assert answer["files"] == [{"value": "a.png", "sha256": upload.sha256, "bytes": len(FIRST), "tick": 0}]


async def test_replay_on_another_data_folder_needs_nothing_but_the_take(server: Server, tmp_path: Path) -> None:
    take = await recorded(server)
    shutil.copytree(take.folder, tmp_path / "elsewhere")
    assert await replayed(TakeReader(tmp_path / "elsewhere"), tmp_path / "empty")


async def test_a_file_that_is_nowhere_is_named(server: Server, tmp_path: Path) -> None:
    take = await recorded(server)
    shutil.rmtree(take.folder / "files")
    put(server, SECOND)
    for data, why in ((server.config.data_dir, "another file"), (tmp_path / "empty", "not there")):
        with pytest.raises(NodegraphError) as caught:
            await replayed(take, data)
        told = caught.value.got or ""
        assert caught.value.code == "not_found" and "a.png" in told and take.uploads()[0].sha256 in told
        assert why in told
    base = f"/api/takes/{take.header.take_id}"
    for path, body in (("/branch", {"tick": 2}), ("/render", {})):
        answer = await server.call("POST", base + path, body)
        assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")
        assert "a.png" in answer.json["error"]["got"]
    put(server, FIRST)
    assert await replayed(take, server.config.data_dir), "put back, it is found by its content"


async def test_a_branch_reads_the_file_of_then_and_keeps_it_too(server: Server) -> None:
    take = await recorded(server, 6)
    put(server, SECOND)
    server.app[RUNS]._held.clear()
    async with connected(server) as ws:
        answer = await server.call("POST", f"/api/takes/{take.header.take_id}/branch", {"tick": 4, "client_id": "me"})
        assert answer.json["exact"], answer.body
        while (await message(ws, "take_tick"))["tick"] < 6:
            pass
        await server.call("POST", f"/api/runs/{answer.json['run_id']}/stop")
        await message(ws, "run_finished")
    child = await server.app[TAKES].read(answer.json["take_id"])
    assert child.exact and child.uploads() == take.uploads()
    assert [t.hashes for t in child.ticks()[:6]] == [t.hashes for t in take.ticks()]
    shutil.rmtree(take.folder)
    assert await replayed(child, server.config.data_dir)


async def test_a_render_reads_the_file_of_then(server: Server) -> None:
    take = await recorded(server, 6)
    (server.config.data_dir / "input" / "a.png").unlink()
    async with connected(server) as ws:
        path = f"/api/takes/{take.header.take_id}/render"
        job = (await server.call("POST", path, {"client_id": "me"})).json["prompt_id"]
        assert (await message(ws, "run_finished"))["run_id"] == job
    found = (await server.call("GET", f"/api/jobs/{job}")).json
    assert found["status"] == "succeeded" and len(found["outputs"]) == 1, found


async def test_an_edit_that_brings_a_file_keeps_it(server: Server) -> None:
    put(server, FIRST)
    put(server, SECOND, "b.png")
    async with connected(server) as ws:
        run_id = await start(server, weighed_document("a.png"))
        take_id = (await message(ws, "take_started"))["take_id"]
        await message(ws, "take_tick")
        edited = await server.call("POST", f"/api/live/{run_id}/edit", {"document": weighed_document("b.png")})
        assert edited.json["kind"] == "warm", edited.body
        while (await message(ws, "take_tick"))["tick"] < edited.json["tick"] + 2:
            pass
        await server.call("POST", f"/api/runs/{run_id}/stop")
        await message(ws, "run_finished")
    take = await server.app[TAKES].read(take_id)
    assert [(upload.value, upload.tick) for upload in take.uploads()] == [("a.png", 0), ("b.png", edited.json["tick"])]
    assert await replayed(take, server.config.data_dir)


async def test_a_file_that_was_replaced_while_it_ran_is_the_reason_for_a_difference(server: Server) -> None:
    put(server, FIRST)
    async with connected(server) as ws:
        run_id = await start(server, weighed_document("a.png"))
        take_id = (await message(ws, "take_started"))["take_id"]
        await message(ws, "take_tick")
        put(server, SECOND)
        edited = await server.call("POST", f"/api/live/{run_id}/edit", {"document": weighed_document("a.png")})
        tick = edited.json["tick"]
        while (await message(ws, "take_tick"))["tick"] < tick + 2:
            pass
        await server.call("POST", f"/api/runs/{run_id}/stop")
        await message(ws, "run_finished")
    take = await server.app[TAKES].read(take_id)
    assert [(upload.value, upload.tick) for upload in take.uploads()] == [("a.png", 0), ("a.png", tick)]
    engine = LocalEngine(make_take_pack(), data_dir=server.config.data_dir, output_dir=server.config.data_dir / "o")
    difference = (await replay(take, engine)).first_difference
    assert difference is not None and difference["tick"] == tick
    assert difference["why"] == f"the uploaded file a.png was replaced at tick {tick}"


def test_files_of_a_workflow_are_found_unless_a_wire_gives_them() -> None:
    assert uploads_in(weighed_document("a.png"), make_take_pack()) == ["a.png"]
    assert uploads_in(weighed_document(""), make_take_pack()) == []
