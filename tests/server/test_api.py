"""The rest of /api: jobs, workflows, validation, uploads, files that carry their workflow."""

import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import pytest

from nodegraph.media.images import encode_image
from nodegraph.server import Limits
from nodegraph.server.routes.workflows import read_templates
from tests.fakes_pack import Gate, document, save_document, show_document
from tests.server.conftest import Answer, Server, ServerMaker

PNG = encode_image(np.zeros((4, 4, 3), np.uint8), "png")


async def upload(server: Server, path: str, data: bytes, name: str = "a.png", **fields: str) -> Answer:
    form = aiohttp.FormData(fields)
    form.add_field("image", io.BytesIO(data), filename=name)
    return await server.call("POST", path, data=form)


async def finished(server: Server, prompt_id: str) -> dict[str, Any]:
    """Wait for the end of a job and return it."""
    async with server.http.ws_connect(server.url + "/ws") as ws:
        while True:
            job = (await server.call("GET", f"/api/jobs/{prompt_id}")).json
            if job["finished_at"] is not None:
                return job
            await ws.receive()


async def test_a_render_of_a_workflow_is_listed_with_its_files(server: Server) -> None:
    body = {"workflow": save_document(level=5, name="Grey film"), "ticks": 3}
    answer = await server.call("POST", "/api/queue", body)
    (prompt_id,) = answer.json["prompt_ids"]
    job = await finished(server, prompt_id)
    assert (job["name"], job["status"]) == ("Grey film", "succeeded")
    assert job["created_at"] <= job["started_at"] <= job["finished_at"]
    (output,) = job["outputs"]
    assert output["media_type"] == "image/webp"
    assert (await server.call("GET", output["url"])).body == bytes([5, 5, 5])
    assert job["workflow"] == body["workflow"]
    (listed,) = (await server.call("GET", "/api/jobs?search=grey&limit=5")).json["jobs"]
    assert "workflow" not in listed and listed["prompt_id"] == prompt_id
    assert (await server.call("GET", "/api/jobs?search=nothing")).json == {"jobs": []}
    prompt = (await server.call("GET", f"/history/{prompt_id}")).json[prompt_id]["prompt"][2]
    assert prompt["1"]["class_type"] == "test.source"


async def test_several_renders_get_rising_seeds(server: Server) -> None:
    answer = await server.call("POST", "/api/queue", {"workflow": save_document(), "count": 3, "seed": 7, "ticks": 1})
    from nodegraph.server.keys import JOBS

    rows = [await server.app[JOBS].get(prompt_id) for prompt_id in answer.json["prompt_ids"]]
    assert [row.request["seed"] for row in rows if row] == [7, 8, 9]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"count": 0}, "out_of_range"),
        ({"count": "x"}, "bad_request"),
        ({"seed": -1}, "out_of_range"),
        ({"seed": 2**64}, "out_of_range"),
        ({"ticks": 0}, "out_of_range"),
        ({"workflow": None}, "bad_document"),
        ({"workflow": []}, "bad_document"),
        ({"workflow": {"schema": 99}}, "newer_schema"),
        ({"workflow": {"schema": 1}}, "bad_document"),
        ({"workflow": document(edges=[])}, "no_outputs"),
        ({"client_id": "a b"}, "bad_request"),
    ],
)
async def test_a_wrong_request_to_render_says_what_is_wrong(server: Server, change: dict[str, Any], code: str) -> None:
    answer = await server.call("POST", "/api/queue", {"workflow": save_document()} | change)
    assert (answer.status, answer.json["error"]["code"]) == (400, code)


async def test_deleting_a_job_stops_unqueues_or_forgets_it(server: Server) -> None:
    gated = save_document(between={"type": "test.gate"})
    answer = await server.call("POST", "/api/queue", {"workflow": gated, "count": 2, "ticks": 2})
    running, queued = answer.json["prompt_ids"]
    await Gate.passed.wait()
    assert (await server.call("DELETE", f"/api/jobs/{queued}")).status == 200
    assert (await server.call("GET", f"/api/jobs/{queued}")).status == 404
    assert (await server.call("DELETE", f"/api/jobs/{running}")).status == 200
    assert (await finished(server, running))["status"] == "cancelled"
    assert (await server.call("DELETE", f"/api/jobs/{running}")).status == 200
    assert (await server.call("DELETE", f"/api/jobs/{running}")).status == 404


async def test_history_outlives_the_server(start_server: ServerMaker) -> None:
    async with start_server() as server:
        answer = await server.call("POST", "/api/queue", {"workflow": save_document(), "ticks": 1})
        (prompt_id,) = answer.json["prompt_ids"]
        before = await finished(server, prompt_id)
    async with start_server() as server:
        assert (await server.call("GET", f"/api/jobs/{prompt_id}")).json == before
        assert list((await server.call("GET", "/history")).json) == [prompt_id]


