"""HTTP by subject. ComfyUI's routes answer at the root and under /api, ours under /api only."""

from __future__ import annotations

from aiohttp import web

from nodegraph.server import blueprints, motions
from nodegraph.server.routes import (
    directing,
    editor,
    estimate,
    files,
    info,
    jobs,
    prompts,
    queue,
    runs,
    steer,
    takes,
    workflows,
)
from nodegraph.server.socket import websocket

__all__ = ["add_routes"]


def add_routes(app: web.Application) -> None:
    """Register every route."""
    comfy = [*prompts.ROUTES, *queue.ROUTES, *info.COMFY_ROUTES, *files.COMFY_ROUTES, web.get("/ws", websocket)]
    app.add_routes(comfy)
    app.add_routes([web.route(route.method, f"/api{route.path}", route.handler) for route in comfy])
    ours = (info, files, jobs, runs, takes, steer, directing, workflows, blueprints, motions, estimate, editor)
    for module in ours:
        app.add_routes(module.ROUTES)
