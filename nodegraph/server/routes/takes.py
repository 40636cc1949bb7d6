"""Takes: list, read, name, delete; their film, pictures and bundle."""

from __future__ import annotations

import asyncio
import statistics
from functools import partial
from typing import TypedDict, cast

from aiohttp import web

from nodegraph.engine import Control
from nodegraph.engine.protocol import EditKind
from nodegraph.errors import UserInputError
from nodegraph.server.answers import ok, read_object, take
from nodegraph.server.film_files import bundle, film, page, picture
from nodegraph.server.keys import CONFIG, RUNS, TAKES
from nodegraph.server.payloads import (
    TakeAnswer,
    TakeControl,
    TakeEdit,
    TakeEntry,
    TakeFile,
    TakeHeld,
    TakeMarker,
    TakeModel,
    TakesAnswer,
    TakeStats,
    TakeTicks,
    TakeTorn,
    Workflow,
)
from nodegraph.server.query import query_int
from nodegraph.server.store import TakeRow
from nodegraph.server.take_markers import add_marker, checked_markers, markers_of, write_markers
from nodegraph.takes import TakeReader
from nodegraph.takes.reader import EditRecord
from nodegraph.takes.stats import STATS
from nodegraph.takes.thinning import Part

MAX_LISTED = 1000
BUNDLE_TYPES = {"zip": "application/zip", "html": "text/html; charset=utf-8"}
_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}


async def get_takes(request: web.Request) -> web.Response:
    """GET /api/takes?root=&limit="""
    limit = query_int(request, "limit", MAX_LISTED, low=1, high=MAX_LISTED)
    rows = await request.app[TAKES].rows(request.query.get("root"), limit)
    disk = await request.app[TAKES].disk()
    return ok(TakesAnswer(takes=[_entry(request, row) for row in rows], disk=disk))


async def get_take(request: web.Request) -> web.Response:
    """GET /api/takes/{take_id}"""
    takes = request.app[TAKES]
    row = await takes.row(request.match_info["take_id"])
    reader = await takes.read(row.take_id)
    held = request.app[RUNS].held_ticks(row.take_id)
    return ok(await asyncio.to_thread(_answer, _entry(request, row), reader, held))


async def patch_take(request: web.Request) -> web.Response:
    """PATCH /api/takes/{take_id} {name?, pinned?}"""
    body = await read_object(request)
    take_id = request.match_info["take_id"]
    pinned = take(body, "pinned", bool)
    if pinned is not None:
        await request.app[TAKES].pin(take_id, pinned)
    if pinned is None or body.get("name") is not None:
        await request.app[TAKES].rename(take_id, take(body, "name", str, ""))
    return ok(_entry(request, await request.app[TAKES].row(take_id)))


async def delete_take(request: web.Request) -> web.Response:
    """DELETE /api/takes/{take_id}"""
    await request.app[TAKES].delete(request.match_info["take_id"])
    return ok({})


async def post_marker(request: web.Request) -> web.Response:
    """POST /api/takes/{take_id}/markers {tick, name}: name a moment of a take that is being recorded."""
    body = await read_object(request)
    take_id = request.match_info["take_id"]
    live = request.app[TAKES].live(take_id)
    if live is None:
        await request.app[TAKES].row(take_id)
        raise UserInputError("bad_request", "The take is finished", remedy="Name moments while it is recorded")
    marker = TakeMarker(tick=take(body, "tick", int, live.ticks), name=take(body, "name", str, "")[:200])
    live.mark(marker["tick"], marker["name"])
    reader = await request.app[TAKES].read(take_id)
    await asyncio.to_thread(add_marker, reader.folder, marker)
    return ok({})


async def put_markers(request: web.Request) -> web.Response:
    """PUT /api/takes/{take_id}/markers {markers}: the whole list, of a take that is recorded or of a finished one."""
    body = await read_object(request)
    take_id = request.match_info["take_id"]
    row = await request.app[TAKES].row(take_id)
    markers = checked_markers(body.get("markers"), row.ticks)
    reader = await request.app[TAKES].read(take_id)
    await asyncio.to_thread(write_markers, reader, markers)
    return ok({"markers": sorted(markers, key=lambda marker: marker["tick"])})


async def get_video(request: web.Request) -> web.StreamResponse:
    """GET /api/takes/{take_id}/video: MP4; parts of it may be asked for."""
    reader = await request.app[TAKES].read(request.match_info["take_id"])
    path = await asyncio.to_thread(film, reader, request.app[CONFIG].data_dir / "temp")
    return web.FileResponse(path, headers={"Content-Type": "video/mp4", "Cache-Control": "no-cache"})


async def get_thumb(request: web.Request) -> web.StreamResponse:
    """GET /api/takes/{take_id}/thumbs/{number}.webp: the picture of one second, or the last one before it."""
    reader = await request.app[TAKES].read(request.match_info["take_id"])
    number = int(request.match_info["number"])
    path = await asyncio.to_thread(reader.thumb_until, number)
    if path is None:
        raise UserInputError("not_found", "There is no picture of this second", got=str(number))
    kept = _FOREVER if path == reader.thumb(number) else {"Cache-Control": "no-cache"}
    return web.FileResponse(path, headers={"Content-Type": "image/webp", **kept})


