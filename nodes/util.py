"""Notes and wires."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from nodegraph.graph import Text, node

__all__ = ["ValueOut", "util_note", "util_reroute"]


class ValueOut(NamedTuple):
    """Whatever came in."""

    value: Any


@node(id="util.note", version=1, name="Note", category="util")
def util_note(
    *,
    text: Annotated[str, Text(multiline=True, placeholder="Write a note"), "For people; it changes nothing."] = "",
) -> None:
    """Leave a note on the canvas for whoever opens this workflow."""


@node(id="util.reroute", version=1, name="Reroute", category="util")
def util_reroute(*, value: Annotated[Any, "Any wire."]) -> ValueOut:
    """Pass on what comes in, unchanged: a corner for a long wire."""
    return ValueOut(value)
