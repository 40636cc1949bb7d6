"""The application: its parts, their lifetimes, its routes and middlewares."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import IO

from aiohttp import web

from nodegraph.engine import Engine, LocalEngine, PreviewSink
from nodegraph.errors import NodegraphError
from nodegraph.graph import Registry, load_registry
from nodegraph.server import keys
from nodegraph.server.answers import errors
from nodegraph.server.clients import Clients
from nodegraph.server.config import ServerConfig
from nodegraph.server.hub import PreviewHub
from nodegraph.server.queue import RenderQueue
from nodegraph.server.routes import add_routes
from nodegraph.server.runs import Runs
from nodegraph.server.security import add_headers, guard
from nodegraph.server.store import AssetStore, Database, JobStore, TakeStore, WorkflowStore
from nodegraph.server.takes import Takes
from nodegraph.server.tidy import Tidier
from nodegraph.server.warm import Warmth, load_preset

EngineMaker = Callable[[Registry, ServerConfig, PreviewSink], Engine]


def local_engine(registry: Registry, config: ServerConfig, preview: PreviewSink) -> Engine:
    """Make the engine that runs in this process."""
    return LocalEngine(registry, data_dir=config.data_dir, preview=preview)


def create_app(
    config: ServerConfig,
    *,
    registry: Registry | None = None,
    engine: EngineMaker = local_engine,
    warm: Callable[[], str] | None = None,
    tidy: Callable[[], None] | None = None,
) -> web.Application:
    """Build the application; nothing is opened before it starts.

    Args:
        config: settings.
        registry: node types; None loads the installed packs.
        engine: makes the engine.
        warm: loads the model in the background and returns the device; None loads `config.preset`.
        tidy: called in a thread when runs have ended, see `nodegraph.server.tidy`; it concerns the whole process.
    """
    if warm is None and config.preset is not None:
        warm = partial(load_preset, config.preset)
    app = web.Application(middlewares=[errors, guard(config)], client_max_size=config.limits.body_bytes)
    clients = Clients()
    hub = PreviewHub(clients)
    database = Database(config.database)
    jobs = JobStore(database)
    nodes = load_registry() if registry is None else registry
    takes = Takes(
        config.takes_dir,
        config.data_dir / "input",
        TakeStore(database),
        clients,
        nodes,
        cap_bytes=config.takes_bytes,
        reserve_bytes=config.reserve_bytes,
    )
    made = engine(nodes, config, hub)
    runs = Runs(made, clients, hub, takes, config.limits, Tidier(tidy))
    app[keys.CONFIG] = config
    app[keys.CLIENTS] = clients
    app[keys.HUB] = hub
    app[keys.DATABASE] = database
    app[keys.JOBS] = jobs
    app[keys.WORKFLOWS] = WorkflowStore(database)
    app[keys.ASSETS] = AssetStore(database)
    app[keys.ENGINE] = made
    app[keys.REGISTRY] = nodes
    app[keys.RUNS] = runs
    app[keys.QUEUE] = RenderQueue(jobs, runs, takes, clients, config.limits)
    app[keys.TAKES] = takes
    app[keys.WARMTH] = Warmth(warm)
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_close_sockets)
    app.cleanup_ctx.extend([_data_dir, _database, _takes, _hub, _runs, _queue, _warmth])
    add_routes(app)
    return app


async def _data_dir(app: web.Application) -> AsyncIterator[None]:
    """Make the folders, and hold the directory so that no second server works off the same queue."""
    data_dir = app[keys.CONFIG].data_dir
    for folder in ("input", "output", "temp"):
        (data_dir / folder).mkdir(parents=True, exist_ok=True)
    left_overs = [path for kind in ("upload-*", "take-*") for path in (data_dir / "temp").glob(kind)]
    for left_over in left_overs:
        left_over.unlink(missing_ok=True)
    with (data_dir / ".lock").open("w") as lock:
        _hold(lock)
        yield


def _hold(lock: IO[str]) -> None:
    if os.name != "posix":
        return
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise NodegraphError(
            "busy",
            "Another server uses this data directory",
            got=lock.name,
            remedy="Stop it, or start with another directory: --data DIR",
        ) from error


async def _database(app: web.Application) -> AsyncIterator[None]:
    await app[keys.DATABASE].open()
    yield
    await app[keys.DATABASE].close()


async def _takes(app: web.Application) -> AsyncIterator[None]:
    await app[keys.TAKES].open()
    yield
    await app[keys.TAKES].close()


async def _hub(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[keys.HUB].close()


async def _runs(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[keys.RUNS].close()


async def _queue(app: web.Application) -> AsyncIterator[None]:
    await app[keys.QUEUE].open()
    yield
    await app[keys.QUEUE].close()


async def _warmth(app: web.Application) -> AsyncIterator[None]:
    app[keys.WARMTH].start()
    yield


async def _close_sockets(app: web.Application) -> None:
    app[keys.CLIENTS].hang_up()
