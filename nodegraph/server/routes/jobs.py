"""Renders as the editor shows them: queue a workflow, list jobs with their results, forget one."""

from __future__ import annotations

import random
from typing import Any

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.graph import to_api
from nodegraph.graph.widgets import MAX_SEED
from nodegraph.server.answers import ok, take
from nodegraph.server.keys import CONFIG, JOBS, QUEUE, REGISTRY
from nodegraph.server.paths import view_url
from nodegraph.server.payloads import FileRef, Job, JobOutput, QueueAnswer
from nodegraph.server.query import query_int
from nodegraph.server.queue import new_prompt_id
from nodegraph.server.socket import client_id_of
from nodegraph.server.store import JobRow
from nodegraph.server.submit import check_document, checked

MAX_COUNT = 100
MAX_LISTED = 500
MAX_TICKS = 1_000_000


async def queue_workflow(request: web.Request, body: dict[str, Any]) -> web.Response:
    """POST /api/queue {workflow, client_id?, count?, seed?, ticks?}: render a workflow to files.

    Of several renders the first has the seed given (or the workflow's own), the others the numbers after it.
    """
    app = request.app
    workflow = body.get("workflow")
    document = await checked(workflow, check_document, workflow, app[REGISTRY], app[CONFIG].limits)
    prompt = await checked(document, to_api, document, app[REGISTRY])
    count = in_range(body, "count", 1, MAX_COUNT) or 1
    seed, ticks = seed_of(body), in_range(body, "ticks", 1, MAX_TICKS)
    client_id = client_id_of(take(body, "client_id", str))
    number = await app[QUEUE].place(front=take(body, "front", bool, False), count=count)
    if seed is None and count > 1:
        seed = random.randrange(2**32)
    jobs = [
        JobRow(
            prompt_id=new_prompt_id(),
            number=number + index,
            client_id=client_id,
            name=str(document.get("name") or "Untitled")[:200],
            request={
                "prompt": prompt,
                "extra_data": {},
                "seed": None if seed is None else (seed + index) % (MAX_SEED + 1),
                "ticks": ticks,
            },
            document=document,
        )
        for index in range(count)
    ]
    await app[QUEUE].accept(jobs)
    return ok(QueueAnswer(prompt_ids=[job.prompt_id for job in jobs], number=number))


async def get_jobs(request: web.Request) -> web.Response:
    """GET /api/jobs?limit&offset&search"""
    rows = await request.app[JOBS].newest(
        limit=query_int(request, "limit", 100, low=1, high=MAX_LISTED),
        offset=query_int(request, "offset", 0, low=0, high=10**9),
        search=request.query.get("search", "")[:200],
    )
    return ok({"jobs": [_job(row) for row in rows]})


async def get_job(request: web.Request) -> web.Response:
    """GET /api/jobs/{prompt_id}, with its workflow."""
    row = await request.app[JOBS].get(request.match_info["prompt_id"])
    if row is None:
        raise _unknown(request)
    job = _job(row)
    job["workflow"] = row.document  # type: ignore[typeddict-item]
    return ok(job)


async def delete_job(request: web.Request) -> web.Response:
    """DELETE /api/jobs/{prompt_id}: out of the queue, stopped if it is at work, or forgotten if it has ended."""
    prompt_id = request.match_info["prompt_id"]
    queue = request.app[QUEUE]
    if await queue.interrupt(prompt_id) or await queue.remove([prompt_id]):
        return ok({})
    if not await request.app[JOBS].remove_ended([prompt_id]):
        raise _unknown(request)
    await queue.changed()
    return ok({})


def seed_of(body: dict[str, Any]) -> int | None:
    """Return the seed of a request.

    Raises:
        UserInputError: bad_request for another type, out_of_range for a number no Seed widget takes.
    """
    return in_range(body, "seed", 0, MAX_SEED)


def in_range(body: dict[str, Any], key: str, low: int, high: int) -> int | None:
    """Return a whole number of a request, None if it is absent.

    Raises:
        UserInputError: bad_request for another type, out_of_range.
    """
    value: int | None = take(body, key, int)
    if value is not None and not low <= value <= high:
        raise UserInputError(
            "out_of_range", f"{key} is out of range", got=str(value)[:40], expected=f"{low} to {high}", port=key
        )
    return value


def _job(row: JobRow) -> Job:
    job = Job(
        prompt_id=row.prompt_id,
        name=row.name,
        status=row.status,  # type: ignore[typeddict-item]
        created_at=row.created_ms,
        started_at=row.started_ms,
        finished_at=row.finished_ms,
        outputs=[_output(file) for files in row.outputs.values() for file in files],
    )
    if row.error is not None:
        job["error"] = row.error  # type: ignore[typeddict-item]
    return job


def _output(file: dict[str, Any]) -> JobOutput:
    ref = FileRef(filename=file["filename"], subfolder=file["subfolder"], type=file["type"])
    return JobOutput(**ref, media_type=file["media_type"], url=view_url(ref))


def _unknown(request: web.Request) -> UserInputError:
    return UserInputError("not_found", "There is no such job", got=repr(request.match_info["prompt_id"][:100]))


ROUTES = [
    web.get("/api/jobs", get_jobs),
    web.get("/api/jobs/{prompt_id}", get_job),
    web.delete("/api/jobs/{prompt_id}", delete_job),
]
