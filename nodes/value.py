"""Plain values, and numbers that follow a drawn curve."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any, NamedTuple

from nodegraph.graph import Choice, Json, Live, Seed, Toggle, node
from nodegraph.media.curve import INTERPOLATIONS, Curve
from nodegraph_nodes._keyframes import curve_keyframes

__all__ = ["CurveOut", "SeedOut", "value_curve", "value_seed"]


class SeedOut(NamedTuple):
    """What the seed node gives."""

    seed: int


class CurveOut(NamedTuple):
    """The curve's value, one a tick."""

    value: float


@node(id="value.seed", version=1, name="Seed", category="value")
def value_seed(*, seed: Annotated[int, Seed(), "Where the random numbers start."] = 0) -> SeedOut:
    """Give one seed to several nodes. The same seed gives the same video; a run's own seed replaces it."""
    return SeedOut(seed)


@node(id="value.curve", version=1, name="Curve", category="value")
async def value_curve(
    *,
    tick: AsyncIterator[int],
    keyframes: Live[
        Annotated[list[dict[str, Any]], Json(kind="curve_keyframes"), "Values by tick, 6 ticks a second."]
    ] = Live([{"tick": 0, "value": 0.0}, {"tick": 24, "value": 1.0}]),
    interpolation: Live[
        Annotated[str, Choice(options=INTERPOLATIONS), "Between keyframes: straight, smooth, or held until the next."]
    ] = Live("smooth"),
    loop: Live[Annotated[bool, Toggle(), "Start again at the last keyframe."]] = Live(False),
) -> AsyncIterator[CurveOut]:
    """Drive any number that may change during a run along a drawn curve.

    Before the first keyframe its value holds, after the last one the last one's. A smooth curve never goes beyond its
    keyframes. The curve may be redrawn while it runs.
    """
    drawn: tuple[Any, ...] = ()
    curve: Curve | None = None
    async for t in tick:
        now = (keyframes.value, interpolation.value, loop.value)
        if curve is None or now != drawn:
            curve = Curve(curve_keyframes(now[0]), interpolation=now[1], loop=now[2])
            drawn = now
        yield CurveOut(curve.at(t))
