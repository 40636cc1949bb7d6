"""Live runs over a real websocket: frames, controls, pulses, watching, back-pressure."""

import asyncio
import contextlib
from typing import Any

import aiohttp
import pytest

from nodegraph.server import Limits
from nodegraph.server.keys import CLIENTS, HUB, RUNS
from tests.fakes_pack import Gate, save_document, show_document
from tests.fakes_server import read_header
from tests.server.conftest import Server, ServerMaker


@contextlib.asynccontextmanager
async def connected(server: Server, sid: str = "me", *, metadata: bool = True):
    async with server.http.ws_connect(f"{server.url}/ws?clientId={sid}") as ws:
        assert (await ws.receive_json())["type"] == "status"
        await ws.send_json({"type": "feature_flags", "data": {"supports_preview_metadata": metadata}})
        await message(ws, "feature_flags")
        yield ws


async def message(ws: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """Return the data of the next message of a kind, passing over others."""
    async for one in ws:
        if one.type is aiohttp.WSMsgType.TEXT and (parsed := one.json())["type"] == kind:
            return parsed["data"]
    raise AssertionError(f"the socket closed before {kind}")


async def frame(ws: aiohttp.ClientWebSocketResponse) -> tuple[dict[str, Any], bytes]:
    """Return the next frame's header and image."""
    async for one in ws:
        if one.type is aiohttp.WSMsgType.BINARY:
            length = int.from_bytes(one.data[4:8])
            return read_header(one.data), one.data[8 + length :]
    raise AssertionError("the socket closed before a frame")


async def start(server: Server, document: dict[str, Any] | None = None, sid: str = "me", **more: Any) -> str:
    body = {"workflow": document or show_document(), "client_id": sid, **more}
    answer = await server.call("POST", "/api/runs", body)
    assert answer.status == 200, answer.body
    return answer.json["run_id"]


async def test_the_starter_gets_frames_pulses_and_the_end(server: Server) -> None:
    async with connected(server) as ws:
        run_id = await start(server, ticks=8)
        assert await message(ws, "run_started") == {"run_id": run_id, "name": "Test", "live": True}
        header, image = await frame(ws)
        assert (header["tick"], header["count"], header["image_type"]) == (0, 1, "image/jpeg")
        assert header["run_id"] == header["prompt_id"] == run_id and header["node_id"] == "9"
        assert image.startswith(b"\xff\xd8")
        pulse = await message(ws, "live_tick")
        assert pulse["run_id"] == run_id and pulse["viewers"] == 1
        assert await message(ws, "run_finished") == {"run_id": run_id, "status": "succeeded"}
    assert (await server.call("GET", "/api/runs")).json == {"runs": []}
    assert len(server.app[HUB]._streams) == 0


async def test_controls_get_two_receipts_and_change_the_picture(server: Server) -> None:
    async with connected(server) as ws:
        run_id = await start(server)
        await frame(ws)
        data = {"run_id": run_id, "id": "c1", "node": "1", "input": "level", "value": 250}
        await ws.send_json({"type": "control", "data": data})
        assert await message(ws, "control_received") == {"run_id": run_id, "id": "c1"}
        applied = await message(ws, "control_applied")
        assert (applied["run_id"], applied["id"]) == (run_id, "c1")
        while (await frame(ws))[0]["tick"] < applied["tick"]:
            pass
        entries = (await server.call("GET", "/api/runs")).json["runs"]
        assert [(entry["run_id"], entry["status"], entry["name"]) for entry in entries] == [(run_id, "running", "Test")]
        assert (await server.call("POST", f"/api/runs/{run_id}/stop")).status == 200
        assert (await message(ws, "run_finished"))["status"] == "cancelled"
        assert (await server.call("POST", f"/api/runs/{run_id}/stop")).status == 200, "stopping twice is no error"
        unknown = await server.call("POST", "/api/runs/unknown/stop")
        assert (unknown.status, unknown.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": 999}, "out_of_range"),
        ({"value": "x"}, "type_mismatch"),
        ({"input": "look"}, "bad_request"),
        ({"input": "nothing"}, "unknown_port"),
        ({"node": "77"}, "not_found"),
        ({"run_id": "77"}, "not_found"),
        ({"node": 5}, "bad_request"),
        ({"input": None}, "bad_request"),
        ({"value": {"a": [1]}}, "type_mismatch"),
    ],
)
async def test_a_wrong_control_is_answered_and_the_run_goes_on(
    server: Server, change: dict[str, Any], code: str
) -> None:
    async with connected(server) as ws:
        run_id = await start(server)
        data = {"run_id": run_id, "id": "c1", "node": "1", "input": "level", "value": 250} | change
        await ws.send_json({"type": "control", "data": data})
        error = await message(ws, "error")
        assert (error["error"]["code"], error["reply_to"]) == (code, "c1")
        await frame(ws)


@pytest.mark.parametrize(
    "text", ["", "{", "5", "[]", '{"type":"x"}', '{"type":5}', '{"type":"ack","data":[]}', '{"type":"watch"}', "NaN"]
)
async def test_a_broken_message_is_answered_and_the_socket_stays(server: Server, text: str) -> None:
    async with connected(server) as ws:
        await ws.send_str(text)
        assert (await message(ws, "error"))["error"]["code"] == "bad_request"
        await ws.send_bytes(b"\xff\0")
        assert (await message(ws, "error"))["error"]["code"] == "bad_request"
        await ws.send_json({"type": "feature_flags", "data": {}})
        await message(ws, "feature_flags")


