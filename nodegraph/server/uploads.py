"""Uploaded files: received to a temporary file, checked by their content, then put into data/input."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.media.images import decode_image
from nodegraph.media.pose import load_pose_clip
from nodegraph.media.video import read_video_metadata
from nodegraph.server.paths import clean_name, inside

_BROKEN_FORM = (ValueError, LookupError, RuntimeError, AssertionError, HttpProcessingError, web.RequestPayloadError)
"""What aiohttp's reader raises for forms that do not follow the standard, or stop in the middle."""

KINDS = ("image", "pose", "video")
_MAX_FIELD = 1000
_CHUNK = 1 << 16


@dataclass(kw_only=True)
class Upload:
    """One multipart form: the file, on disk, and the text fields."""

    path: Path
    filename: str
    sha256: str
    size: int
    fields: dict[str, str]


async def receive(request: web.Request, *, folder: Path, limit: int) -> Upload:
    """Read a form with one file into a temporary file in `folder`; the caller discards it.

    Raises:
        UserInputError: bad_request without a file, too_large beyond `limit` bytes.
    """
    if not request.content_type.startswith("multipart/"):
        raise UserInputError("bad_request", "This is no form with a file", expected="multipart/form-data")
    fields: dict[str, str] = {}
    found: Upload | None = None
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise UserInputError("bad_request", "A form inside a form is not understood")
            if part.filename is None:
                fields[str(part.name)[:_MAX_FIELD]] = await _field(part)
            elif found is None:
                found = await _store(part, folder, limit)
            else:
                raise UserInputError("bad_request", "There is more than one file", expected="one file a request")
    except BaseException as error:
        if found is not None:
            discard(found.path)
        if isinstance(error, _BROKEN_FORM) and not isinstance(error, NodegraphError):
            raise UserInputError("bad_request", "The form is broken", expected="multipart/form-data") from error
        raise
    if found is None:
        raise UserInputError("bad_request", "The form has no file", expected="a part with a file name")
    found.fields = fields
    return found


async def _field(part: BodyPartReader) -> str:
    data = await part.read_chunk(_MAX_FIELD)
    if not part.at_eof():
        raise UserInputError("too_large", "A field of the form is too long", expected=f"at most {_MAX_FIELD} bytes")
    return data.decode("utf-8", "replace").replace("\0", "")


async def _store(part: BodyPartReader, folder: Path, limit: int) -> Upload:
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix="upload-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := await part.read_chunk(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise UserInputError(
                        "too_large",
                        "The file is too large",
                        got=f"over {limit} bytes",
                        expected=f"at most {limit} bytes",
                    )
                digest.update(chunk)
                file.write(chunk)
    except BaseException as error:
        discard(Path(name))
        if isinstance(error, OSError):
            raise NodegraphError("disk_full", "The upload cannot be written", remedy="Free some space") from error
        raise
    return Upload(path=Path(name), filename=part.filename or "", sha256=digest.hexdigest(), size=size, fields={})


def discard(path: Path) -> None:
    """Delete a temporary file, if it is still there."""
    path.unlink(missing_ok=True)


def check_content(path: Path, kind: str) -> None:
    """Refuse a file that is not what it is uploaded as; blocking.

    Raises:
        NodegraphError: bad_file, too_large.
    """
    if kind == "image":
        decode_image(path.read_bytes())
    elif kind == "pose":
        load_pose_clip(path)
    else:
        read_video_metadata(path)


def place(upload: Upload, root: Path, *, overwrite: bool) -> Path:
    """Move an upload to its name below `root`; the same content under the same name is kept once; blocking.

    Raises:
        UserInputError: path_outside, bad_request for a name that cannot be used.
    """
    name = clean_name(upload.filename)
    folder = inside(root, upload.fields.get("subfolder", ""))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserInputError(
            "bad_request", "The subfolder cannot be used", got=upload.fields["subfolder"][:100]
        ) from error
    stem, suffix = Path(name).stem, Path(name).suffix
    target, number = folder / name, 0
    while (target.exists() or target.is_symlink()) and not (overwrite and target.is_file() and not target.is_symlink()):
        if target.is_file() and _sha256(target) == upload.sha256:
            upload.path.unlink()
            return target
        number += 1
        target = folder / f"{stem} ({number}){suffix}"
    upload.path.chmod(0o644)
    upload.path.replace(target)
    return target


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json_bytes(path: Path, limit: int) -> bytes | None:
    """Return a file's bytes if it begins like a JSON object, else None; blocking.

    Raises:
        UserInputError: too_large beyond `limit` bytes.
    """
    with path.open("rb") as file:
        head = file.read(64)
        if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return None
        data = head + file.read(limit + 1)
    if len(data) > limit:
        raise UserInputError("too_large", "The workflow is too large", expected=f"at most {limit} bytes")
    return data.removeprefix(b"\xef\xbb\xbf")
