"""The application over real sockets: pages, security, errors in one shape."""

import asyncio
import socket
from pathlib import Path

import aiohttp
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server import Limits
from nodegraph.server.routes import editor
from tests.server.conftest import Server, ServerMaker


async def test_the_page_explains_how_to_build_the_editor(server: Server, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(editor, "STATIC", tmp_path / "missing")
    answer = await server.call("GET", "/")
    assert answer.status == 200
    assert b"make run" in answer.body
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_editors_files_are_served_and_nothing_else(server: Server, monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "static" / "assets").mkdir(parents=True)
    (tmp_path / "static" / "index.html").write_text("<p>editor")
    (tmp_path / "static" / "assets" / "a-1f.js").write_text("1")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "static" / "link").symlink_to(tmp_path / "secret")
    monkeypatch.setattr(editor, "STATIC", tmp_path / "static")
    assert (await server.call("GET", "/")).body == b"<p>editor"
    script = await server.call("GET", "/assets/a-1f.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in script.headers["Cache-Control"]
    for path in ("/link", "/..%2fsecret", "/%2e%2e/secret", "/assets", "/nothing.js", "/a%00b"):
        assert (await server.call("GET", path)).status in (400, 404), path


async def test_the_pose_tracker_is_served_from_the_data_directory(server: Server) -> None:
    assert (await server.call("GET", "/mediapipe/vision_bundle.mjs")).status == 404
    folder = server.config.data_dir / "mediapipe" / "wasm"
    folder.mkdir(parents=True)
    (folder / "a.wasm").write_bytes(b"\0asm")
    (folder.parent / "vision_bundle.mjs").write_text("export {}")
    assert (await server.call("GET", "/mediapipe/wasm/a.wasm")).headers["Content-Type"] == "application/wasm"
    script = await server.call("GET", "/mediapipe/vision_bundle.mjs")
    assert script.headers["Content-Type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_foreign_pages_are_refused_on_http_and_on_the_websocket(server: Server, headers: dict[str, str]) -> None:
    answer = await server.call("GET", "/api/status", headers=headers)
    assert answer.status == 403
    assert answer.json["error"]["code"] == "forbidden"
    assert "Access-Control-Allow-Origin" not in answer.headers
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await server.http.ws_connect(server.url + "/ws", headers=headers)
    assert caught.value.status == 403


async def test_a_link_from_elsewhere_may_open_the_page_but_not_the_api(server: Server) -> None:
    visit = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await server.call("GET", "/", headers=visit)).status == 200
    assert (await server.call("GET", "/api/jobs", headers=visit)).status == 403


async def test_the_servers_own_page_is_allowed(server: Server) -> None:
    answer = await server.call("GET", "/api/status", headers={"Origin": server.url, "Sec-Fetch-Site": "same-origin"})
    assert answer.status == 200
    assert answer.json["protocol"] == 1
    assert answer.json["torch"] == "ready"
    assert "tiny" in answer.json["presets"]


async def test_an_open_server_wants_its_token_everywhere(start_server: ServerMaker) -> None:
    async with start_server(host="0.0.0.0", token="secret") as server:
        assert (await server.call("GET", "/api/status")).status == 403
        assert (await server.call("GET", "/api/status?token=wrong")).status == 403
        assert (await server.call("GET", "/api/status", headers={"Authorization": "Bearer secret"})).status == 200
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await server.http.ws_connect(server.url + "/ws")
        async with server.http.ws_connect(server.url + "/ws?token=secret") as ws:
            assert (await ws.receive_json())["type"] == "status"
        page = await server.call("GET", "/?token=secret")
        assert (page.status, page.headers["Location"]) == (303, "/")
        assert "HttpOnly" in page.headers["Set-Cookie"]
        assert (await server.call("GET", "/", headers={"Cookie": "nodegraph_token=secret"})).status == 200


@pytest.mark.parametrize("path", ["/prompt", "/queue", "/history", "/api/runs", "/api/queue", "/api/validate"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"nul", b"\xff\xfe", b'{"a":NaN}', b"[" * 100_000])
async def test_malformed_json_is_a_bad_request(server: Server, path: str, body: bytes) -> None:
    answer = await server.call("POST", path, data=body)
    assert answer.status == 400
    assert answer.json["error"]["code"] == "bad_request"
    assert answer.json["error"]["message"]


async def test_a_body_beyond_the_limit_is_refused(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(body_bytes=1000)) as server:
        answer = await server.call("POST", "/prompt", data=b" " * 2000)
        assert answer.status == 413
        assert answer.json["error"]["code"] == "too_large"


async def test_unknown_addresses_and_methods_are_answered_in_json(server: Server) -> None:
    missing = await server.call("POST", "/api/nothing")
    assert (missing.status, missing.json["error"]["code"]) in [(404, "not_found"), (405, "bad_request")]
    wrong = await server.call("DELETE", "/api/status")
    assert wrong.status == 405
    assert "GET" in wrong.headers["Allow"]
    assert (await server.call("GET", "/api/nothing")).status == 404


async def test_a_mistake_of_ours_is_logged_once_and_says_nothing_private(
    server: Server, monkeypatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken() -> None:
        raise RuntimeError(f"secret {__file__}")

    monkeypatch.setattr(server.app[_jobs_key()], "waiting", broken)
    answer = await server.call("GET", "/queue")
    assert answer.status == 500
    assert answer.json["error"]["code"] == "internal_error"
    assert b"secret" not in answer.body and b"Traceback" not in answer.body
    assert len([record for record in caplog.records if record.exc_info]) == 1


def _jobs_key():
    from nodegraph.server.keys import JOBS

    return JOBS


async def test_a_second_server_on_the_same_data_is_refused(server: Server, start_server: ServerMaker) -> None:
    with pytest.raises(NodegraphError, match="Another server"):
        async with start_server():
            pass


async def test_the_connection_limit_is_kept(start_server: ServerMaker) -> None:
    async with start_server(limits=Limits(sockets=1)) as server, server.http.ws_connect(server.url + "/ws"):
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await server.http.ws_connect(server.url + "/ws")
        assert caught.value.status == 429


async def test_plain_http_on_the_socket_address_is_a_bad_request(server: Server) -> None:
    answer = await server.call("GET", "/ws")
    assert answer.status == 400
    assert answer.json["error"]["code"] == "bad_request"


async def test_a_request_that_is_not_http_gets_no_traceback(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port), family=socket.AF_INET)
    writer.write(b"\x16\x03\x01 nonsense\r\n\r\n")
    answer = await reader.read()
    assert b"Traceback" not in answer
    assert b"site-packages" not in answer
    writer.close()