async def test_a_message_beyond_the_limit_closes_the_socket(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(message_bytes=1000)) as server, connected(server) as ws:
        await ws.send_str("x" * 2000)
        while (last := await ws.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
        assert last.type is aiohttp.WSMsgType.CLOSE and last.data == 1009


async def test_a_client_without_metadata_gets_plain_previews(server: Server) -> None:
    async with connected(server, metadata=False) as ws:
        await start(server)
        async for one in ws:
            if one.type is aiohttp.WSMsgType.BINARY:
                assert one.data[:10] == b"\0\0\0\1\0\0\0\1\xff\xd8"
                break


async def test_a_later_watcher_is_told_the_state_and_sees_the_picture(server: Server) -> None:
    async with connected(server) as first, connected(server, "other") as second:
        run_id = await start(server)
        await frame(first)
        await second.send_json({"type": "watch", "data": {"run_id": run_id}})
        assert (await message(second, "run_started"))["run_id"] == run_id
        assert "9" in (await message(second, "progress_state"))["nodes"]
        await frame(second)
        while (await message(first, "live_tick"))["viewers"] != 2:
            pass
        await second.send_json({"type": "unwatch", "data": {"run_id": run_id}})
        while (await message(first, "live_tick"))["viewers"] != 1:
            pass


async def test_a_client_that_comes_back_follows_its_run_again(server: Server) -> None:
    async with connected(server) as ws:
        await start(server)
        await frame(ws)
    async with connected(server) as ws:
        await frame(ws)


async def test_a_run_that_nobody_watches_is_stopped(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(live_idle_s=0.05)) as server:
        async with connected(server) as ws:
            run_id = await start(server)
            await frame(ws)
            await frame(ws)
            run = server.app[RUNS]._active[run_id].run
        assert (await run.wait()).status == "cancelled"


async def test_the_number_of_live_runs_is_limited(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(live_runs=1)) as server:
        await start(server)
        answer = await server.call("POST", "/api/runs", {"workflow": show_document()})
        assert (answer.status, answer.json["error"]["code"]) == (429, "busy")


async def test_a_workflow_with_problems_is_refused_with_all_of_them(server: Server) -> None:
    document = show_document(level=999)
    document["edges"].append({"from": ["77", "x"], "to": ["9", "frames"]})
    answer = await server.call("POST", "/api/runs", {"workflow": document})
    assert answer.status == 400
    assert {problem["code"] for problem in answer.json["problems"]} >= {"out_of_range"}
    assert len(answer.json["problems"]) >= 2
    assert answer.json["error"]["code"] == answer.json["problems"][0]["code"]


async def test_a_node_that_fails_during_a_live_run_is_named_at_once(server: Server) -> None:
    async with connected(server) as ws:
        run_id = await start(server, show_document(between={"type": "test.break", "inputs": {"at": 1}}))
        error = await message(ws, "execution_error")
        assert (error["node_id"], error["prompt_id"], error["error"]["remedy"]) == ("5", run_id, "Paint them")
        end = await message(ws, "run_finished")
        assert (end["status"], end["error"]["code"]) == ("failed", "out_of_range")


async def test_a_client_that_stops_reading_slows_nobody_and_costs_bounded_memory(server: Server) -> None:
    async with connected(server) as good, connected(server, "stuck") as stuck:
        run_id = await start(server)
        await stuck.send_json({"type": "watch", "data": {"run_id": run_id}})
        await frame(stuck)
        stuck_client = next(c for c in server.app[CLIENTS].watchers(run_id) if c.sid == "stuck")
        stuck._conn.transport.pause_reading()
        ticks = set()
        while len(ticks) < 6:
            header, _ = await frame(good)
            ticks.add(header["tick"])
            ack = {"run_id": run_id, "node_id": "9", "seq": header["seq"]}
            await good.send_json({"type": "ack", "data": ack})
        assert max(ticks) - min(ticks) == 5, "no tick was lost for the reader"
        assert len(stuck_client._frames) <= 8
        stuck._conn.transport.resume_reading()


async def test_a_render_shares_the_engine_with_a_live_run(server: Server) -> None:
    async with connected(server) as ws:
        await start(server)
        await frame(ws)
        answer = await server.call("POST", "/api/queue", {"workflow": save_document(), "ticks": 4, "client_id": "me"})
        (prompt_id,) = answer.json["prompt_ids"]
        while (end := await message(ws, "run_finished"))["run_id"] != prompt_id:
            pass
        assert end["status"] == "succeeded"
        await frame(ws)


async def test_stopping_the_server_ends_sockets_and_runs(start_server: ServerMaker) -> None:
    async with start_server() as server:
        ws = await server.http.ws_connect(server.url + "/ws?clientId=me")
        run_id = await start(server, show_document(between={"type": "test.gate"}))
        await Gate.passed.wait()
        run = server.app[RUNS]._active[run_id].run
        collected = asyncio.create_task(_until_closed(ws))
    assert await collected == 1001
    assert run.status == "cancelled"


async def _until_closed(ws: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in ws:
        pass
    return ws.close_code


async def test_odd_client_ids_are_refused(server: Server) -> None:
    for sid in ("a b", "x" * 200, "%0a"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await server.http.ws_connect(f"{server.url}/ws?clientId={sid}")
        assert caught.value.status == 400


async def test_watchers_learn_where_the_time_goes(server: Server) -> None:
    async with connected(server) as ws:
        run_id = await start(server, ticks=12)
        told = await message(ws, "profile")
        assert told["run_id"] == run_id and told["nodes"]["9"] >= 0.0
        assert told["wires"] and all(wire["target"] == "9" and 0 <= wire["fill"] <= 1 for wire in told["wires"])
