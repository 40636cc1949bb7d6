"""Small JSON files that are there whole or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from nodegraph.media.disk import named_disk_errors

__all__ = ["write_json"]


def write_json(path: Path, value: Any) -> None:
    """Write beside the file, put it onto the disk, and only then into its place; blocking.

    Raises:
        NodegraphError: disk_full.
    """
    with named_disk_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(value, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
