"""Saved workflows, templates, and the check of a workflow without running it."""

from __future__ import annotations

import asyncio
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.graph import migrate_document, validate, workflow_schema
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.keys import CONFIG, REGISTRY, WORKFLOWS
from nodegraph.server.payloads import SavedWorkflow, Template, WorkflowsAnswer
from nodegraph.server.submit import check_size, checked

TEMPLATE_PACKAGE = "nodegraph_workflows"
FIRST_TEMPLATE = "hello"
_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")


async def get_workflows(request: web.Request) -> web.Response:
    """GET /api/workflows"""
    return ok(WorkflowsAnswer(workflows=await request.app[WORKFLOWS].entries()))


async def get_workflow(request: web.Request) -> web.Response:
    """GET /api/workflows/{id}"""
    saved = await request.app[WORKFLOWS].get(request.match_info["id"])
    if saved is None:
        raise _unknown(request)
    return ok(saved)


async def put_workflow(request: web.Request) -> web.Response:
    """PUT /api/workflows/{id} {document}: save it, runnable or not; only its outline is checked."""
    workflow_id = request.match_info["id"]
    if not _ID.fullmatch(workflow_id):
        raise UserInputError(
            "bad_request", "The id is malformed", got=repr(workflow_id[:40]), expected="1 to 200 of A-Z a-z 0-9 . _ -"
        )
    given = (await read_object(request)).get("document")
    check_size(given, request.app[CONFIG].limits)
    document = migrate_document(given)
    name = take(document, "name", str, "") or "Untitled"
    updated_at = await request.app[WORKFLOWS].save(workflow_id, name[:200], document)
    return ok(SavedWorkflow(id=workflow_id, name=name[:200], updated_at=updated_at, document=document))  # type: ignore[typeddict-item]


async def delete_workflow(request: web.Request) -> web.Response:
    """DELETE /api/workflows/{id}"""
    if not await request.app[WORKFLOWS].delete(request.match_info["id"]):
        raise _unknown(request)
    return ok({})


async def post_validate(request: web.Request) -> web.Response:
    """POST /api/validate {workflow}: every problem, none raised."""
    workflow = (await read_object(request)).get("workflow")
    check_size(workflow, request.app[CONFIG].limits)
    problems = await checked(workflow, validate, workflow, request.app[REGISTRY])
    return ok({"problems": [problem.as_dict() for problem in problems]})


async def get_templates(_request: web.Request) -> web.Response:
    """GET /api/templates: the workflows that come with the program, the default one first."""
    return ok({"templates": await asyncio.to_thread(load_templates)})


async def get_schema(_request: web.Request) -> web.Response:
    """GET /api/schema: the JSON Schema of workflow documents."""
    return ok(workflow_schema())


async def get_thumbnail(request: web.Request) -> web.StreamResponse:
    """GET /api/templates/{id}/{kind}.webp: the picture of a template; `kind` is still or moving."""
    name, kind = request.match_info["id"], request.match_info["kind"]
    known = name in {template["id"] for template in load_templates()}
    path = _picture(_folder(), name, kind) if known else None
    if path is None:
        raise UserInputError("not_found", "There is no such picture", got=f"{name[:100]}/{kind}")
    return web.FileResponse(path, headers={"Cache-Control": "max-age=3600", "Content-Type": "image/webp"})


@cache
def load_templates() -> list[Template]:
    """Read the packaged workflows."""
    return read_templates(_folder())


def read_templates(folder: Path) -> list[Template]:
    """Return the workflows of a folder, the default one first, with the addresses of the pictures that were made."""
    templates = [_template(path, json.loads(path.read_text("utf-8"))) for path in folder.glob("*.json")]
    return sorted(templates, key=lambda template: (template["id"] != FIRST_TEMPLATE, template["id"]))


def _folder() -> Path:
    return Path(str(files(TEMPLATE_PACKAGE)))


def _template(path: Path, document: Any) -> Template:
    name, description = path.stem, str(document.get("description", ""))
    template = Template(id=name, name=str(document.get("name") or name), description=description, document=document)
    if _picture(path.parent, name, "still"):
        template["thumbnail"] = f"/api/templates/{name}/still.webp"
    if _picture(path.parent, name, "moving"):
        template["moving"] = f"/api/templates/{name}/moving.webp"
    return template


def _picture(folder: Path, name: str, kind: str) -> Path | None:
    """The file that `nodegraph bench thumbnails` made; None where it has not. `name` is that of a template."""
    path = folder / "thumbs" / (f"{name}.webp" if kind == "moving" else f"{name}.still.webp")
    return path if path.is_file() else None


def _unknown(request: web.Request) -> UserInputError:
    return UserInputError("not_found", "There is no such workflow", got=repr(request.match_info["id"][:100]))


ROUTES = [
    web.get("/api/workflows", get_workflows),
    web.get("/api/workflows/{id}", get_workflow),
    web.put("/api/workflows/{id}", put_workflow),
    web.delete("/api/workflows/{id}", delete_workflow),
    web.post("/api/validate", post_validate),
    web.get("/api/templates", get_templates),
    web.get("/api/templates/{id}/{kind:still|moving}.webp", get_thumbnail),
    web.get("/api/schema", get_schema),
]
