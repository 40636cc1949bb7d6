"""Latents of a take: float16, one after the other, so that the one of any tick is found by multiplication."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError
from nodegraph.media.disk import named_disk_errors

__all__ = ["LATENTS", "LatentFile", "as_float32", "read_latents"]

LATENTS = "latents.bin"
_HALF = np.dtype("<f2")


def as_float32(data: Any) -> NDArray[np.float32]:
    """Return a latent's numbers, torch tensor or array, in the host's memory; blocking where a device has them.

    torch is not imported: what has `detach` is one of its tensors, and knows how to become an array.
    """
    if hasattr(data, "detach"):
        data = data.detach().float().cpu().numpy()
    return np.ascontiguousarray(data, np.float32)


class LatentFile:
    """Appends latents of one shape, float32 [C, R, Q], in tick order.

    Args:
        path: created, or continued after `count` latents.
    """

    def __init__(self, path: Path, count: int = 0) -> None:
        self._path = path
        with named_disk_errors():
            self._file = path.open("ab", buffering=0)
        self._count = count
        self._bytes_each: int | None = None

    def append(self, latent: NDArray[np.float32]) -> bool:
        """Write one latent; False for one of another size than the first, which is left out.

        Raises:
            NodegraphError: disk_full.
        """
        data = latent.astype(_HALF).tobytes()
        if self._bytes_each is None:
            self._bytes_each = len(data)
        if len(data) != self._bytes_each:
            return False
        with named_disk_errors():
            written = self._file.write(data)
            if written != len(data):  # the disk filled up in the middle: the next write would say so
                self._file.write(data[written:])
        self._count += 1
        return True

    @property
    def empty(self) -> bool:
        """True before the first latent, taken over or appended."""
        return self._count == 0

    def close(self) -> None:
        """Put everything on the disk and close the file."""
        if not self._file.closed:
            self.sync()
            self._file.close()

    def sync(self) -> None:
        """Put what was written on the disk."""
        with named_disk_errors():
            os.fdatasync(self._file.fileno())


def read_latents(path: Path, shape: tuple[int, ...], first: int, count: int) -> NDArray[np.float32]:
    """Return latents `first` .. `first + count - 1` of a file as float32 [count, *shape].

    Raises:
        NodegraphError: not_found where the file does not hold them all.
    """
    size = int(np.prod(shape))
    try:
        with path.open("rb") as file:
            file.seek(first * size * _HALF.itemsize)
            data = file.read(count * size * _HALF.itemsize)
    except FileNotFoundError:
        data = b""
    if len(data) < count * size * _HALF.itemsize:
        raise NodegraphError(
            "not_found",
            "The take does not hold these latents.",
            got=f"{len(data) // (size * _HALF.itemsize)} of {count}",
            remedy="Choose ticks within what is held.",
        )
    return np.frombuffer(data, _HALF).astype(np.float32).reshape(count, *shape)
