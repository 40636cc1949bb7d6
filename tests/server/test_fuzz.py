"""Broken documents, prompts and requests: never a 500, never a traceback, always a message of ours."""

from __future__ import annotations

import asyncio
import copy
import json
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodegraph.graph import load_registry
from nodegraph.server.routes.workflows import load_templates
from tests.fakes_pack import Gate, save_document, show_document
from tests.server.conftest import Server, ServerMaker, running

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    1e308,
    "",
    "x",
    "1",
    "\u0000",
    "../../etc/passwd",
    "\U0001f600" * 50,
    "x" * 3000,
    [],
    [1],
    ["1", 0],
    ["1", 99],
    [[[]]],
    {},
    {"a": 1},
    {"__value__": [1]},
    {"type": "test.save"},
]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of a JSON value."""
    found = [path]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += places(child, (*path, key))
    return found


def mutate(value: Any, rng: random.Random) -> Any:
    """Return a copy in which one or two places are replaced, removed or repeated."""
    made = copy.deepcopy(value)
    for _ in range(rng.choice((1, 1, 2))):
        path = rng.choice(places(made)[1:] or [()])
        if not path:
            return rng.choice(ODD)
        parent = made
        for key in path[:-1]:
            parent = parent[key]
        action = rng.random()
        if action < 0.7:
            parent[path[-1]] = copy.deepcopy(rng.choice(ODD))
        elif action < 0.85 or isinstance(parent, dict):
            del parent[path[-1]]
        else:
            parent.append(copy.deepcopy(parent[path[-1]]))
    return made


async def check(server: Server, method: str, path: str, **options: Any) -> None:
    async with server.http.request(method, server.url + path, **options) as answer:
        body = await answer.read()
        context = f"{method} {path} {str(options)[:2000]}"
        assert answer.status < 500, context
        for private in (b"Traceback", b"site-packages", str(Path(__file__).parents[2]).encode(), b"internal_error"):
            assert private not in body, context
        if answer.status >= 400:
            error = json.loads(body)["error"]
            assert error["code" if "code" in error else "type"] and error["message"], context


API_PROMPT = {
    "1": {"class_type": "test.source", "inputs": {"level": 3, "seed": 5, "look": "plain"}, "_meta": {"title": "Grey"}},
    "2": {"class_type": "test.break", "inputs": {"frames": ["1", 0], "at": 1}},
    "3": {"class_type": "test.save", "inputs": {"frames": ["2", 0], "prefix": "a/b"}},
}
FULL = save_document() | {
    "groups": [{"id": "g", "title": "G", "bounds": [0, 0, 1, 1]}],
    "view": {"x": 0, "y": 0, "zoom": 1},
    "run": {"mode": "render", "ticks": 2},
    "meta": {"a": 1},
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(4))
async def test_mutated_documents_and_prompts(server: Server, seed: int) -> None:
    Gate.open.set()
    rng = random.Random(seed)
    for _ in range(120):
        workflow = mutate(FULL, rng)
        body = mutate({"workflow": workflow, "client_id": "me", "seed": 3, "ticks": 2, "count": 1}, rng)
        for path in ("/api/validate", "/api/queue", "/api/runs"):
            await check(server, "POST", path, json=body)
        await check(server, "PUT", "/api/workflows/w", json={"document": workflow})
        prompt = {"prompt": mutate(API_PROMPT, rng), "client_id": "me", "extra_data": {"a": 1}, "front": True}
        await check(server, "POST", "/prompt", json=prompt)
        await check(server, "POST", "/prompt", json=mutate(prompt, rng))
        for path, whole in (("/queue", {"delete": ["a"], "clear": False}), ("/history", {"delete": ["a"]})):
            await check(server, "POST", path, json=mutate(whole, rng))
        for run in (await server.call("GET", "/api/runs")).json["runs"]:
            await check(server, "POST", f"/api/runs/{run['run_id']}/stop")
    for path in ("/queue", "/history", "/api/jobs", "/api/workflows", "/api/runs"):
        await check(server, "GET", path)


@pytest.mark.timeout(120)
def test_arbitrary_json_at_every_door(tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()
    Gate.reset()
    manager = running(tmp_path)
    server = loop.run_until_complete(manager.__aenter__())
    doors = ["/prompt", "/queue", "/history", "/interrupt", "/api/queue", "/api/runs", "/api/validate", "/upload/image"]

    @settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(value=JSON, door=st.sampled_from(doors), key=st.sampled_from(["", "workflow", "prompt", "delete"]))
    def attack(value: Any, door: str, key: str) -> None:
        loop.run_until_complete(check(server, "POST", door, json={key: value} if key else value))

    try:
        attack()
    finally:
        loop.run_until_complete(manager.__aexit__(None, None, None))
        loop.close()


@pytest.mark.timeout(60)
async def test_odd_addresses(server: Server) -> None:
    odd = ["%00", "..%2f..", "x" * 4000, "%ff%fe", "a%0ab", "%F0%9F%98%80", "null", "-1", "1e9", "';DROP TABLE jobs;--"]
    templates = [
        "/view?filename={}",
        "/view?filename=a&subfolder={}",
        "/view?filename=a&type={}",
        "/history/{}",
        "/history?max_items={}",
        "/history?offset={}",
        "/object_info/{}",
        "/api/jobs/{}",
        "/api/jobs?limit={}&search={}",
        "/api/jobs?offset={}",
        "/api/workflows/{}",
        "/api/assets?kind={}",
        "/mediapipe/{}",
        "/api/{}",
        "/{}",
        "/ws?clientId={}",
    ]
    from yarl import URL

    for template in templates:
        for value in odd:
            url = URL(server.url + template.replace("{}", value), encoded=True)
            for method in ("GET", "DELETE"):
                async with server.http.request(method, url) as answer:
                    body = await answer.read()
                    assert answer.status < 500, f"{method} {url}"
                    assert b"Traceback" not in body


@pytest.mark.timeout(60)
async def test_mutated_socket_messages(server: Server) -> None:
    rng = random.Random(5)
    async with server.http.ws_connect(server.url + "/ws?clientId=me") as ws:
        answer = await server.call("POST", "/api/runs", {"workflow": show_document(), "client_id": "me"})
        run_id = answer.json["run_id"]
        whole = [
            {"type": "control", "data": {"run_id": run_id, "id": "c", "node": "1", "input": "level", "value": 5}},
            {"type": "ack", "data": {"run_id": run_id, "node_id": "9", "seq": 3}},
            {"type": "watch", "data": {"run_id": run_id}},
            {"type": "feature_flags", "data": {"supports_preview_metadata": True}},
        ]
        for _ in range(300):
            await ws.send_str(json.dumps(mutate(rng.choice(whole), rng)))
        await ws.send_json({"type": "control", "data": whole[0]["data"] | {"id": "last", "value": 6}})
        async for message in ws:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            assert "Traceback" not in message.data and "internal_error" not in message.data
            parsed = message.json()
            if parsed["type"] == "control_received" and parsed["data"]["id"] == "last":
                break
        else:
            raise AssertionError("the socket did not survive")


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # aiohttp warns of each broken header
async def test_broken_forms(server: Server) -> None:
    rng = random.Random(1)
    whole = (
        b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nx\r\n'
        b'--b\r\nContent-Disposition: form-data; name="subfolder"\r\n\r\nsub\r\n--b--\r\n'
    )
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randrange(1, 6)):
            start = rng.randrange(len(data))
            data[start : start + rng.randrange(4)] = rng.randbytes(rng.randrange(4))
        headers = {"Content-Type": "multipart/form-data; boundary=b"}
        for path in ("/upload/image", "/api/upload?kind=video", "/api/open"):
            await check(server, "POST", path, data=bytes(data), headers=headers)


@pytest.mark.timeout(120)
async def test_mutated_templates_against_the_real_nodes(start_server: ServerMaker) -> None:
    """Checking never fails, whatever a file that looks like one of ours contains."""
    nodes = pytest.importorskip("nodegraph_nodes", reason="the package is not installed")
    templates = load_templates()
    rng = random.Random(11)
    async with start_server(registry=load_registry([nodes])) as server:
        for _ in range(150):
            workflow = mutate(rng.choice(templates)["document"], rng)
            await check(server, "POST", "/api/validate", json={"workflow": workflow})
            await check(server, "PUT", "/api/workflows/w", json={"document": workflow})
            form = aiohttp.FormData()
            form.add_field("file", json.dumps(workflow).encode(), filename="w.json")
            await check(server, "POST", "/api/open", data=form)
        await check(server, "GET", "/object_info")
