"""A real server on a free port of this machine, with the torch-free test pack and the real engine."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from nodegraph.client import Client
from nodegraph.server import Limits, ServerConfig, create_app
from nodegraph.server.app import local_engine
from tests.fakes_pack import Gate, make_pack


@dataclass
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    body: bytes
    json: Any
    headers: dict[str, str]


@dataclass
class Server:
    """A server that listens."""

    url: str
    app: web.Application
    config: ServerConfig
    http: aiohttp.ClientSession

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        """Send one request; a dict or list is sent as JSON, `data` as it is."""
        if body is not None:
            options["json"] = body
        async with self.http.request(method, self.url + path, allow_redirects=False, **options) as answer:
            data = await answer.read()
            parsed = await answer.json() if answer.content_type == "application/json" else None
            return Answer(answer.status, data, parsed, dict(answer.headers))

    def client(self, **options: Any) -> Client:
        return Client(self.url, **options)


@contextlib.asynccontextmanager
async def running(data_dir: Path, **options: Any) -> AsyncIterator[Server]:
    limits = options.pop("limits", Limits())
    registry = options.pop("registry", None) or make_pack()
    engine = options.pop("engine", local_engine)
    config = ServerConfig(port=0, data_dir=data_dir, preset=None, open_browser=False, limits=limits, **options)
    app = create_app(config, registry=registry, engine=engine)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with aiohttp.ClientSession() as http:
        yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}", app, config, http)
        Gate.open.set()
        await runner.cleanup()


@pytest.fixture(autouse=True)
async def gate() -> type[Gate]:
    """The gate of test.gate, closed."""
    Gate.reset()
    return Gate


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with running(tmp_path / "data") as server:
        yield server


ServerMaker = Callable[..., contextlib.AbstractAsyncContextManager[Server]]


@pytest.fixture
def start_server(tmp_path: Path) -> ServerMaker:
    """Start further servers, with other settings, on the same data directory."""
    return lambda **options: running(tmp_path / "data", **options)
