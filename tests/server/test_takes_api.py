"""Every live run is a take: listed while it goes, read and shown afterwards, named and deleted."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from nodegraph.media.video import read_frames, read_video_metadata
from nodegraph.server.keys import RUNS
from nodegraph.takes import TakeReader
from nodegraph.takes.recorder import JOURNAL
from tests.fakes_takes import HEIGHT, WIDTH, make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_live import connected, message, start


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server:
        yield server


async def a_take(server: Server, ticks: int = 8, **more: Any) -> str:
    """Run to the end; return the take's id."""
    async with connected(server) as ws:
        await start(server, take_document(), ticks=ticks, **more)
        take_id = (await message(ws, "take_started"))["take_id"]
        assert (await message(ws, "run_finished"))["status"] == "succeeded"
    return str(take_id)


async def test_a_live_run_is_a_take_from_its_first_tick(server: Server) -> None:
    async with connected(server) as ws:
        answer = await server.call("POST", "/api/runs", {"workflow": take_document(), "client_id": "me"})
        run_id, take_id = answer.json["run_id"], answer.json["take_id"]
        assert await message(ws, "take_started") == {"run_id": run_id, "take_id": take_id, "parent": None, "tick": 0}
        news = await message(ws, "take_tick")
        assert news["run_id"] == run_id and news["alarm"] is None and 0 <= news["stats"]["luma"] <= 1
        control = {"run_id": run_id, "id": "c1", "node": "1", "input": "push", "value": 2.5}
        await ws.send_json({"type": "control", "data": control})
        tick = (await message(ws, "control_applied"))["tick"]
        while (await message(ws, "take_tick"))["tick"] < tick:
            pass
        (entry,) = (await server.call("GET", "/api/takes")).json["takes"]
        assert (entry["take_id"], entry["status"], entry["run_id"]) == (take_id, "live", run_id)
        assert entry["ticks"] > tick and entry["bytes"] > 0 and entry["workflow_name"] == "Test"
        live = (await server.call("GET", f"/api/takes/{take_id}")).json
        assert live["controls"] == [{"tick": tick, "id": "c1", "node": "1", "input": "push", "value": 2.5}]
        assert (await server.call("DELETE", f"/api/takes/{take_id}")).status == 429, "it is being recorded"
        await server.call("POST", f"/api/takes/{take_id}/markers", {"tick": 3, "name": "the leap"})
        await server.call("POST", f"/api/runs/{run_id}/stop")
        await message(ws, "run_finished")
    done = (await server.call("GET", f"/api/takes/{take_id}")).json
    assert done["status"] == "done" and done["markers"] == [{"tick": 3, "name": "the leap"}]
    assert done["model"] == {"preset": "fake", "sha256": "c0ffee"} and done["size"] == [WIDTH, HEIGHT]
    assert done["summary"]["count"] == done["ticks"] == len(done["stats"]["values"]["luma"])
    assert done["held"]["latents"] == done["held"]["video"] == [0, done["ticks"] - 1]
    assert done["exact"] and "approximate_from" not in done


async def test_a_watcher_who_comes_late_is_told_of_the_take(server: Server) -> None:
    async with connected(server, "first"):
        run_id = await start(server, take_document(), "first")
        async with connected(server, "second") as ws:
            await ws.send_json({"type": "watch", "data": {"run_id": run_id}})
            assert (await message(ws, "take_started"))["run_id"] == run_id


async def test_film_pictures_and_bundle_are_served(server: Server, tmp_path: Path) -> None:
    take_id = await a_take(server, 8)
    base = f"/api/takes/{take_id}"
    film = await server.call("GET", f"{base}/video")
    assert film.headers["Content-Type"] == "video/mp4"
    (tmp_path / "film.mp4").write_bytes(film.body)
    assert len(list(read_frames(tmp_path / "film.mp4"))) == 1 + 4 * 7
    tags = read_video_metadata(tmp_path / "film.mp4")
    assert json.loads(tags["workflow"])["id"] == "test" and json.loads(tags["take"])["take_id"] == take_id
    part = await server.call("GET", f"{base}/video", headers={"Range": "bytes=10-19"})
    assert part.status == 206 and part.body == film.body[10:20]
    assert (await server.call("GET", f"{base}/thumbs/1.webp")).body[8:12] == b"WEBP"
    assert (await server.call("GET", f"{base}/thumbs/7.webp")).status == 404
    (
        tmp_path / "data" / "takes" / take_id / "thumbs" / "1.webp"
    ).unlink()  # as where a stop came before its tick was filmed
    before = await server.call("GET", f"{base}/thumbs/1.webp")
    assert before.body == (await server.call("GET", f"{base}/thumbs/0.webp")).body
    assert before.headers["Cache-Control"] == "no-cache"
    for path in ("frame/0.webp", "frame/7.webp", "frame/7.webp?index=0"):
        assert (await server.call("GET", f"{base}/{path}")).body[8:12] == b"WEBP"
    assert (await server.call("GET", f"{base}/frame/8.webp")).status == 404
    assert (await server.call("GET", f"{base}/frame/0.webp?index=1")).status == 400
    bundle = await server.call("GET", f"{base}/bundle")
    with zipfile.ZipFile(io.BytesIO(bundle.body)) as archive:
        names = set(archive.namelist())
        assert {"workflow.json", "video.mp4", "index.html", "take/take.json", f"take/{JOURNAL}"} <= names
        archive.extractall(tmp_path / "out")
    assert TakeReader(tmp_path / "out" / "take").tick_count == 8


