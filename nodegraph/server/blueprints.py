"""Blueprints: subgraphs kept for use in any workflow, one file each below the data directory.

Files are named by a digest of the blueprint's name, so that any name is allowed and none can lead out of the folder.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any, cast

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.server.answers import ok, read_object
from nodegraph.server.files_whole import write_json
from nodegraph.server.keys import CONFIG
from nodegraph.server.payloads import Blueprint, BlueprintsAnswer, WorkflowSubgraph

__all__ = ["ROUTES", "check_name", "check_subgraphs"]

NAME_AT_MOST = 120
BYTES_AT_MOST = 2 << 20
MOST_BLUEPRINTS = 500
_PARTS = {"id": str, "name": str, "nodes": list, "edges": list, "inputs": list, "outputs": list}


def check_name(name: str) -> str:
    """Return the name without spaces around it.

    Raises:
        UserInputError: bad_request for an empty or long one, or one with control characters.
    """
    name = name.strip()
    if not name or len(name) > NAME_AT_MOST or not name.isprintable():
        raise UserInputError(
            "bad_request",
            "A blueprint cannot be called this",
            got=repr(name[:40]),
            expected=f"1 to {NAME_AT_MOST} printable characters",
            port="name",
        )
    return name


def check_subgraphs(value: Any) -> list[WorkflowSubgraph]:
    """Check the outline of the subgraphs; what their nodes are is checked where they are used.

    Raises:
        UserInputError: bad_request; too_large.
    """
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise UserInputError("bad_request", "A blueprint is a list of subgraphs", port="subgraphs")
    for one in value:
        for part, kind in _PARTS.items():
            if not isinstance(one.get(part), kind):
                raise UserInputError(
                    "bad_request",
                    "A subgraph is malformed",
                    got=f"{part}: {type(one.get(part)).__name__}",
                    expected=f"{part}: {kind.__name__}",
                    port="subgraphs",
                )
    size = len(json.dumps(value).encode())
    if size > BYTES_AT_MOST:
        raise UserInputError(
            "too_large", "The blueprint is too large", got=f"{size} bytes", expected=f"at most {BYTES_AT_MOST}"
        )
    return cast(list[WorkflowSubgraph], value)


async def get_blueprints(request: web.Request) -> web.Response:
    """GET /api/blueprints: all of them, by name."""
    return ok(BlueprintsAnswer(blueprints=await asyncio.to_thread(_all, _folder(request))))


async def put_blueprint(request: web.Request) -> web.Response:
    """PUT /api/blueprints/{name} {subgraphs}: keep it; one of the same name is replaced."""
    name = check_name(request.match_info["name"])
    blueprint = Blueprint(name=name, subgraphs=check_subgraphs((await read_object(request)).get("subgraphs")))
    await asyncio.to_thread(_keep, _folder(request), blueprint)
    return ok(blueprint)


async def delete_blueprint(request: web.Request) -> web.Response:
    """DELETE /api/blueprints/{name}"""
    name = check_name(request.match_info["name"])
    await asyncio.to_thread(_remove, _folder(request), name)
    return ok({})


def _folder(request: web.Request) -> Path:
    return request.app[CONFIG].data_dir / "blueprints"


def _path(folder: Path, name: str) -> Path:
    return folder / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def _all(folder: Path) -> list[Blueprint]:
    found = [_read(path) for path in folder.glob("[0-9a-f]*.json")]
    return sorted((one for one in found if one is not None), key=lambda one: one["name"].casefold())


def _read(path: Path) -> Blueprint | None:
    """A file that somebody has broken by hand is left out; the others still open."""
    try:
        value = json.loads(path.read_text("utf-8"))
        return Blueprint(name=check_name(value["name"]), subgraphs=check_subgraphs(value["subgraphs"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(folder: Path, blueprint: Blueprint) -> None:
    path = _path(folder, blueprint["name"])
    if not path.exists() and sum(1 for _ in folder.glob("*.json")) >= MOST_BLUEPRINTS:
        raise UserInputError(
            "too_large", "There are too many blueprints", expected=f"at most {MOST_BLUEPRINTS}", remedy="Delete some"
        )
    write_json(path, blueprint)


def _remove(folder: Path, name: str) -> None:
    try:
        _path(folder, name).unlink()
    except FileNotFoundError:
        raise UserInputError("not_found", "There is no such blueprint", got=repr(name)) from None


ROUTES = [
    web.get("/api/blueprints", get_blueprints),
    web.put("/api/blueprints/{name}", put_blueprint),
    web.delete("/api/blueprints/{name}", delete_blueprint),
]
