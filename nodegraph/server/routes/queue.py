"""ComfyUI's view of the queue and the history. Under /api/queue a body with a workflow queues a render of it."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.keys import JOBS, QUEUE
from nodegraph.server.query import query_int
from nodegraph.server.queue import plain_number
from nodegraph.server.reporter import comfy_output
from nodegraph.server.routes.jobs import queue_workflow
from nodegraph.server.store import JobRow

MAX_HISTORY = 1000


async def get_queue(request: web.Request) -> web.Response:
    """GET /queue"""
    running, queued = await request.app[JOBS].waiting()
    return ok({"queue_running": [*map(_entry, running)], "queue_pending": [*map(_entry, queued)]})


async def post_queue(request: web.Request) -> web.Response:
    """POST /queue {clear} or {delete: [prompt_id]}"""
    body = await read_object(request)
    if "workflow" in body:
        return await queue_workflow(request, body)
    if take(body, "clear", bool, False):
        await request.app[QUEUE].remove(None)
    ids = _ids(body)
    if ids:
        await request.app[QUEUE].remove(ids)
    return ok({})


async def get_history(request: web.Request) -> web.Response:
    """GET /history?max_items&offset: what ended, oldest first as in ComfyUI."""
    limit = query_int(request, "max_items", MAX_HISTORY, low=1, high=MAX_HISTORY)
    offset = query_int(request, "offset", 0, low=0, high=10**9)
    rows = await request.app[JOBS].newest(limit=limit, offset=offset, ended=True)
    return ok({row.prompt_id: _history(row) for row in reversed(rows)})


async def get_history_item(request: web.Request) -> web.Response:
    """GET /history/{prompt_id}: an empty object while it has not ended, as in ComfyUI."""
    row = await request.app[JOBS].get(request.match_info["prompt_id"])
    if row is None or row.finished_ms is None:
        return ok({})
    return ok({row.prompt_id: _history(row)})


async def post_history(request: web.Request) -> web.Response:
    """POST /history {clear} or {delete: [prompt_id]}: forget jobs; their files stay."""
    body = await read_object(request)
    jobs = request.app[JOBS]
    if take(body, "clear", bool, False):
        await jobs.remove_ended(None)
    await jobs.remove_ended(_ids(body))
    await request.app[QUEUE].changed()
    return ok({})


def _ids(body: dict[str, Any]) -> list[str]:
    ids = take(body, "delete", list, [])
    if not all(isinstance(one, str) for one in ids):
        raise UserInputError("bad_request", "delete is a list of prompt ids", expected="strings", port="delete")
    return list(ids)


def _entry(job: JobRow) -> list[Any]:
    request = job.request
    number = plain_number(job.number)
    return [number, job.prompt_id, request["prompt"], request.get("extra_data", {}), request.get("targets", [])]


def _history(job: JobRow) -> dict[str, Any]:
    return {
        "prompt": _entry(job),
        "outputs": {node: comfy_output(files) for node, files in job.outputs.items()},
        "status": {
            "status_str": "success" if job.status == "succeeded" else "error",
            "completed": job.status == "succeeded",
            "messages": job.messages,
        },
        "meta": {
            node: {"node_id": node, "display_node": node, "parent_node": None, "real_node_id": node}
            for node in job.outputs
        },
    }


ROUTES = [
    web.get("/queue", get_queue),
    web.post("/queue", post_queue),
    web.get("/history", get_history),
    web.get("/history/{prompt_id}", get_history_item),
    web.post("/history", post_history),
]
