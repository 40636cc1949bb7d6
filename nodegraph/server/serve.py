"""Run the server until it is told to stop."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Callable
from functools import partial

from aiohttp import web

from nodegraph.errors import NodegraphError
from nodegraph.server.app import create_app
from nodegraph.server.config import ServerConfig
from nodegraph.server.keys import WARMTH
from nodegraph.server.tidy import few_arenas, freeze, tidy
from nodegraph.server.warm import load_preset

log = logging.getLogger(__name__)

SHUTDOWN_S = 5.0


def serve(config: ServerConfig) -> None:
    """Serve until Ctrl+C or SIGTERM; print the address when the server listens.

    Raises:
        NodegraphError: the address is taken, or another server uses the data directory.
    """
    few_arenas()
    warm = None if config.preset is None else partial(_load, config.preset)
    app = create_app(config, warm=warm, tidy=tidy)
    asyncio.run(_serve(app, config, _say))
    if app[WARMTH].state == "loading":
        # Everything is closed, but a thread is inside torch's libraries: unloading them under it aborts the process.
        sys.stderr.flush()
        os._exit(0)


def _load(preset: str) -> str:
    device = load_preset(preset)
    freeze()
    return device


async def _serve(app: web.Application, config: ServerConfig, say: Callable[[str], None]) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_S)
    await runner.setup()
    try:
        await _listen(runner, config)
        url = address(config, runner.addresses[0][1])
        say(f"nodegraph is ready at {url}\n")
        if config.open_browser:
            await asyncio.to_thread(_open, url)
        await _told_to_stop()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, config: ServerConfig) -> None:
    try:
        await web.TCPSite(runner, config.host, config.port).start()
    except OSError as error:
        raise NodegraphError(
            "busy",
            "The server cannot listen there",
            got=f"{config.host}:{config.port}, {error.strerror}",
            remedy="Choose another port: --port 8189",
        ) from error


def address(config: ServerConfig, port: int) -> str:
    """Return the URL to open, with the token where one is needed."""
    host = config.host
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        if parsed.is_unspecified:
            host = "localhost"
        elif parsed.version == 6:
            host = f"[{host}]"
    return f"http://{host}:{port}/" + (f"?token={config.token}" if config.token else "")


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: Ctrl+C arrives as KeyboardInterrupt
            log.debug("no_signal_handler signal=%s", number)
    await stop.wait()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _open(url: str) -> None:
    try:
        webbrowser.open(url)
    except webbrowser.Error:
        log.info("no_browser url=%s", url)
