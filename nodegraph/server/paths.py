"""Names from outside become paths inside the data directory, or nothing."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from pathlib import Path, PurePosixPath
from urllib.parse import urlencode

from nodegraph.errors import UserInputError
from nodegraph.server.payloads import FileRef

FOLDERS = ("output", "input", "temp")
"""Folders of the data directory that /view shows."""

SAFE_TYPES = frozenset(
    {"image/png", "image/jpeg", "image/webp", "image/gif", "video/mp4", "video/webm", "application/json", "text/plain"}
)
"""Media types that a browser may show; anything else, such as HTML or SVG, is only offered for download."""

_MAX_NAME = 180
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')

mimetypes.add_type("image/webp", ".webp")
mimetypes.add_type("video/webm", ".webm")


def inside(root: Path, relative: str) -> Path:
    """Return the real path of `relative` below `root`, with every symbolic link followed.

    Raises:
        UserInputError: path_outside.
    """
    outside = UserInputError(
        "path_outside",
        "The path leaves the data directory",
        got=repr(relative[:100]),
        expected="a file name with subfolders below the folder",
        remedy="Leave out .. and absolute paths",
    )
    parts = PurePosixPath(relative.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or "\0" in relative:
        raise outside
    real_root = root.resolve()
    try:
        real = (real_root / parts).resolve()
    except (OSError, RuntimeError, ValueError):
        raise outside from None
    if not real.is_relative_to(real_root):
        raise outside
    return real


def existing_file(data_dir: Path, folder: str, subfolder: str, filename: str) -> Path:
    """Return the path of a file that /view may show.

    Raises:
        UserInputError: bad_request for another folder, path_outside, not_found.
    """
    if folder not in FOLDERS:
        raise UserInputError(
            "bad_request", "There is no such folder", got=repr(folder[:100]), expected=", ".join(FOLDERS), port="type"
        )
    try:
        path = inside(data_dir / folder, f"{subfolder}/{filename}" if subfolder else filename)
        found = path.is_file()
    except OSError:  # a name longer than the file system allows
        found = False
    if not found:
        raise UserInputError("not_found", "There is no such file", got=repr(filename[:100]), port="filename")
    return path


def clean_name(filename: str) -> str:
    """Return the last part of `filename` as a name every file system takes: no path, no control characters, not hidden.

    Raises:
        UserInputError: bad_request when nothing is left.
    """
    last = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = _UNSAFE.sub("_", last).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    has_suffix = dot and len(suffix) <= 10
    name = f"{_cut(stem, _MAX_NAME)}.{suffix}" if has_suffix else _cut(name, _MAX_NAME)
    if not name.strip("._ "):
        raise UserInputError("bad_request", "The file has no usable name", got=repr(filename[:100]), port="filename")
    return name


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8")[:size].decode("utf-8", "ignore")


def media_type(filename: str) -> str:
    """Return the media type by suffix; application/octet-stream for anything a browser should not show."""
    guess = mimetypes.guess_type(filename)[0] or ""
    return guess if guess in SAFE_TYPES else "application/octet-stream"


def view_url(ref: FileRef) -> str:
    """Return the address under which /view shows a file, relative to the server's root."""
    return f"/view?{urlencode(ref)}"
