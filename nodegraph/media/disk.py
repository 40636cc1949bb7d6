"""A full disk, named for the user."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from nodegraph.errors import NodegraphError

__all__ = ["named_disk_errors"]


@contextmanager
def named_disk_errors() -> Iterator[None]:
    """Turn the operating system's "no space left" into disk_full; other errors pass.

    Raises:
        NodegraphError: disk_full.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise NodegraphError(
            "disk_full", "The disk has no room left for the file.", remedy="Free some space, then run it again."
        ) from error
