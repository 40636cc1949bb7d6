"""A number over time from keyframes: straight, smooth or held between them.

"smooth" is a monotone cubic (F. N. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5, 1984): it never leaves the
range of the two keyframes it runs between, so a curve inside an input's limits stays inside them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nodegraph.errors import NodegraphError

__all__ = ["INTERPOLATIONS", "Curve", "CurveKeyframe"]

INTERPOLATIONS = ("linear", "smooth", "hold")


@dataclass(frozen=True, kw_only=True)
class CurveKeyframe:
    """The value at a tick."""

    tick: int
    value: float


class Curve:
    """The value at any tick. Before the first keyframe its value holds, after the last one the last one's.

    With `loop` the curve starts again at the last keyframe's tick, which then shows the first one's value; give both
    the same value for a seamless loop. A smooth curve is level at its ends, or runs through the join where it loops.

    Raises:
        NodegraphError: missing_input without keyframes; out_of_range when ticks do not rise or the interpolation is
            unknown.
    """

    def __init__(
        self, keyframes: Sequence[CurveKeyframe], *, interpolation: str = "smooth", loop: bool = False
    ) -> None:
        if not keyframes:
            raise NodegraphError("missing_input", "A curve needs at least one keyframe.", got="none")
        if interpolation not in INTERPOLATIONS:
            raise NodegraphError(
                "out_of_range",
                "There is no such interpolation.",
                got=repr(interpolation),
                expected=", ".join(INTERPOLATIONS),
            )
        self.ticks = [key.tick for key in keyframes]
        self.values = [key.value for key in keyframes]
        if any(later <= earlier for earlier, later in pairwise(self.ticks)):
            got = ", ".join(map(str, self.ticks))
            raise NodegraphError(
                "out_of_range", "Keyframe ticks must rise.", got=got, remedy="Sort them; drop doubles."
            )
        self._interpolation = interpolation
        self._loop = loop and len(keyframes) > 1
        self._slopes = self._tangents() if interpolation == "smooth" else []

    def at(self, tick: float) -> float:
        """Return the value at a tick, which may lie between two."""
        first, last = self.ticks[0], self.ticks[-1]
        if self._loop and tick >= last:
            tick = first + (tick - first) % (last - first)
        if tick <= first:
            return self.values[0]
        if tick >= last:
            return self.values[-1]
        i = bisect_right(self.ticks, tick) - 1
        span = self.ticks[i + 1] - self.ticks[i]
        return self._between(i, (tick - self.ticks[i]) / span, span)

    def _between(self, i: int, u: float, span: int) -> float:
        a, b = self.values[i], self.values[i + 1]
        if self._interpolation == "hold":
            return a
        if self._interpolation == "linear":
            return a + (b - a) * u
        u2, u3 = u * u, u * u * u
        bend = (u3 - 2 * u2 + u) * self._slopes[i] + (u3 - u2) * self._slopes[i + 1]
        return (2 * u3 - 3 * u2 + 1) * a + (3 * u2 - 2 * u3) * b + bend * span

    def _tangents(self) -> list[float]:
        """Slope at each keyframe, per tick."""
        t, v = self.ticks, self.values
        spans = [later - earlier for earlier, later in pairwise(t)]
        rises = [(v[i + 1] - v[i]) / span for i, span in enumerate(spans)]
        inner = [_slope(rises[i - 1], rises[i], spans[i - 1], spans[i]) for i in range(1, len(rises))]
        joined = self._loop and v[0] == v[-1]
        end = _slope(rises[-1], rises[0], spans[-1], spans[0]) if joined else 0.0
        return [end, *inner, end]


def _slope(before: float, after: float, span_before: float, span_after: float) -> float:
    """The Fritsch-Butland mean of two neighbouring rises: 0 at a peak, otherwise between them."""
    if before * after <= 0.0:
        return 0.0
    share = (span_before + 2.0 * span_after) / (3.0 * (span_before + span_after))
    return before * after / (share * after + (1.0 - share) * before)