async def test_workflows_are_saved_listed_and_deleted(server: Server) -> None:
    made = show_document() | {"name": "Mine"}
    put = await server.call("PUT", "/api/workflows/my-one", {"document": made})
    assert (put.status, put.json["id"], put.json["name"]) == (200, "my-one", "Mine")
    half_done = document({"id": "1", "type": "from.another.pack"}, edges=[])
    assert (await server.call("PUT", "/api/workflows/half", {"document": half_done})).status == 200
    listed = (await server.call("GET", "/api/workflows")).json["workflows"]
    assert [entry["id"] for entry in listed] == ["half", "my-one"]
    assert (await server.call("GET", "/api/workflows/my-one")).json["document"] == made
    assert (await server.call("DELETE", "/api/workflows/my-one")).status == 200
    for method in ("GET", "DELETE"):
        answer = await server.call(method, "/api/workflows/my-one")
        assert (answer.status, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("body", [{}, {"document": 5}, {"document": {"schema": 99}}, {"document": {"nodes": []}}])
async def test_what_is_no_workflow_is_not_saved(server: Server, body: dict[str, Any]) -> None:
    assert (await server.call("PUT", "/api/workflows/w", body)).status == 400
    assert (await server.call("GET", "/api/workflows")).json == {"workflows": []}


async def test_validation_lists_every_problem_and_is_never_an_error(server: Server) -> None:
    good = await server.call("POST", "/api/validate", {"workflow": show_document()})
    assert good.json == {"problems": []}
    bad = show_document(level=999, between={"type": "no.such"})
    problems = (await server.call("POST", "/api/validate", {"workflow": bad})).json["problems"]
    assert {problem["code"] for problem in problems} >= {"out_of_range", "unknown_node"}
    assert all(problem["message"] for problem in problems)
    assert (await server.call("POST", "/api/validate", {"workflow": 5})).json["problems"][0]["code"] == "bad_document"


async def test_nodes_schema_and_templates_are_published(server: Server) -> None:
    nodes = (await server.call("GET", "/api/nodes")).json["nodes"]
    level = next(port for node in nodes if node["id"] == "test.source" for port in node["inputs"])
    assert level["widget"]["bind"] == "move.forward"
    assert (await server.call("GET", "/api/schema")).json["title"] == "nodegraph workflow"


async def test_an_upload_is_kept_shown_and_listed(server: Server) -> None:
    answer = await upload(server, "/upload/image", PNG, "pic.png", subfolder="mine")
    assert answer.json == {"name": "pic.png", "subfolder": "mine", "type": "input"}
    shown = await server.call("GET", "/view?filename=pic.png&subfolder=mine&type=input")
    assert (shown.body, shown.headers["Content-Type"]) == (PNG, "image/png")
    (asset,) = (await server.call("GET", "/api/assets?kind=image")).json["assets"]
    assert (asset["value"], asset["kind"]) == ("mine/pic.png", "image")
    info = (await server.call("GET", "/object_info/test.source")).json["test.source"]
    assert info["input"]["optional"]["picture"][0] == ["mine/pic.png"]
    (server.config.data_dir / "input" / "mine" / "pic.png").unlink()
    assert (await server.call("GET", "/api/assets")).json == {"assets": []}


async def test_the_same_content_is_kept_once_and_other_content_gets_another_name(server: Server) -> None:
    other = encode_image(np.ones((4, 4, 3), np.uint8), "png")
    names = [(await upload(server, "/upload/image", data)).json["name"] for data in (PNG, PNG, other, other)]
    assert names == ["a.png", "a.png", "a (1).png", "a (1).png"]
    replaced = await upload(server, "/upload/image", other, overwrite="true")
    assert replaced.json["name"] == "a.png"
    assert (server.config.data_dir / "input" / "a.png").read_bytes() == other


@pytest.mark.parametrize(
    ("name", "data", "fields", "code"),
    [
        ("a.png", b"no picture", {}, "bad_file"),
        ("a.png", PNG, {"subfolder": "../../outside"}, "path_outside"),
        ("a.png", PNG, {"subfolder": "/etc"}, "path_outside"),
        ("a.png", PNG, {"type": "output"}, "bad_request"),
        ("..", PNG, {}, "bad_request"),
        ("a.json", b"{}", {"kind": "pose"}, "bad_file"),
        ("a.mp4", b"no film", {"kind": "video"}, "bad_file"),
        ("a.exe", b"MZ", {"kind": "program"}, "bad_request"),
    ],
)
async def test_a_wrong_upload_is_refused_and_leaves_nothing(
    server: Server, name: str, data: bytes, fields: dict[str, str], code: str
) -> None:
    path = "/api/upload" if "kind" in fields else "/upload/image"
    answer = await upload(server, path, data, name, **fields)
    assert (answer.status, answer.json["error"]["code"]) == (400, code)
    assert [item for item in server.config.data_dir.rglob("*") if item.is_file() and "sqlite3" not in item.name] == [
        server.config.data_dir / ".lock"
    ]


async def test_an_upload_beyond_the_limit_is_refused(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(upload_bytes=1000)) as server:
        answer = await upload(server, "/upload/image", b"x" * 5000)
        assert (answer.status, answer.json["error"]["code"]) == (413, "too_large")


async def test_a_form_without_file_and_a_broken_form_are_refused(server: Server) -> None:
    empty = await server.call("POST", "/upload/image", data=aiohttp.FormData({"a": "b"}))
    assert empty.status == 400
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain", "multipart/mixed; boundary=x"):
        answer = await server.call("POST", "/upload/image", data=b"--x\r\nbroken", headers={"Content-Type": kind})
        assert answer.status == 400, kind


async def test_a_link_planted_in_the_input_folder_is_not_followed(server: Server, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (server.config.data_dir / "input" / "link").symlink_to(tmp_path / "elsewhere")
    answer = await upload(server, "/upload/image", PNG, subfolder="link")
    assert answer.json["error"]["code"] == "path_outside"
    (tmp_path / "target.png").write_bytes(b"precious")
    (server.config.data_dir / "input" / "a.png").symlink_to(tmp_path / "target.png")
    await upload(server, "/upload/image", PNG, overwrite="true")
    assert (tmp_path / "target.png").read_bytes() == b"precious"


async def test_a_workflow_is_opened_from_json_from_a_prompt_and_from_a_picture(server: Server) -> None:
    made = save_document()
    from_json = await upload(server, "/api/open", json.dumps(made).encode(), "w.json")
    assert from_json.json["workflow"] == made
    picture = encode_image(np.zeros((4, 4, 3), np.uint8), "png", metadata={"workflow": json.dumps(made)})
    assert (await upload(server, "/api/open", picture, "w.png")).json["workflow"] == made
    prompt = {"1": {"class_type": "test.source", "inputs": {"level": 3}}}
    for value in (prompt, {"prompt": prompt}):
        opened = await upload(server, "/api/open", json.dumps(value).encode(), "p.json")
        assert opened.json["workflow"]["nodes"][0]["type"] == "test.source"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", PNG, b'{"nodes": [], "links": [], "version": 0.4}', b"\x00" * 100, b"RIFF0000WEBP"]
)
async def test_a_file_without_workflow_is_refused(server: Server, data: bytes) -> None:
    answer = await upload(server, "/api/open", data, "x")
    assert answer.status == 400
    assert answer.json["error"]["message"]


async def test_templates_come_with_the_program_and_the_default_is_first(server: Server) -> None:
    pytest.importorskip("nodegraph_workflows", reason="the package is not installed")
    templates = (await server.call("GET", "/api/templates")).json["templates"]
    assert templates[0]["id"] == "hello"
    assert {template["document"]["schema"] for template in templates} == {1}
    assert all(template["name"] and template["description"] for template in templates)


def test_a_template_names_its_pictures_where_they_were_made(tmp_path: Path) -> None:
    for name in ("batch", "hello"):
        (tmp_path / f"{name}.json").write_text('{"name": "N"}')
    (tmp_path / "thumbs").mkdir()
    for name in ("hello.webp", "hello.still.webp"):
        (tmp_path / "thumbs" / name).write_bytes(b"picture")
    hello, batch = read_templates(tmp_path)
    assert hello["thumbnail"] == "/api/templates/hello/still.webp"
    assert hello["moving"] == "/api/templates/hello/moving.webp"
    assert "thumbnail" not in batch and "moving" not in batch


async def test_only_pictures_of_templates_are_served(server: Server) -> None:
    pytest.importorskip("nodegraph_workflows", reason="the package is not installed")
    for template in (await server.call("GET", "/api/templates")).json["templates"]:
        for kind in {"thumbnail", "moving"} & template.keys():
            picture = await server.call("GET", template[kind])
            assert (picture.status, picture.headers["Content-Type"]) == (200, "image/webp")
    for wrong in ("nothing/still", "..%2Fhello/moving", "hello/other"):
        assert (await server.call("GET", f"/api/templates/{wrong}.webp")).status == 404
