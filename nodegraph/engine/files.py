"""Paths inside the data directory. Names come from workflows, so neither ".." nor a symbolic link may lead out."""

from __future__ import annotations

import errno
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nodegraph.errors import NodegraphError
from nodegraph.graph.widgets import inside
from nodegraph.values import SavedFile

__all__ = ["Inputs", "input_path", "reserve_output"]

_MEDIA_TYPES = {".webp": "image/webp", ".webm": "video/webm", ".mp4": "video/mp4"}


@dataclass(frozen=True)
class Inputs:
    """The uploaded files that a run reads.

    Attributes:
        folder: where uploads lie.
        kept: name -> file that is read instead of the one in the folder, which may be another by now.
    """

    folder: Path
    kept: Mapping[str, Path] = field(default_factory=dict)

    def place(self, name: str) -> Path:
        """Return where a file would lie; nothing is looked up."""
        return self.kept.get(name, self.folder / name)

    def path(self, name: str) -> Path:
        """Return the path of an uploaded file. Raises as `input_path` does."""
        kept = self.kept.get(name)
        return kept if kept is not None else input_path(self.folder, name)


def input_path(folder: Path, name: str) -> Path:
    """Return the path of an uploaded file.

    Raises:
        NodegraphError: "path_outside" or "not_found".
    """
    path = _within(folder, name)
    if not path.is_file():
        raise NodegraphError(
            "not_found",
            f"There is no uploaded file {name}.",
            got=name,
            remedy="Upload it again, or choose another file.",
        )
    return path


def reserve_output(folder: Path, prefix: str, suffix: str) -> SavedFile:
    """Create an empty file with the next free number, so that no other run takes its name.

    Raises:
        NodegraphError: "path_outside"; "disk_full" or "bad_file" where it cannot be created.
    """
    path = _within(folder, prefix)
    taken = re.compile(re.escape(path.name) + r"_(\d+)")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        numbers = (found for item in path.parent.iterdir() if (found := taken.match(item.name)))
        number = 1 + max((int(found[1]) for found in numbers), default=0)
        while True:
            target = path.with_name(f"{path.name}_{number:05}{suffix}")
            try:
                target.touch(exist_ok=False)
                break
            except FileExistsError:
                number += 1
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise NodegraphError(
            "disk_full" if full else "bad_file",
            "The output folder cannot be written to.",
            got=f"{type(error).__name__}: {error.strerror}",
            remedy="Free some space, or start with another data directory.",
        ) from error
    subfolder = target.parent.relative_to(folder.resolve()).as_posix()
    return SavedFile(
        path=target,
        filename=target.name,
        subfolder="" if subfolder == "." else subfolder,
        media_type=_MEDIA_TYPES.get(suffix) or mimetypes.guess_type(target.name)[0] or "application/octet-stream",
    )


def _within(folder: Path, name: str) -> Path:
    root = folder.resolve()
    path = (root / name).resolve() if inside(name) else None
    if path is None or not path.is_relative_to(root):
        raise NodegraphError(
            "path_outside",
            "The path leaves its folder.",
            got=name[:200],
            expected="a name, with subfolders if you like",
            remedy="Remove .. and the leading slash.",
        )
    return path
