"""Takes keep to their share of the disk: the oldest lose film and latents first, never the log, never silently."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from nodegraph.engine import LocalEngine
from nodegraph.errors import NodegraphError
from nodegraph.server.config import ServerConfig
from nodegraph.server.disk_share import DiskShare, held_bytes
from nodegraph.server.keys import TAKES
from nodegraph.takes import TakeReader, replay, take_over
from nodegraph.takes.thinning import require_room, thin
from tests.fakes_takes import make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_live import connected, message, start
from tests.server.test_takes_api import a_take


@pytest.fixture
async def server(start_server: ServerMaker):
    async with start_server(registry=make_take_pack()) as server:
        yield server


def heavy(server: Server, take_id: str) -> set[str]:
    folder = server.config.takes_dir / take_id
    return {path.name for path in folder.iterdir() if path.suffix in (".ts", ".bin")}


async def test_the_oldest_unpinned_take_is_thinned_first_and_everybody_is_told(
    start_server: ServerMaker, caplog: pytest.LogCaptureFixture
) -> None:
    async with start_server(registry=make_take_pack()) as server:
        first, second, third = [await a_take(server) for _ in range(3)]
        pinned = (await server.call("PATCH", f"/api/takes/{first}", {"pinned": True})).json
        assert pinned["pinned"] is True and pinned["name"]
        held = held_bytes(server.config.takes_dir)
        film = sum(path.stat().st_size for path in (server.config.takes_dir / second).glob("*.ts"))
    caplog.set_level(logging.WARNING)
    async with start_server(registry=make_take_pack(), takes_bytes=held - film // 2) as server:
        assert heavy(server, first) == {"video-000.ts", "latents.bin"}, "it is pinned"
        assert heavy(server, second) == {"latents.bin"}, "its film was enough"
        assert heavy(server, third) == {"video-000.ts", "latents.bin"}
        entries = {e["take_id"]: e for e in (await server.call("GET", "/api/takes")).json["takes"]}
        assert entries[second]["thinned"] == ["film"] and "thinned" not in entries[third]
        assert f"take_thinned take={second} parts=film" in caplog.text
        disk = (await server.call("GET", "/api/takes")).json["disk"]
        assert 0 < disk["bytes"] <= disk["cap"] == held - film // 2 and disk["free"] > 0
        assert (await server.call("GET", f"/api/takes/{second}/video")).status == 404
        assert (await server.call("GET", f"/api/takes/{second}/frame/1.webp")).status == 404
        take = await server.app[TAKES].read(second)
        engine = LocalEngine(make_take_pack(), data_dir=server.config.data_dir)
        assert take.film_range is None and (await replay(take, engine)).equal, "the log makes it again"


async def test_a_client_hears_of_it_and_the_running_take_is_spared(start_server: ServerMaker) -> None:
    async with start_server(registry=make_take_pack(), takes_bytes=1) as server, connected(server) as ws:
        await start(server, take_document(), ticks=8)
        old = (await message(ws, "take_started"))["take_id"]
        told = await message(ws, "takes_thinned")
        assert told["takes"] == [old] and told["freed"] > 0 and told["cap"] == 1
        run_id = await start(server, take_document())
        running = (await message(ws, "take_started"))["take_id"]
        while (await message(ws, "take_tick"))["tick"] < 6:
            pass
        await server.app[TAKES].make_room()
        assert heavy(server, running) == {"video-000.ts", "latents.bin"}
        await server.call("POST", f"/api/runs/{run_id}/stop")


async def test_a_disk_that_is_nearly_full_ends_the_take_and_not_the_stream(start_server: ServerMaker) -> None:
    async with start_server(registry=make_take_pack(), reserve_bytes=1 << 62) as server, connected(server) as ws:
        await start(server, take_document(), ticks=6)
        stopped = await message(ws, "take_stopped")
        assert stopped["error"]["code"] == "disk_full" and stopped["error"]["remedy"]
        assert (await message(ws, "run_finished"))["status"] == "succeeded"
        assert (await server.call("GET", "/api/takes")).json["takes"] == []
        assert list(server.config.takes_dir.iterdir()) == [], "what never began leaves nothing"


async def test_what_a_branch_shares_is_not_lost_with_its_parent(server: Server, tmp_path: Path) -> None:
    take = await server.app[TAKES].read(await a_take(server))
    child = tmp_path / "child"
    take_over(take, child, 5)
    assert thin(take.folder, "film") == 0, "the child holds it"
    assert (child / "video-000.ts").exists() and not (take.folder / "video-000.ts").exists()
    assert thin(take.folder, "film") is None and (thin(take.folder, "latents") or 0) > 0
    after = TakeReader(take.folder)
    assert (after.thinned, after.latent_range, after.film_parts()) == ({"film", "latents"}, None, [])
    grandchild = tmp_path / "grandchild"
    taken = take_over(after, grandchild, 4)
    assert (taken.segments, taken.latents, taken.first_frames) == (0, 0, None)


def test_the_usual_share_is_20_gb_and_a_fifth_of_what_is_free(tmp_path: Path) -> None:
    share = DiskShare(tmp_path, None)
    assert share.cap(0) == min(20 * 10**9, int(0.2 * share.free())) or abs(share.cap(0) - 0.2 * share.free()) < 1e9
    assert DiskShare(tmp_path, 5).cap(10**12) == 5
    with pytest.raises(NodegraphError, match="some room"):
        ServerConfig(takes_bytes=0)
    with pytest.raises(NodegraphError, match="nearly full"):
        require_room(tmp_path, 100, lambda _: 99)
    require_room(tmp_path, 100, lambda _: 100)
