"""What the index of takes says about one: read from its header, its journal and its folder."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from nodegraph.graph import Registry, Seed
from nodegraph.server.store import TakeRow
from nodegraph.takes import TakeHeader, TakeReader

__all__ = ["folder_bytes", "row_of", "row_of_ended", "seed_in"]


def row_of(header: TakeHeader, registry: Registry, *, status: str) -> TakeRow:
    """Return the row of a take without a tick."""
    return TakeRow(
        take_id=header.take_id,
        root=header.root,
        parent=header.parent["take_id"] if header.parent else None,
        parent_tick=header.parent["tick"] if header.parent else None,
        name=header.name,
        workflow_name=str(header.document.get("name") or "Untitled"),
        seed=seed_in(header.document, registry) if header.seed is None else header.seed,
        status=status,
        created_ms=header.created,
    )


def row_of_ended(take: TakeReader, registry: Registry) -> TakeRow:
    """Return the row of a take that is not recorded any more; blocking."""
    torn = take.end is None or take.end["status"] in ("torn", "stopped")
    found: dict[str, Any] = {
        "ticks": take.tick_count,
        "bytes": folder_bytes(take.folder),
        "thumb": take.thumb(0).exists(),
        "approximate": not take.exact,
        "thinned": ",".join(sorted(take.thinned)),
    }
    return TakeRow(**{**vars(row_of(take.header, registry, status="torn" if torn else "done")), **found})


def folder_bytes(folder: Path) -> int:
    """Return what the files of a take hold; shared ones count in every take. Others may write and delete meanwhile."""
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += Path(path, name).stat().st_size
    return total


def seed_in(document: dict[str, Any], registry: Registry) -> int | None:
    """Return the first seed that a workflow holds."""
    for node in document.get("nodes", ()):
        spec = registry.get(str(node.get("type")))
        for port in spec.inputs if spec is not None else ():
            value = node.get("inputs", {}).get(port.name, port.default)
            if isinstance(port.widget, Seed) and isinstance(value, int):
                return value
    return None
