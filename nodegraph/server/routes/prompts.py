"""ComfyUI's way to hand in work and to stop it: /prompt and /interrupt."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.keys import CONFIG, QUEUE, REGISTRY
from nodegraph.server.queue import new_prompt_id, plain_number
from nodegraph.server.socket import client_id_of
from nodegraph.server.store import JobRow
from nodegraph.server.submit import PromptRefused, check_prompt, checked

_PROMPT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


async def post_prompt(request: web.Request) -> web.Response:
    """POST /prompt: queue a graph in API format. Outputs with problems are left out; with none left it is refused."""
    body = await read_object(request)
    app = request.app
    queue = app[QUEUE]
    prompt = body.get("prompt")
    targets = _targets(body)
    prompt_id = _prompt_id(body)
    client_id = client_id_of(take(body, "client_id", str))
    extra = take(body, "extra_data", dict, {})
    number = take(body, "number", (int, float))
    try:
        found = await checked(prompt, check_prompt, prompt, targets, app[REGISTRY], app[CONFIG].limits)
    except PromptRefused as refusal:
        return ok(refusal.body, 400)
    if number is None or not abs(number) < 2**53:
        number = await queue.place(front=take(body, "front", bool, False))
    job = JobRow(
        prompt_id=prompt_id,
        number=float(number),
        client_id=client_id,
        name=_name(extra),
        request={"prompt": prompt, "extra_data": extra, "targets": list(found.outputs)},
        document=found.document,
    )
    await queue.accept([job])
    return ok({"prompt_id": prompt_id, "number": plain_number(job.number), "node_errors": found.node_errors})


async def get_prompt(request: web.Request) -> web.Response:
    """GET /prompt: how many jobs remain."""
    return ok({"exec_info": {"queue_remaining": request.app[QUEUE].remaining}})


async def post_interrupt(request: web.Request) -> web.Response:
    """POST /interrupt: stop the job at work, or only if it is the one named."""
    body = await read_object(request) if request.can_read_body else {}
    await request.app[QUEUE].interrupt(take(body, "prompt_id", str))
    return ok({})


def _targets(body: dict[str, Any]) -> list[str] | None:
    targets = take(body, "partial_execution_targets", list)
    if targets is not None and not all(isinstance(target, str) for target in targets):
        raise UserInputError("bad_request", "partial_execution_targets is a list of node ids", expected="strings")
    return targets or None


def _prompt_id(body: dict[str, Any]) -> str:
    prompt_id = take(body, "prompt_id", str) or new_prompt_id()
    if not _PROMPT_ID.fullmatch(prompt_id):
        raise UserInputError("bad_request", "The prompt_id is malformed", got=repr(prompt_id[:40]), expected="a UUID")
    return str(prompt_id)


def _name(extra: dict[str, Any]) -> str:
    """Return the name of the workflow that the client sent along for the metadata, if it has one."""
    info = extra.get("extra_pnginfo")
    workflow = info.get("workflow") if isinstance(info, dict) else None
    name = workflow.get("name") if isinstance(workflow, dict) else None
    return name[:200] if isinstance(name, str) and name else "Prompt"


ROUTES = [
    web.get("/prompt", get_prompt),
    web.post("/prompt", post_prompt),
    web.post("/interrupt", post_interrupt),
]
