"""The workflow back out of a file that carries it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError
from nodegraph.media.images import read_image_metadata
from nodegraph.media.video import read_video_metadata

__all__ = ["KEYS", "read_workflow_metadata"]

KEYS = ("workflow", "prompt")
"""`workflow` is our document, `prompt` the same graph in ComfyUI's API format."""

_MAX_JSON_CHARS = 8_000_000
_IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_HEAD_BYTES = 16


def read_workflow_metadata(path: Path) -> dict[str, Any]:
    """Return the parsed JSON under each of `KEYS` that the file carries; the file's bytes decide what it is.

    Args:
        path: a PNG, JPEG, WebP, MP4 or WebM file.

    Raises:
        NodegraphError: bad_file when the file is none of these, carries neither key, or carries broken JSON;
            too_large when the JSON is beyond 8 million characters.
    """
    texts = _texts(path)
    found = {key: _parsed(key, texts[key]) for key in KEYS if key in texts}
    if not found:
        raise NodegraphError(
            "bad_file",
            "The file carries no workflow.",
            expected="a file saved by Save video or Save images",
            remedy="Open the workflow's JSON instead, or a result that was not converted by another program.",
        )
    return found


def _texts(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(_IMAGE_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return read_image_metadata(path.read_bytes())
    return read_video_metadata(path)


def _parsed(key: str, text: str) -> Any:
    if len(text) > _MAX_JSON_CHARS:
        raise NodegraphError("too_large", f"The {key} inside the file is too long.", got=f"{len(text)} characters")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NodegraphError(
            "bad_file", f"The {key} inside the file is not JSON.", got=type(error).__name__, expected="JSON"
        ) from error
