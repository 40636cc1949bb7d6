"""Files in and out: results, uploads, and the workflow inside a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import Registry, from_api, migrate_document
from nodegraph.media.metadata import read_workflow_metadata
from nodegraph.server.answers import ok, parse_json
from nodegraph.server.keys import ASSETS, CONFIG, REGISTRY
from nodegraph.server.paths import existing_file, media_type, view_url
from nodegraph.server.payloads import AssetEntry, FileRef, UploadAnswer
from nodegraph.server.submit import check_size
from nodegraph.server.uploads import KINDS, Upload, check_content, discard, place, read_json_bytes, receive


async def view(request: web.Request) -> web.StreamResponse:
    """GET /view?filename&subfolder&type: a result or an upload, with ranges."""
    query = request.query
    folder = query.get("type", "output")
    filename, subfolder = query.get("filename", ""), query.get("subfolder", "")
    path = await asyncio.to_thread(existing_file, request.app[CONFIG].data_dir, folder, subfolder, filename)
    kind = media_type(path.name)
    headers = {"Content-Type": kind, "Content-Security-Policy": "sandbox; default-src 'none'"}
    if kind == "application/octet-stream":
        headers["Content-Disposition"] = "attachment"
    return web.FileResponse(path, headers=headers)


async def upload_image(request: web.Request) -> web.Response:
    """POST /upload/image (multipart: image, subfolder?, overwrite?, type?), as ComfyUI's clients send it."""
    return await _upload(request, "image")


async def upload(request: web.Request) -> web.Response:
    """POST /api/upload?kind=image|pose|video (multipart: file, kind?, subfolder?, overwrite?)"""
    return await _upload(request, request.query.get("kind"))


async def get_assets(request: web.Request) -> web.Response:
    """GET /api/assets?kind= : uploaded files that are still there, newest first."""
    rows = await request.app[ASSETS].newest(request.query.get("kind"))
    root = request.app[CONFIG].data_dir / "input"
    present = await asyncio.to_thread(lambda: [row for row in rows if (root / row["value"]).is_file()])
    if len(present) < len(rows):
        await request.app[ASSETS].forget([row["value"] for row in rows if row not in present])
    assets = [
        AssetEntry(
            value=row["value"], kind=row["kind"], created_at=row["created_ms"], url=view_url(_input_ref(row["value"]))
        )
        for row in present
    ]
    return ok({"assets": assets})


async def open_file(request: web.Request) -> web.Response:
    """POST /api/open (multipart: file): the workflow of a JSON file, a picture or a film."""
    app = request.app
    config = app[CONFIG]
    received = await receive(request, folder=config.data_dir / "temp", limit=config.limits.upload_bytes)
    try:
        found = await asyncio.to_thread(_read_workflow, received.path, config.limits.body_bytes)
    finally:
        discard(received.path)
    check_size(found.get("workflow", found.get("prompt")), config.limits)
    return ok({"workflow": await asyncio.to_thread(_as_document, found, app[REGISTRY])})


async def _upload(request: web.Request, kind: str | None) -> web.Response:
    config = request.app[CONFIG]
    received = await receive(request, folder=config.data_dir / "temp", limit=config.limits.upload_bytes)
    try:
        kind = kind or received.fields.get("kind", "image")
        if kind not in KINDS:
            raise UserInputError(
                "bad_request", "There is no such kind of upload", got=kind[:40], expected=", ".join(KINDS), port="kind"
            )
        if received.fields.get("type", "input") != "input":
            raise UserInputError("bad_request", "Uploads go to the input folder", expected="type input", port="type")
        return await _keep(request, received, kind)
    finally:
        discard(received.path)


async def _keep(request: web.Request, received: Upload, kind: str) -> web.Response:
    root = request.app[CONFIG].data_dir / "input"
    await asyncio.to_thread(check_content, received.path, kind)
    overwrite = received.fields.get("overwrite", "").lower() in ("1", "true")
    target = await asyncio.to_thread(place, received, root, overwrite=overwrite)
    value = target.relative_to(root.resolve()).as_posix()
    await request.app[ASSETS].add(value, kind, received.sha256, received.size)
    ref = _input_ref(value)
    return ok(UploadAnswer(name=ref["filename"], subfolder=ref["subfolder"], type="input"))


def _input_ref(value: str) -> FileRef:
    subfolder, _, filename = value.rpartition("/")
    return FileRef(filename=filename, subfolder=subfolder, type="input")


def _read_workflow(path: Path, limit: int) -> dict[str, Any]:
    text = read_json_bytes(path, limit)
    if text is None:
        return read_workflow_metadata(path)
    value = parse_json(text)
    if "schema" in value:
        return {"workflow": value}
    if isinstance(value.get("prompt"), dict):
        return {"prompt": value["prompt"]}
    return {"prompt": value}


def _as_document(found: dict[str, Any], registry: Registry) -> dict[str, Any]:
    """Return our document if the file has one, else what its prompt becomes."""
    workflow = found.get("workflow")
    if isinstance(workflow, dict) and "schema" in workflow:
        return migrate_document(workflow)
    try:
        return from_api(found.get("prompt"), registry)
    except NodegraphError as error:
        raise UserInputError(
            "bad_file",
            "The file carries no workflow that can be opened",
            got=error.message,
            expected="a workflow saved by nodegraph, or ComfyUI's API format",
            remedy="In ComfyUI, export it with Save (API Format)",
        ) from error


COMFY_ROUTES = [web.get("/view", view), web.post("/upload/image", upload_image)]
ROUTES = [web.post("/api/upload", upload), web.get("/api/assets", get_assets), web.post("/api/open", open_file)]
