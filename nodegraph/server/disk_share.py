"""How much of the disk takes may hold, and what goes first where it is more: films and latents, never the log.

A take whose film and latents were deleted still holds its journal: it can be replayed and rendered again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nodegraph.takes.thinning import PARTS, Part, thin

__all__ = ["DiskShare", "Thinned", "held_bytes"]

GB = 10**9
MOST_BYTES = 20 * GB
MOST_SHARE = 0.2


@dataclass(frozen=True)
class Thinned:
    """Parts of a take that were deleted, and the bytes that this freed."""

    take_id: str
    parts: tuple[Part, ...]
    freed: int


class DiskShare:
    """The share of the disk that the takes of a folder have.

    Args:
        folder: one subfolder per take.
        cap_bytes: None = 20 GB, at most a fifth of what is free where nothing is held.
    """

    def __init__(self, folder: Path, cap_bytes: int | None) -> None:
        self._folder = folder
        self._cap_bytes = cap_bytes

    def cap(self, held: int) -> int:
        """Return what all takes may hold together, where they hold so much now."""
        if self._cap_bytes is not None:
            return self._cap_bytes
        return min(MOST_BYTES, int(MOST_SHARE * (self.free() + held)))

    def free(self) -> int:
        """Return what is free on the disk."""
        return shutil.disk_usage(self._folder).free

    def make_room(self, oldest_first: Iterable[str]) -> list[Thinned]:
        """Thin takes, film before latents, until all fit; blocking. Those not named stay as they are."""
        held = held_bytes(self._folder)
        cap = self.cap(held)
        done: list[Thinned] = []
        for take_id in oldest_first:
            parts: list[Part] = []
            freed = 0
            for part in PARTS:
                if held - freed > cap and (gained := thin(self._folder / take_id, part)) is not None:
                    parts.append(part)
                    freed += gained
            held -= freed
            if parts:
                done.append(Thinned(take_id, tuple(parts), freed))
            if held <= cap:
                break
        return done


def held_bytes(folder: Path) -> int:
    """Return what the files below a folder take on the disk; one with several names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                found = Path(path, name).stat()
            except FileNotFoundError:  # somebody writes or deletes meanwhile
                continue
            sizes[found.st_dev, found.st_ino] = found.st_size
    return sum(sizes.values())