async def test_a_take_is_named_and_deleted(server: Server) -> None:
    first, second = await a_take(server, 3), await a_take(server, 3)
    entries = (await server.call("GET", "/api/takes")).json["takes"]
    assert [(entry["take_id"], entry["name"]) for entry in entries] == [(second, "Take 2"), (first, "Take 1")]
    renamed = await server.call("PATCH", f"/api/takes/{first}", {"name": " The good one "})
    assert renamed.json["name"] == "The good one"
    assert (await server.call("PATCH", f"/api/takes/{first}", {"name": " "})).status == 400
    folder = server.config.takes_dir / first
    assert folder.is_dir()
    assert (await server.call("DELETE", f"/api/takes/{first}")).status == 200
    assert not folder.exists()
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/video"), ("GET", "/frame/0.webp"), ("GET", "/bundle")):
        assert (await server.call(method, f"/api/takes/{first}{path}")).status == 404
    assert (await server.call("GET", "/api/takes/..%2F..")).status in (400, 404)


async def test_a_run_that_asks_for_it_leaves_no_take(server: Server) -> None:
    async with connected(server) as ws:
        await start(server, take_document(), ticks=2, record=False)
        await message(ws, "run_finished")
    assert (await server.call("GET", "/api/takes")).json["takes"] == []
    assert list(server.config.takes_dir.iterdir()) == []


async def test_a_node_that_fails_leaves_a_take_up_to_there(server: Server) -> None:
    async with connected(server) as ws:
        await start(server, take_document(fail_at=5))
        error = await message(ws, "execution_error")
        assert error["node_id"] == "2" and error["error"]["remedy"] == "Take another one"
        await message(ws, "run_finished")
    (entry,) = (await server.call("GET", "/api/takes")).json["takes"]
    assert entry["status"] == "done" and entry["ticks"] >= 5


async def test_a_take_left_by_a_kill_is_cut_and_marked_at_the_next_start(start_server: ServerMaker) -> None:
    async with start_server(registry=make_take_pack()) as server:
        take_id = await a_take(server, 8)
        await server.app[RUNS].close()
        folder = server.config.takes_dir / take_id
    data = (folder / JOURNAL).read_bytes()
    (folder / JOURNAL).write_bytes(data[:-40])
    (folder / "video-000.ts").write_bytes((folder / "video-000.ts").read_bytes() + b"half a frame")
    lost = server.config.database
    lost.unlink()
    async with start_server(registry=make_take_pack()) as server:
        (entry,) = (await server.call("GET", "/api/takes")).json["takes"]
        assert (entry["take_id"], entry["status"], entry["ticks"]) == (take_id, "torn", 8)
        answer = (await server.call("GET", f"/api/takes/{take_id}")).json
        assert answer["torn"]["bytes"] > 0 and "killed" in answer["torn"]["reason"]
        assert (await server.call("GET", f"/api/takes/{take_id}/video")).status == 200


async def test_markers_of_a_finished_take_are_set_renamed_and_deleted(server: Server) -> None:
    """The journal stays as it was: what a replay reads is not touched."""
    take_id = await a_take(server, 6)
    journal = server.config.takes_dir / take_id / JOURNAL
    before = journal.read_bytes()
    path = f"/api/takes/{take_id}/markers"
    given = [{"tick": 4, "name": " the leap "}, {"tick": 1, "name": "go"}]
    kept = [{"tick": 1, "name": "go"}, {"tick": 4, "name": "the leap"}]
    assert (await server.call("PUT", path, {"markers": given})).json == {"markers": kept}
    assert (await server.call("GET", f"/api/takes/{take_id}")).json["markers"] == kept
    await server.call("PUT", path, {"markers": kept[:1]})
    assert (await server.call("GET", f"/api/takes/{take_id}")).json["markers"] == kept[:1]
    for wrong in (None, [{"tick": 6, "name": "beyond"}], [{"tick": "1", "name": "x"}], [{"tick": 1}], [3], [{}] * 501):
        assert (await server.call("PUT", path, {"markers": wrong})).status in (400, 413)
    assert (await server.call("GET", f"/api/takes/{take_id}")).json["markers"] == kept[:1]
    assert journal.read_bytes() == before
