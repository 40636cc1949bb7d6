"""The server as a process: it listens before torch is there, says where, and stops when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server import ServerConfig, serve
from nodegraph.server.serve import address

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from pathlib import Path
from nodegraph.server import ServerConfig, serve
serve(ServerConfig(port=0, data_dir=Path(sys.argv[1]), preset="debug", open_browser=False))
"""


@pytest.mark.timeout(60)
async def test_it_answers_while_torch_loads_and_ends_in_good_order(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        str(tmp_path),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    said = (await process.stdout.readline()).decode()
    assert said.startswith("nodegraph is ready at http://127.0.0.1:")
    async with aiohttp.ClientSession() as http, http.get(said.split()[-1] + "api/status") as answer:
        assert (await answer.json())["torch"] == "loading"
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert b"Traceback" not in await process.stderr.read()


def test_a_taken_port_is_a_plain_sentence(tmp_path: Path, unused_tcp_port: int) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", unused_tcp_port))
        taken.listen()
        config = ServerConfig(port=unused_tcp_port, data_dir=tmp_path, preset=None, open_browser=False)
        with pytest.raises(NodegraphError) as caught:
            serve(config)
    assert caught.value.code == "busy" and "--port" in str(caught.value)


@pytest.mark.parametrize(
    ("config", "url"),
    [
        (ServerConfig(), "http://127.0.0.1:8188/"),
        (ServerConfig(host="::1"), "http://[::1]:8188/"),
        (ServerConfig(host="0.0.0.0", token="x"), "http://localhost:8188/?token=x"),
        (ServerConfig(host="studio.example", token="x"), "http://studio.example:8188/?token=x"),
    ],
)
def test_the_address_can_be_opened(config: ServerConfig, url: str) -> None:
    assert address(config, 8188) == url
