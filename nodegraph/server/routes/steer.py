"""Change the course of a live run, and go on from any moment of a take."""

from __future__ import annotations

import asyncio
import uuid
from functools import partial
from typing import Any, cast

from aiohttp import web

from nodegraph.engine import Control, Edit
from nodegraph.errors import UserInputError
from nodegraph.graph import with_seed
from nodegraph.server.active_run import ActiveRun
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.branching import Wishes, agreeing, plan_branch, values_before
from nodegraph.server.keys import CONFIG, ENGINE, QUEUE, REGISTRY, RUNS, TAKES
from nodegraph.server.payloads import BranchAnswer, EditAnswer, TakeRenderAnswer
from nodegraph.server.restoring import Way, facts_here
from nodegraph.server.routes.jobs import MAX_TICKS, in_range, seed_of
from nodegraph.server.socket import client_id_of
from nodegraph.server.submit import check_document, checked
from nodegraph.server.take_render import render_job
from nodegraph.takes import TakeReader, differences

MODES = ("first", "last_good")
RESTORES = ("exact", "latents")
MAX_CRF = 51
MAX_SIDE = 4096


async def post_branch(request: web.Request) -> web.Response:
    """POST /api/takes/{take_id}/branch {tick, client_id?, document?, controls?, seed?, restore?}"""
    body = await read_object(request)
    take_id = request.match_info["take_id"]
    document = await _document(request, body)
    restore = take(body, "restore", str)
    if restore not in (None, *RESTORES):
        raise UserInputError(
            "bad_request", "There is no such way", got=repr(restore[:40]), expected=", ".join(RESTORES), port="restore"
        )
    wishes = Wishes(document=document, controls=_controls(body), seed=seed_of(body), restore=restore)
    return ok(await _branch(request, take_id, _tick(body), wishes, client_id_of(take(body, "client_id", str))))


async def post_rewind(request: web.Request) -> web.Response:
    """POST /api/live/{run_id}/rewind {tick, client_id?}"""
    body = await read_object(request)
    active = request.app[RUNS].active(request.match_info["run_id"])
    client_id = client_id_of(take(body, "client_id", str))
    answer = await _branch(request, _take_id(active), _tick(body), Wishes(), client_id, replacing=active)
    return ok(answer)


async def post_reanchor(request: web.Request) -> web.Response:
    """POST /api/live/{run_id}/reanchor {mode, tick?, client_id?}: back to a good moment, with the controls of now."""
    body = await read_object(request)
    active = request.app[RUNS].active(request.match_info["run_id"])
    mode = take(body, "mode", str, "")
    if mode not in MODES:
        raise UserInputError(
            "bad_request", "There is no such mode", got=repr(mode[:40]), expected=", ".join(MODES), port="mode"
        )
    take_id = _take_id(active)
    recorded = active.take
    last_good = max(recorded.last_good, 0) if recorded is not None else 0
    tick = in_range(body, "tick", 0, MAX_TICKS)
    if tick is None:
        tick = 1 if mode == "first" else last_good
    reader = await request.app[TAKES].read(take_id)
    tick = min(tick, reader.tick_count)
    was, now = values_before(reader.controls(), tick), values_before(reader.controls(), MAX_TICKS)
    fresh = [control for key, control in now.items() if was.get(key) is not control]
    wishes = Wishes(now=tuple(Control(id=uuid.uuid4().hex, node=c.node, input=c.input, value=c.value) for c in fresh))
    client_id = client_id_of(take(body, "client_id", str))
    return ok(await _branch(request, take_id, tick, wishes, client_id, replacing=active))


async def post_edit(request: web.Request) -> web.Response:
    """POST /api/live/{run_id}/edit {document, dry_run?, id?}"""
    body = await read_object(request)
    app = request.app
    active = app[RUNS].active(request.match_info["run_id"])
    document = await _document(request, body)
    if document is None:
        raise UserInputError("bad_request", "The edited workflow is missing", port="document")
    if active.request.seed is not None:
        document = with_seed(document, app[REGISTRY], active.request.seed)
    edit_id = take(body, "id", str) or uuid.uuid4().hex
    kind, changes = await checked(document, app[ENGINE].classify, dict(active.run.document), document)
    if take(body, "dry_run", bool, False) or kind == "cold":
        return ok(EditAnswer(id=edit_id, kind=kind, tick=None, changes=list(changes)))
    if active.take is not None:
        active.take.expect_edit(edit_id, changes)
    receipt = await active.run.edit(Edit(id=edit_id, document=document))
    tick = None if receipt.kind == "cold" else receipt.tick
    return ok(EditAnswer(id=edit_id, kind=receipt.kind, tick=tick, changes=list(receipt.changes)))


