"""How much memory a snapshot holds, whatever library its tensors and arrays come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["measured_bytes"]

_PLAIN = (str, bytes, int, float, bool, type(None))


def measured_bytes(value: Any) -> int:
    """Return the bytes of all tensors and arrays inside; memory that several of them share counts once.

    Arrays are known by their `nbytes`, tensors by their `untyped_storage`, everything else is looked through.
    """
    buffers: dict[tuple[str, int], int] = {}
    seen: set[int] = set()
    stack = [value]
    while stack:
        found = stack.pop()
        if isinstance(found, _PLAIN) or id(found) in seen:
            continue
        seen.add(id(found))
        buffer = _buffer(found)
        if buffer is not None:
            buffers[buffer[0]] = buffer[1]
        elif isinstance(found, Mapping):
            stack.extend(found.values())
        elif isinstance(found, (list, tuple, set, frozenset)):
            stack.extend(found)
        else:
            stack.extend(getattr(found, "__dict__", {}).values())
            stack.extend(getattr(found, name, None) for name in getattr(type(found), "__slots__", ()))
    return sum(buffers.values())


def _buffer(value: Any) -> tuple[tuple[str, int], int] | None:
    """Return what tells one piece of memory from another, and its size."""
    storage = getattr(value, "untyped_storage", None)
    if callable(storage):
        held = storage()
        return ("storage", held.data_ptr()), held.nbytes()
    if hasattr(value, "nbytes") and hasattr(value, "dtype"):
        while getattr(value, "base", None) is not None and hasattr(value.base, "nbytes"):
            value = value.base
        return ("array", id(value)), int(value.nbytes)
    return None
