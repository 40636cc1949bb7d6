"""The editor's page and its files, built into nodegraph/server/static; and the pose tracker that a user may install."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aiohttp import web

from nodegraph.errors import UserInputError
from nodegraph.server.keys import CONFIG
from nodegraph.server.paths import inside
from nodegraph.server.security import remember_token

STATIC = Path(str(files("nodegraph.server"))) / "static"
MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".task": "application/octet-stream",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""By suffix; said here because the system's own table differs from machine to machine."""

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>nodegraph</title>
<body style="font: 16px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1rem">
<h1>The editor is not built yet</h1>
<p>The server runs and its API answers, but the page's files are missing. In the project's folder, run</p>
<pre>make run</pre>
<p>or, with Node 20 or newer,</p>
<pre>cd web &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>and load this page again.</p>
</body></html>
"""


async def page(request: web.Request) -> web.StreamResponse:
    """GET /: the editor. A token in the address is kept as a cookie and taken out of sight."""
    if "token" in request.query:
        answer = web.Response(status=303, headers={"Location": "/"})
        remember_token(request.app[CONFIG], request, answer)
        return answer
    index = STATIC / "index.html"
    if not index.is_file():
        return web.Response(text=NOT_BUILT, content_type="text/html")
    return web.FileResponse(index, headers={"Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8"})


async def static_file(request: web.Request) -> web.StreamResponse:
    """GET /{path}: any other file of the editor. Names under assets/ carry a hash, so browsers may keep them."""
    path = request.match_info["path"]
    cache = "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
    return _file(STATIC, path, cache)


async def mediapipe(request: web.Request) -> web.StreamResponse:
    """GET /mediapipe/{path}: the pose tracker's files, if the user has put them into data/mediapipe."""
    return _file(request.app[CONFIG].data_dir / "mediapipe", request.match_info["path"], "no-cache")


def _file(root: Path, relative: str, cache: str) -> web.StreamResponse:
    path = inside(root, relative)
    try:
        found = path.is_file()
    except OSError:
        found = False
    if not found:
        raise UserInputError("not_found", "There is no such page", got=f"/{relative[:200]}", remedy="Open / instead")
    kind = MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return web.FileResponse(path, headers={"Cache-Control": cache, "Content-Type": kind})


ROUTES = [
    web.get("/", page),
    web.get("/mediapipe/{path:.+}", mediapipe),
    web.get("/{path:.+}", static_file),
]
