"""Named moments of a take. The journal keeps those set while it was recorded; a list changed by hand lies beside it.

The journal is never rewritten, so a replay reads what it always read.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nodegraph.errors import UserInputError
from nodegraph.server.files_whole import write_json
from nodegraph.server.payloads import TakeMarker
from nodegraph.takes import TakeReader

__all__ = ["add_marker", "checked_markers", "markers_of", "write_markers"]

FILE = "markers.json"
MOST_MARKERS = 500
NAME_AT_MOST = 200


def markers_of(take: TakeReader) -> list[TakeMarker]:
    """Return the markers in force, in order of their ticks; blocking."""
    kept = _read(take.folder)
    if kept is None:
        kept = [TakeMarker(tick=tick, name=name) for tick, name in take.markers()]
    return sorted(kept, key=lambda marker: marker["tick"])


def checked_markers(value: Any, ticks: int) -> list[TakeMarker]:
    """Check a whole list of markers.

    Args:
        value: a list of {"tick", "name"}.
        ticks: how many ticks the take has; a marker names one of them.

    Raises:
        UserInputError: bad_request, out_of_range, too_large.
    """
    if not isinstance(value, list):
        raise UserInputError("bad_request", "The markers are no list", got=type(value).__name__, port="markers")
    if len(value) > MOST_MARKERS:
        raise UserInputError(
            "too_large", "There are too many markers", got=str(len(value)), expected=f"at most {MOST_MARKERS}"
        )
    return [_checked(marker, ticks) for marker in value]


def write_markers(take: TakeReader, markers: list[TakeMarker]) -> None:
    """Put a list in the place of the one in force; blocking.

    Raises:
        NodegraphError: disk_full.
    """
    write_json(take.folder / FILE, markers)


def add_marker(folder: Path, marker: TakeMarker) -> None:
    """Add what the journal got meanwhile, where a list changed by hand is in force; blocking.

    Raises:
        NodegraphError: disk_full.
    """
    kept = _read(folder)
    if kept is not None:
        write_json(folder / FILE, [*kept, marker])


def _checked(marker: Any, ticks: int) -> TakeMarker:
    tick, name = (marker.get("tick"), marker.get("name")) if isinstance(marker, dict) else (None, None)
    if not isinstance(tick, int) or isinstance(tick, bool) or not isinstance(name, str):
        raise UserInputError(
            "bad_request", "A marker is malformed", got=repr(marker)[:80], expected='{"tick": number, "name": text}'
        )
    if not 0 <= tick < max(1, ticks):
        raise UserInputError(
            "out_of_range", "The take has no such tick", got=str(tick), expected=f"0 to {max(0, ticks - 1)}"
        )
    return TakeMarker(tick=tick, name=name.strip()[:NAME_AT_MOST])


def _read(folder: Path) -> list[TakeMarker] | None:
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    return [TakeMarker(tick=int(one["tick"]), name=str(one["name"])) for one in kept]
