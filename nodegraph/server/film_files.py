"""Films and bundles of takes, made when somebody asks for them and kept in the folder for temporary files."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from nodegraph.errors import UserInputError
from nodegraph.media.disk import named_disk_errors
from nodegraph.media.images import encode_image
from nodegraph.server.take_page import bundle_data, take_page
from nodegraph.takes import TakeReader
from nodegraph.takes.film import join_film

__all__ = ["bundle", "film", "page", "picture", "take_metadata"]

FRESH_S = 10.0
"""The film of a take that is being recorded is made anew when it is so old."""

MAX_QUALITY = 90


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
    with _fresh(target) as fresh:
        join_film(parts, fresh, take_metadata(take))
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


def bundle(take: TakeReader, temp: Path, inputs: Path, *, name: str, language: str = "en") -> Path:
    """Return a ZIP with the workflow, the take, its film and a page that shows them; blocking.

    Uploaded files that the workflow uses are below `input/`; `bundle.json` is what the editor reads.

    Raises:
        NodegraphError: disk_full; bad_request for a language that the page is not written in.
    """
    target = temp / f"take-{take.header.take_id}.zip"
    with _fresh(target) as fresh, named_disk_errors(), zipfile.ZipFile(fresh, "w") as archive:
        shown = film(take, temp) if take.film_parts() else None
        archive.writestr("workflow.json", json.dumps(take.header.document, indent=1))
        archive.writestr("bundle.json", json.dumps(bundle_data(take, name)))
        archive.writestr("index.html", b"".join(take_page(take, shown, name=name, inside=False, language=language)))
        if shown is not None:
            archive.write(shown, "video.mp4")
        for path in sorted(take.folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"take/{path.relative_to(take.folder).as_posix()}")
        for value, path in take.files(inputs).paths.items():
            archive.write(path, f"input/{value}")
    return target


def page(take: TakeReader, temp: Path, *, name: str, language: str = "en") -> Path:
    """Return the take as one HTML file with its film inside; blocking.

    Raises:
        NodegraphError: disk_full, too_large; bad_request for a language that the page is not written in.
    """
    target = temp / f"take-{take.header.take_id}.html"
    shown = film(take, temp) if take.film_parts() else None
    with _fresh(target) as fresh, named_disk_errors(), fresh.open("wb") as file:
        for piece in take_page(take, shown, name=name, inside=True, language=language):
            file.write(piece)
    return target


@contextmanager
def _fresh(target: Path) -> Iterator[Path]:
    """Write beside the file and put it into its place when it is whole."""
    fresh = target.with_name(f"{target.name}.{time.monotonic_ns()}")
    try:
        yield fresh
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
