"""Plain values."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from nodegraph.graph import Seed, node

__all__ = ["SeedOut", "value_seed"]


class SeedOut(NamedTuple):
    """What the seed node gives."""

    seed: int


@node(id="value.seed", version=1, name="Seed", category="value")
def value_seed(*, seed: Annotated[int, Seed(), "Where the random numbers start."] = 0) -> SeedOut:
    """Give one seed to several nodes. The same seed gives the same video; a run's own seed replaces it."""
    return SeedOut(seed)
