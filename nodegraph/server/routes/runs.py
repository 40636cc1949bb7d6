"""Live runs: start, list, stop. Steering goes over the websocket."""

from __future__ import annotations

from aiohttp import web

from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.keys import CONFIG, REGISTRY, RUNS
from nodegraph.server.payloads import RunAnswer
from nodegraph.server.routes.jobs import MAX_TICKS, in_range, seed_of
from nodegraph.server.socket import client_id_of
from nodegraph.server.submit import check_document, checked


async def post_run(request: web.Request) -> web.Response:
    """POST /api/runs {workflow, client_id?, seed?, ticks?, record?}"""
    body = await read_object(request)
    app = request.app
    seed, ticks = seed_of(body), in_range(body, "ticks", 1, MAX_TICKS)
    client_id = client_id_of(take(body, "client_id", str))
    workflow = body.get("workflow")
    document = await checked(workflow, check_document, workflow, app[REGISTRY], app[CONFIG].limits)
    record = take(body, "record", bool, app[CONFIG].record)
    active = app[RUNS].start_live(document, client_id=client_id, seed=seed, ticks=ticks, record=record)
    answer = RunAnswer(run_id=active.run.run_id)
    if active.take is not None:
        answer["take_id"] = active.take.take_id
    return ok(answer)


async def get_runs(request: web.Request) -> web.Response:
    """GET /api/runs"""
    return ok({"runs": request.app[RUNS].live_entries()})


async def stop_run(request: web.Request) -> web.Response:
    """POST /api/runs/{run_id}/stop"""
    request.app[RUNS].stop(request.match_info["run_id"])
    return ok({})


ROUTES = [
    web.get("/api/runs", get_runs),
    web.post("/api/runs", post_run),
    web.post("/api/runs/{run_id}/stop", stop_run),
]
