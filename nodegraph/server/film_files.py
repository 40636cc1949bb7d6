"""Films and bundles of takes, made when somebody asks for them and kept in the folder for temporary files."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from html import escape
from pathlib import Path

import numpy as np

from nodegraph.errors import UserInputError
from nodegraph.media.disk import named_disk_errors
from nodegraph.media.images import encode_image
from nodegraph.takes import TakeReader
from nodegraph.takes.film import join_film
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["bundle", "film", "picture", "take_metadata"]

FRESH_S = 10.0
"""The film of a take that is being recorded is made anew when it is so old."""

MAX_QUALITY = 90

VIEWER = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{margin:0;background:#111;color:#ddd;font:15px/1.5 system-ui,sans-serif}}
main{{max-width:60rem;margin:auto;padding:1rem}}video{{width:100%;background:#000}}
table{{border-spacing:1rem 0}}td{{vertical-align:top}}a{{color:#8cf}}</style>
<main><h1>{title}</h1><video src="video.mp4" controls loop></video>
<table>{rows}</table>
<p><a href="workflow.json">The workflow</a>, to be dropped on the canvas; the folder take/ makes every frame again:
<code>nodegraph replay take</code></p></main></html>
"""


def take_metadata(take: TakeReader) -> dict[str, str]:
    """Return the tags of a file made from a take: its workflow, and which take it is."""
    header = take.header
    about = {"take_id": header.take_id, "name": header.name, "seed": header.seed, "parent": header.parent}
    return {"workflow": json.dumps(take.document_at(take.tick_count)), "take": json.dumps(about)}


def film(take: TakeReader, temp: Path) -> Path:
    """Return the take as MP4; blocking.

    Raises:
        UserInputError: not_found where nothing was filmed.
        NodegraphError: disk_full, bad_file.
    """
    parts = take.film_parts()
    if not parts:
        raise UserInputError("not_found", "The take has no film", got=take.header.take_id)
    target = temp / f"take-{take.header.take_id}.mp4"
    if target.exists() and (take.end is not None or time.time() - target.stat().st_mtime < FRESH_S):
        made = target.stat().st_mtime
        if take.end is None or made >= (take.folder / "journal.ngj").stat().st_mtime:
            return target
    fresh = target.with_name(f"{target.name}.{time.monotonic_ns()}")
    try:
        join_film(parts, fresh, take_metadata(take))
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return target


def picture(take: TakeReader, tick: int, index: int) -> bytes:
    """Return one frame of a tick as WebP; `index` counts from its first, -1 is the last; blocking.

    Raises:
        NodegraphError: not_found.
    """
    frames = take.frames(tick)
    if not -len(frames) <= index < len(frames):
        raise UserInputError(
            "out_of_range", "The tick has no such frame", got=str(index), expected=f"0 to {len(frames) - 1}"
        )
    return encode_image(np.ascontiguousarray(frames[index]), "webp", MAX_QUALITY)


def bundle(take: TakeReader, temp: Path, inputs: Path) -> Path:
    """Return a ZIP with the workflow, the take, its film and a page that shows them; blocking.

    Uploaded files that the workflow uses are below `input/`.

    Raises:
        NodegraphError: disk_full.
    """
    target = temp / f"take-{take.header.take_id}.zip"
    fresh = target.with_name(f"{target.name}.{time.monotonic_ns()}")
    try:
        with named_disk_errors(), zipfile.ZipFile(fresh, "w") as archive:
            archive.writestr("workflow.json", json.dumps(take.header.document, indent=1))
            if take.film_parts():
                archive.write(film(take, temp), "video.mp4")
            archive.writestr("index.html", _viewer(take))
            for path in sorted(take.folder.rglob("*")):
                if path.is_file():
                    archive.write(path, f"take/{path.relative_to(take.folder).as_posix()}")
            for value in take.files():
                if (inputs / value).is_file():
                    archive.write(inputs / value, f"input/{value}")
        shutil.move(fresh, target)
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _viewer(take: TakeReader) -> str:
    header, frames = take.header, max(0, FRAMES_PER_TICK * (take.tick_count - 1) + 1)
    facts = {
        "Workflow": header.document.get("name"),
        "Ticks": f"{take.tick_count} ({frames} frames)",
        "Controls": len(take.controls()),
        "Edits": len(take.edits()),
        "Seed": header.seed,
        "Model": header.facts.preset,
        "Made with": ", ".join(f"{name} {version}" for name, version in header.versions.items()),
    }
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{escape(str(value))}</td></tr>"
        for name, value in facts.items()
        if value is not None
    )
    return VIEWER.format(title=escape(header.name), rows=rows)
