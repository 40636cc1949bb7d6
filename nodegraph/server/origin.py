"""What a take that goes on from another one knows about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nodegraph.takes import Taken

__all__ = ["Origin"]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a take comes from.

    Attributes:
        parent, tick, root: the take it branched from, the tick it branched at, the first take of the tree.
        own_from: its first own tick; 0 where nothing could be taken over.
        exact: False where the state was rebuilt from latents, in this take or one it comes from; `approximate_from` is
            the tick from which on that holds, `restored` where the state came from, `reason` why not an exact one.
        taken: writes what is taken over into the new folder; blocking.
        edits: ids of the edits that were taken over.
        document: the workflow before tick 0, where the run itself begins later.
        seed: that was asked for.
    """

    parent: str
    tick: int
    root: str
    own_from: int
    exact: bool = True
    approximate_from: int | None = None
    restored: str = "replay"
    reason: str = ""
    taken: Callable[[Path], Taken] | None = None
    edits: frozenset[str] = field(default_factory=frozenset)
    document: dict[str, Any] | None = None
    seed: int | None = None
