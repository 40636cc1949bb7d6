"""What ComfyUI's clients rely on: its routes, shapes and messages."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from nodegraph.server import Limits
from tests.fakes_pack import Gate
from tests.server.conftest import Server, ServerMaker

PROMPT: dict[str, Any] = {
    "1": {"class_type": "test.source", "inputs": {"level": 3}, "_meta": {"title": "Grey"}},
    "2": {"class_type": "test.save", "inputs": {"frames": ["1", 0], "prefix": "sub/x"}},
}


def gated(prompt: dict[str, Any] = PROMPT) -> dict[str, Any]:
    """Return the prompt with a gate before its output."""
    made = json.loads(json.dumps(prompt))
    made["g"] = {"class_type": "test.gate", "inputs": {"frames": ["1", 0]}}
    made["2"]["inputs"]["frames"] = ["g", 0]
    return made


async def run_to_end(ws: aiohttp.ClientWebSocketResponse, prompt_id: str) -> list[dict[str, Any]]:
    """Return the messages up to executing null of a prompt."""
    seen = []
    async for message in ws:
        if message.type is aiohttp.WSMsgType.TEXT:
            seen.append(message.json())
            data = seen[-1]["data"]
            if seen[-1]["type"] == "executing" and data["node"] is None and data["prompt_id"] == prompt_id:
                break
    return seen


async def submit(server: Server, prompt: dict[str, Any] = PROMPT, **more: Any) -> str:
    answer = await server.call("POST", "/prompt", {"prompt": prompt, **more})
    assert answer.status == 200, answer.body
    return answer.json["prompt_id"]


async def test_a_prompt_runs_and_its_messages_come_in_comfyuis_order(server: Server) -> None:
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        first = await ws.receive_json()
        assert first == {
            "type": "status",
            "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": "me", "protocol": 1},
        }
        prompt_id = await submit(
            server, client_id="me", extra_data={"extra_pnginfo": {"workflow": {"name": "Grey film"}}}
        )
        seen = await run_to_end(ws, prompt_id)
        history = (await server.call("GET", f"/history/{prompt_id}")).json
    kinds = [message["type"] for message in seen if message["type"] not in ("status", "queue_changed")]
    assert kinds[:2] == ["run_started", "execution_start"]
    assert kinds[-3:] == ["execution_success", "run_finished", "executing"]
    executed = next(message["data"] for message in seen if message["type"] == "executed")
    assert executed["node"] == "2"
    image = {"filename": "x_00001.webp", "subfolder": "sub", "type": "output"}
    assert executed["output"]["images"] == [image]
    states = [message["data"]["nodes"] for message in seen if message["type"] == "progress_state"]
    assert {node: state["state"] for change in states for node, state in change.items()} == {
        "1": "finished",
        "2": "finished",
    }
    item = history[prompt_id]
    assert item["outputs"] == {"2": {"images": [image], "animated": [False]}}
    assert item["status"]["status_str"] == "success" and item["status"]["completed"] is True
    assert item["prompt"][:3] == [1, prompt_id, PROMPT] and isinstance(item["prompt"][0], int)
    assert [kind for kind, _ in item["status"]["messages"]] == ["execution_start", "execution_success"]
    file = await server.call("GET", "/view?filename=x_00001.webp&subfolder=sub&type=output")
    assert file.body == bytes([3] * 48)
    assert (file.headers["Content-Type"], file.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    part = await server.call("GET", "/api/view?filename=sub/x_00001.webp", headers={"Range": "bytes=0-3"})
    assert (part.status, part.body) == (206, bytes([3] * 4))


async def test_messages_go_to_the_client_that_submitted(server: Server) -> None:
    async with (
        server.http.ws_connect(server.url + "/ws?clientId=me") as mine,
        server.http.ws_connect(server.url + "/ws?clientId=other") as other,
    ):
        prompt_id = await submit(server, client_id="me")
        await run_to_end(mine, prompt_id)
        await other.send_json({"type": "feature_flags", "data": {}})
        kinds = set()
        while (message := await other.receive_json())["type"] != "feature_flags":
            kinds.add(message["type"])
        assert kinds <= {"status", "queue_changed"}


@pytest.mark.parametrize(
    ("change", "kind", "node", "port"),
    [
        ({"level": 999}, "value_bigger_than_max", "1", "level"),
        ({"level": -1}, "value_smaller_than_min", "1", "level"),
        ({"level": "x"}, "invalid_input_type", "1", "level"),
        ({"look": "odd"}, "value_not_in_list", "1", "look"),
        ({"nothing": 1}, "bad_linked_input", "1", "nothing"),
    ],
)
async def test_a_refused_prompt_names_node_input_and_reason(
    server: Server, change: dict[str, Any], kind: str, node: str, port: str
) -> None:
    prompt = json.loads(json.dumps(PROMPT))
    prompt["1"]["inputs"] |= change
    answer = await server.call("POST", "/prompt", {"prompt": prompt})
    assert answer.status == 400
    assert answer.json["error"]["type"] == "prompt_outputs_failed_validation"
    fault = answer.json["node_errors"][node]
    assert fault["class_type"] == "test.source"
    assert fault["dependent_outputs"] == ["2"]
    (error,) = fault["errors"]
    assert (error["type"], error["extra_info"]["input_name"]) == (kind, port)
    assert error["extra_info"]["received_value"] == next(iter(change.values()))
    assert error["message"] and error["extra_info"]["error"]["remedy"]


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        (None, "no_prompt"),
        ([], "no_prompt"),
        ({}, "invalid_prompt"),
        ({"1": {"inputs": {}}}, "invalid_prompt"),
        ({"1": {"class_type": "KSampler", "inputs": {}}}, "prompt_no_outputs"),
        ({"1": {"class_type": "test.source", "inputs": {}}}, "prompt_no_outputs"),
        ({"2": {"class_type": "test.save", "inputs": {}}}, "prompt_outputs_failed_validation"),
        ({"2": {"class_type": "test.save", "inputs": {"frames": ["7", 0]}}}, "prompt_outputs_failed_validation"),
        (PROMPT | {"1": {"class_type": "KSampler", "inputs": {}}}, "missing_node_type"),
    ],
)
async def test_the_kinds_of_refusal(server: Server, prompt: Any, kind: str) -> None:
    answer = await server.call("POST", "/prompt", {"prompt": prompt})
    assert (answer.status, answer.json["error"]["type"]) == (400, kind)
    assert set(answer.json) == {"error", "node_errors"}
    assert set(answer.json["error"]) >= {"type", "message", "details", "extra_info"}


async def test_one_good_output_is_enough_and_the_others_are_named(server: Server) -> None:
    prompt = PROMPT | {"3": {"class_type": "test.save", "inputs": {}}}
    answer = await server.call("POST", "/prompt", {"prompt": prompt, "client_id": "me"})
    assert answer.status == 200
    assert set(answer.json["node_errors"]) == {"3"}
    assert answer.json["node_errors"]["3"]["errors"][0]["type"] == "required_input_missing"


async def test_partial_execution_runs_only_the_outputs_wished_for(server: Server) -> None:
    prompt = PROMPT | {"3": {"class_type": "test.save", "inputs": {"frames": ["1", 0]}}}
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        prompt_id = await submit(server, prompt, client_id="me", partial_execution_targets=["3"])
        await run_to_end(ws, prompt_id)
    history = (await server.call("GET", f"/history/{prompt_id}")).json[prompt_id]
    assert set(history["outputs"]) == {"3"}
    assert history["prompt"][4] == ["3"]
    nobody = await server.call("POST", "/prompt", {"prompt": prompt, "partial_execution_targets": ["1"]})
    assert nobody.json["error"]["type"] == "prompt_no_outputs"


async def test_the_queue_is_listed_ordered_deleted_and_cleared(server: Server) -> None:
    running = await submit(server, gated())
    await Gate.passed.wait()
    a, b = await submit(server), await submit(server)
    front = await submit(server, front=True)
    queue = (await server.call("GET", "/queue")).json
    assert [item[1] for item in queue["queue_running"]] == [running]
    assert [item[1] for item in queue["queue_pending"]] == [front, a, b]
    assert (await server.call("GET", "/prompt")).json == {"exec_info": {"queue_remaining": 4}}
    await server.call("POST", "/queue", {"delete": [a, "nobody"]})
    queue = (await server.call("GET", "/api/queue")).json
    assert [item[1] for item in queue["queue_pending"]] == [front, b]
    await server.call("POST", "/queue", {"clear": True})
    queue = (await server.call("GET", "/queue")).json
    assert (len(queue["queue_running"]), queue["queue_pending"]) == (1, [])


async def test_interrupt_stops_the_job_at_work_and_the_next_goes_on(server: Server) -> None:
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        stuck = await submit(server, gated(), client_id="me")
        await Gate.passed.wait()
        following = await submit(server, client_id="me")
        await server.call("POST", "/interrupt", {"prompt_id": "another"})
        assert (await server.call("GET", f"/history/{stuck}")).json == {}
        await server.call("POST", "/interrupt")
        seen = await run_to_end(ws, stuck)
        assert "execution_interrupted" in [message["type"] for message in seen]
        await run_to_end(ws, following)
    history = (await server.call("GET", "/history")).json
    assert [history[one]["status"]["completed"] for one in (stuck, following)] == [False, True]


async def test_a_failing_node_is_reported_without_traceback(server: Server) -> None:
    prompt = json.loads(json.dumps(PROMPT))
    prompt["b"] = {"class_type": "test.break", "inputs": {"frames": ["1", 0], "kind": "unforeseen"}}
    prompt["2"]["inputs"]["frames"] = ["b", 0]
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        prompt_id = await submit(server, prompt, client_id="me")
        seen = await run_to_end(ws, prompt_id)
    error = next(message["data"] for message in seen if message["type"] == "execution_error")
    assert (error["node_id"], error["node_type"], error["traceback"]) == ("b", "test.break", [])
    assert error["error"]["node"] == "b" and error["exception_message"]
    text = json.dumps(seen) + json.dumps((await server.call("GET", "/history")).json)
    assert "Traceback" not in text
    status = (await server.call("GET", f"/history/{prompt_id}")).json[prompt_id]["status"]
    assert (status["status_str"], status["completed"]) == ("error", False)


async def test_history_is_forgotten_on_request(server: Server) -> None:
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        ids = [await submit(server, client_id="me") for _ in range(3)]
        await run_to_end(ws, ids[-1])
    assert list((await server.call("GET", "/history?max_items=2")).json) == ids[1:]
    await server.call("POST", "/history", {"delete": [ids[0]]})
    assert list((await server.call("GET", "/history")).json) == ids[1:]
    await server.call("POST", "/history", {"clear": True})
    assert (await server.call("GET", "/history")).json == {}


async def test_a_chosen_prompt_id_is_kept_and_refused_the_second_time(server: Server) -> None:
    assert await submit(server, prompt_id="mine") == "mine"
    answer = await server.call("POST", "/prompt", {"prompt": PROMPT, "prompt_id": "mine"})
    assert (answer.status, answer.json["error"]["code"]) == (400, "duplicate_id")


async def test_a_full_queue_refuses(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(queued_jobs=1)) as server:
        await submit(server, gated())
        answer = await server.call("POST", "/prompt", {"prompt": PROMPT})
        assert (answer.status, answer.json["error"]["code"]) == (429, "busy")


async def test_a_graph_beyond_the_limit_is_refused(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(graph_nodes=1)) as server:
        answer = await server.call("POST", "/prompt", {"prompt": PROMPT})
        assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")


async def test_object_info_describes_inputs_as_comfyui_does(server: Server) -> None:
    info = (await server.call("GET", "/object_info")).json
    source = info["test.source"]
    assert source["input"]["optional"]["level"] == [
        "FLOAT",
        {"tooltip": "grey level", "default": 0.0, "min": 0, "max": 255},
    ]
    assert source["input"]["optional"]["look"] == [["plain", "noisy"], {"default": "plain"}]
    assert source["input"]["optional"]["seed"][1]["control_after_generate"] is True
    assert source["input_order"]["optional"] == ["level", "seed", "look", "picture"]
    assert (source["output"], source["output_name"], source["output_node"]) == (["FRAMES"], ["frames"], False)
    assert info["test.save"]["input"]["required"]["frames"] == ["FRAMES", {"forceInput": True}]
    assert (await server.call("GET", "/api/object_info/test.save")).json == {"test.save": info["test.save"]}
    assert (await server.call("GET", "/object_info/nothing")).json == {}


async def test_what_the_machine_is(server: Server) -> None:
    stats = (await server.call("GET", "/system_stats")).json
    assert stats["system"]["ram_total"] > 0 and stats["system"]["argv"] == []
    features = (await server.call("GET", "/features")).json
    assert features["supports_preview_metadata"] is True and features["max_upload_size"] > 0


async def test_progress_of_a_large_graph_is_batched(server: Server) -> None:
    prompt: dict[str, Any] = {f"n{i}": {"class_type": "test.number", "inputs": {"value": i % 200}} for i in range(500)}
    prompt["1"] = {"class_type": "test.source", "inputs": {"level": ["n0", 0]}}
    prompt["2"] = PROMPT["2"]
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        loop = asyncio.get_running_loop()
        start_s = loop.time()
        prompt_id = await submit(server, prompt, client_id="me")
        seen = await run_to_end(ws, prompt_id)
        seconds = loop.time() - start_s
    states = [message for message in seen if message["type"] == "progress_state"]
    assert 1 <= len(states) <= 10 * seconds + 2
