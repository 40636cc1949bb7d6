"""Port types: the names that wires are checked by, and what a literal typed into a widget may be."""

from __future__ import annotations

import math
import types
from collections.abc import Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from nodegraph import values

__all__ = ["ANY", "JSON_TYPE", "LITERAL_TYPES", "fits", "literal_fault", "port_type", "strip_optional"]

ANY = "*"
JSON_TYPE = "JSON"

_NAMES: dict[Any, str] = {
    str: "STRING",
    int: "INT",
    float: "FLOAT",
    bool: "BOOLEAN",
    Any: ANY,
    object: ANY,
    values.SavedFile: "FILE",
}
LITERAL_TYPES = frozenset({"STRING", "INT", "FLOAT", "BOOLEAN", JSON_TYPE, ANY})
"""Types whose values can be written into the document; all others arrive over a wire."""


def strip_optional(annotation: Any) -> tuple[Any, bool]:
    """Return the annotation without `None` and whether `None` was allowed.

    Raises:
        TypeError: it is a union of several types.
    """
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    rest = [part for part in get_args(annotation) if part is not type(None)]
    if len(rest) != 1:
        raise TypeError("a port has one type; a union of several cannot be shown as one port")
    return rest[0], len(rest) < len(get_args(annotation))


def port_type(annotation: Any) -> str:
    """Name the port type of a Python annotation: `Camera` -> "CAMERA", `list[...]` -> "JSON", `Any` -> "*".

    Raises:
        TypeError: the annotation is not a class.
    """
    name = _NAMES.get(annotation)
    if name is not None:
        return name
    plain = get_origin(annotation) or annotation
    if isinstance(plain, type) and issubclass(plain, (list, tuple, dict, Mapping, Sequence)):
        return JSON_TYPE
    if isinstance(plain, type):
        return plain.__name__.upper()
    raise TypeError(f"{annotation!r} is not a class")


def fits(source: str, target: str) -> bool:
    """Say whether a wire may run from an output of type `source` to an input of type `target`."""
    return source == target or ANY in (source, target) or (source == "INT" and target == "FLOAT")


def literal_fault(value: Any, type_name: str) -> str | None:
    """Say what a literal of this port type should have been, or None where it is right."""
    if type_name == "STRING":
        return None if isinstance(value, str) else "text"
    if type_name == "BOOLEAN":
        return None if isinstance(value, bool) else "true or false"
    if type_name == "INT":
        return None if isinstance(value, int) and not isinstance(value, bool) else "a whole number"
    if type_name == "FLOAT":
        real = isinstance(value, (int, float)) and not isinstance(value, bool)
        return None if real and _finite(value) else "a finite number"
    if type_name in LITERAL_TYPES:
        return None
    return f"a wire that carries {type_name}"


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
