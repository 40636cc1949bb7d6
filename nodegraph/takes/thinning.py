"""Delete the heavy parts of a finished take. Its journal says so first, so that nobody looks for them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from nodegraph.errors import NodegraphError
from nodegraph.takes.journal import JournalWriter
from nodegraph.takes.latents import LATENTS
from nodegraph.takes.reader import TakeReader
from nodegraph.takes.recorder import JOURNAL

__all__ = ["PARTS", "Part", "free_bytes", "require_room", "thin"]

Part = Literal["film", "latents"]
PARTS: tuple[Part, ...] = ("film", "latents")
_FILES: dict[Part, str] = {"film": "video-*.ts", "latents": LATENTS}


def thin(folder: Path, part: Part) -> int | None:
    """Delete a part of a take that has ended; return the bytes that this freed, None where there was nothing.

    What other takes share with it is not freed and not lost.
    """
    try:
        take = TakeReader(folder)
        files = [path for path in folder.glob(_FILES[part]) if path.stat().st_size]
        if take.end is None or take.torn is not None or not files:
            return None
        freed = sum(path.stat().st_size for path in files if path.stat().st_nlink == 1)
        journal = JournalWriter(folder / JOURNAL)
        journal.append({"t": "thinned", "part": part})
        journal.close()
        for path in files:
            path.unlink(missing_ok=True)
    except (NodegraphError, OSError):  # not to be read, or deleted meanwhile: nothing to gain
        return None
    return freed


def free_bytes(folder: Path) -> int:
    """Return what is free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def require_room(folder: Path, reserve_bytes: int, free: Callable[[Path], int] = free_bytes) -> None:
    """Refuse to write on where less than a reserve is free: the server itself needs some.

    Raises:
        NodegraphError: disk_full.
    """
    left = free(folder)
    if left < reserve_bytes:
        raise NodegraphError(
            "disk_full",
            "The disk is nearly full.",
            got=f"{left >> 20} MiB free",
            expected=f"at least {reserve_bytes >> 20} MiB",
            remedy="Free some space, then start the run again. The take up to here is safe.",
        )