async def post_render(request: web.Request) -> web.Response:
    """POST /api/takes/{take_id}/render {settings?, name?, client_id?}"""
    body = await read_object(request)
    app = request.app
    settings = _settings(take(body, "settings", dict, {}))
    reader = await app[TAKES].read(request.match_info["take_id"])
    await app[TAKES].files(reader)  # refused here rather than in an hour
    job, warnings = await asyncio.to_thread(
        partial(
            render_job,
            reader,
            app[REGISTRY],
            settings,
            name=take(body, "name", str),
            client_id=client_id_of(take(body, "client_id", str)),
            number=await app[QUEUE].place(front=False),
            differing=await _differing(request, reader),
        )
    )
    await app[QUEUE].accept([job])
    return ok(TakeRenderAnswer(prompt_id=job.prompt_id, warnings=warnings))


async def _branch(
    request: web.Request,
    take_id: str,
    tick: int,
    wishes: Wishes,
    client_id: str | None,
    replacing: ActiveRun | None = None,
) -> BranchAnswer:
    app = request.app
    runs = app[RUNS]
    states = await runs.state_of(take_id, tick), await runs.state_of(take_id, tick - 1)
    reader: TakeReader = await app[TAKES].read(take_id)
    states = agreeing(reader, states[0]), agreeing(reader, states[1])
    differing = await _differing(request, reader)
    plan = partial(plan_branch, engine=app[ENGINE], registry=app[REGISTRY], inputs=app[TAKES].inputs)
    branch = await asyncio.to_thread(plan, reader, tick, states, wishes, differing=differing)
    active = runs.go_live(
        branch.request,
        client_id,
        origin=branch.origin,
        replacing=replacing.run.run_id if replacing is not None else None,
    )
    assert active.take is not None, "a branch is recorded"
    answer = BranchAnswer(
        run_id=active.run.run_id,
        take_id=active.take.take_id,
        exact=branch.origin.exact,
        caught_up_ticks=branch.caught_up_ticks,
        restored=cast(Way, branch.origin.restored),
    )
    if branch.origin.reason:
        answer["reason"] = branch.origin.reason
    return answer


async def _differing(request: web.Request, reader: TakeReader) -> list[str]:
    """Say what is not as it was when a take was made; nothing for one that was made by this very server."""
    if request.app[RUNS].knows(reader.header.take_id):
        return []
    then = reader.header.facts
    return differences(then, await asyncio.to_thread(facts_here, then.preset, reader.header.document))


async def _document(request: web.Request, body: dict[str, Any]) -> dict[str, Any] | None:
    value = body.get("document")
    if value is None:
        return None
    return await checked(value, check_document, value, request.app[REGISTRY], request.app[CONFIG].limits)


def _tick(body: dict[str, Any]) -> int:
    tick = in_range(body, "tick", 0, MAX_TICKS)
    if tick is None:
        raise UserInputError("bad_request", "The tick to go on from is missing", expected="a whole number", port="tick")
    return tick


def _take_id(active: ActiveRun) -> str:
    if active.take is None or active.take.error is not None:
        raise UserInputError(
            "bad_request",
            "The run is not being recorded",
            remedy="Start it again with recording; there must be room on the disk",
        )
    return active.take.take_id


def _controls(body: dict[str, Any]) -> tuple[Control, ...] | None:
    items = take(body, "controls", list)
    if items is None:
        return None
    return tuple(_control(item) for item in items)


def _control(item: Any) -> Control:
    if not isinstance(item, dict):
        raise UserInputError("bad_request", "A control is an object", got=type(item).__name__, port="controls")
    names = ("node", "input")
    node, port = (take(item, name, str, "") for name in names)
    tick = in_range(item, "tick", 0, MAX_TICKS)
    if not node or not port or tick is None:
        raise UserInputError("bad_request", "A control lacks node, input or tick", port="controls")
    return Control(
        id=take(item, "id", str) or uuid.uuid4().hex, node=node, input=port, value=item.get("value"), tick=tick
    )


def _settings(found: dict[str, Any]) -> dict[str, Any]:
    numbers = {"crf": (0, MAX_CRF), "ticks": (1, MAX_TICKS), "width": (1, MAX_SIDE), "height": (1, MAX_SIDE)}
    settings: dict[str, Any] = {name: in_range(found, name, *limits) for name, limits in numbers.items()}
    settings |= {"seed": seed_of(found), "stitch": take(found, "stitch", bool)}
    settings |= {name: take(found, name, str) for name in ("preset", "format")}
    return {name: value for name, value in settings.items() if value is not None}


ROUTES = [
    web.post("/api/takes/{take_id}/branch", post_branch),
    web.post("/api/takes/{take_id}/render", post_render),
    web.post("/api/live/{run_id}/rewind", post_rewind),
    web.post("/api/live/{run_id}/reanchor", post_reanchor),
    web.post("/api/live/{run_id}/edit", post_edit),
]
