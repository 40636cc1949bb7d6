"""The one place where an exception of node code becomes an error that its reader can act on."""

from __future__ import annotations

import errno
import traceback

from nodegraph.errors import NodegraphError

__all__ = ["NODE_ERRORS", "node_error"]

NODE_ERRORS = (Exception, SystemExit)
"""What is caught around node code; cancellation is not among it. A node that calls sys.exit must not end the server."""

_SHOWN_CHARS = 300
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)


def node_error(error: BaseException, node: str, type_id: str) -> NodegraphError:
    """Return what to show for an exception that left a node; the original stays its cause.

    A `NodegraphError` keeps its words and gets the node's id. A full disk has its own code, and so has running out of
    memory, on the host or on a device; torch's class is known by name, because the engine does not import torch. Then
    the frames that the error came through let go of what they hold, which may be most of the memory: the error
    outlives the node.
    """
    if isinstance(error, NodegraphError):
        if error.node is None:
            error.node = node
        return error
    text = f"{type(error).__name__}: {error}"
    got = text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 3] + "..."
    names = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, MemoryError) or "OutOfMemoryError" in names:
        traceback.clear_frames(error.__traceback__)
        found = NodegraphError(
            "out_of_memory",
            f"Node {node} ({type_id}) ran out of memory.",
            got=got,
            remedy="Choose a smaller model or size, or stop other runs.",
            node=node,
        )
    elif isinstance(error, OSError) and error.errno in _DISK_FULL:
        found = NodegraphError(
            "disk_full",
            f"Node {node} ({type_id}) found no room left on the disk.",
            got=got,
            remedy="Free some space, then start the node again.",
            node=node,
        )
    else:
        found = NodegraphError(
            "node_failed",
            f"Node {node} ({type_id}) failed.",
            got=got,
            remedy="Check what is wired into it and its values; if they are right, report this to the pack's author.",
            node=node,
        )
    found.__cause__ = error
    return found