async def get_frame(request: web.Request) -> web.Response:
    """GET /api/takes/{take_id}/frame/{tick}.webp?index=: a frame of the film, the tick's last without `index`."""
    reader = await request.app[TAKES].read(request.match_info["take_id"])
    index = query_int(request, "index", -1, low=-1, high=100)
    data = await asyncio.to_thread(picture, reader, int(request.match_info["tick"]), index)
    return web.Response(body=data, content_type="image/webp", headers=_FOREVER)


async def get_bundle(request: web.Request) -> web.StreamResponse:
    """GET /api/takes/{take_id}/bundle?form=zip|html&lang=: one ZIP, or one page that needs no server."""
    form, language = request.query.get("form", "zip"), request.query.get("lang", "en")
    if form not in BUNDLE_TYPES:
        raise UserInputError("bad_request", "There is no such bundle", got=form[:20], expected=", ".join(BUNDLE_TYPES))
    data_dir = request.app[CONFIG].data_dir
    row = await request.app[TAKES].row(request.match_info["take_id"])
    reader = await request.app[TAKES].read(row.take_id)
    make = page if form == "html" else partial(bundle, inputs=data_dir / "input")
    path = await asyncio.to_thread(partial(make, reader, data_dir / "temp", name=row.name, language=language))
    named = f'attachment; filename="take-{reader.header.take_id[:8]}.{form}"'
    return web.FileResponse(path, headers={"Content-Type": BUNDLE_TYPES[form], "Content-Disposition": named})


def _entry(request: web.Request, row: TakeRow) -> TakeEntry:
    entry = TakeEntry(
        take_id=row.take_id,
        root=row.root,
        parent=row.parent,
        parent_tick=row.parent_tick,
        name=row.name,
        created=row.created_ms,
        ticks=row.ticks,
        status=row.status,  # type: ignore[typeddict-item]
        workflow_name=row.workflow_name,
        seed=row.seed,
        thumb=f"/api/takes/{row.take_id}/thumbs/0.webp" if row.thumb else None,
        bytes=row.bytes,
    )
    if row.approximate:
        entry["approximate"] = True
    if row.pinned:
        entry["pinned"] = True
    if row.thinned:
        entry["thinned"] = [cast(Part, part) for part in row.thinned.split(",")]
    active = request.app[RUNS].of_take(row.take_id)
    if active is not None:
        entry["run_id"] = active.run.run_id
    return entry


class _Since(TypedDict, total=False):
    approximate_from: int


def _answer(entry: TakeEntry, reader: TakeReader, exact_ticks: list[int]) -> TakeAnswer:
    header = reader.header
    facts = header.facts
    model = TakeModel(preset=facts.preset, sha256=facts.sha256 or "") if facts.preset else None
    steps = [record.ms for record in reader.ticks() if record.ms is not None]
    summary = TakeTicks(
        first=reader.first_tick,
        last=reader.tick_count - 1,
        count=len(reader.ticks()),
        ms=round(statistics.median(steps), 2) if steps else None,
    )
    first = reader.approximate_from
    answer = TakeAnswer(
        **entry,
        **(_Since() if first is None else _Since(approximate_from=first)),
        document=cast(Workflow, header.document),
        model=model,
        device=facts.device,
        size=facts.size,
        versions=header.versions,
        summary=summary,
        controls=[_control(control) for control in reader.controls()],
        edits=[_edit(record) for record in reader.edit_records()],
        markers=markers_of(reader),
        held=TakeHeld(exact=exact_ticks, latents=reader.latent_range, video=reader.film_range),
        stats=_stats(reader),
        exact=reader.exact,
        torn=_torn(reader),
        files=[TakeFile(value=f.value, sha256=f.sha256, bytes=f.nbytes, tick=f.tick) for f in reader.uploads()],
    )
    answer["ticks"] = reader.tick_count
    return answer


def _edit(record: EditRecord) -> TakeEdit:
    kind = cast(EditKind, record.kind)
    return TakeEdit(tick=record.edit.tick or 0, id=record.edit.id, kind=kind, changes=list(record.changes))


def _control(control: Control) -> TakeControl:
    return TakeControl(
        tick=control.tick or 0, id=control.id, node=control.node, input=control.input, value=control.value
    )


def _stats(reader: TakeReader) -> TakeStats:
    ticks = reader.ticks()
    values = {name: [record.stats.get(name) for record in ticks] for name in STATS}
    return TakeStats(first_tick=reader.first_tick, values=values, levels=reader.levels)


def _torn(reader: TakeReader) -> TakeTorn | None:
    end = reader.end
    if end is None or end["status"] not in ("torn", "stopped"):
        return None
    reason = end["error"]["message"] if "error" in end else "The server was killed while it recorded."
    return TakeTorn(bytes=int(end.get("lost_bytes", 0)), reason=reason)


ROUTES = [
    web.get("/api/takes", get_takes),
    web.get("/api/takes/{take_id}", get_take),
    web.patch("/api/takes/{take_id}", patch_take),
    web.delete("/api/takes/{take_id}", delete_take),
    web.post("/api/takes/{take_id}/markers", post_marker),
    web.put("/api/takes/{take_id}/markers", put_markers),
    web.get("/api/takes/{take_id}/video", get_video),
    web.get(r"/api/takes/{take_id}/thumbs/{number:\d{1,9}}.webp", get_thumb),
    web.get(r"/api/takes/{take_id}/frame/{tick:\d{1,9}}.webp", get_frame),
    web.get("/api/takes/{take_id}/bundle", get_bundle),
]
