"""Small statistics: intervals of shares, correlation, slopes with their uncertainty. numpy only."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Slope", "correlation", "slope_per_minute", "wilson"]

_T_95 = {1: 12.71, 2: 4.30, 3: 3.18, 4: 2.78, 5: 2.57, 6: 2.45, 7: 2.36, 8: 2.31, 9: 2.26, 10: 2.23, 15: 2.13, 20: 2.09}
"""Two-sided 95 % quantiles of Student's t by degrees of freedom; between them the next smaller one holds."""


def wilson(hits: int, count: int) -> tuple[float, float]:
    """95 % interval of a share of `count` independent trials (Wilson 1927)."""
    if count == 0:
        return 0.0, 1.0
    z = 1.96
    share = hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Pearson's correlation; 0 where one side does not vary (a still picture follows nothing)."""
    x, y = (np.asarray(v, dtype=np.float64).ravel() for v in (a, b))
    x, y = x - x.mean(), y - y.mean()
    scale = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum() / scale) if scale > 1e-12 else 0.0


class Slope(NamedTuple):
    """Change a minute and its 95 % interval; `flat`: zero lies within it."""

    value: float
    low: float
    high: float

    @property
    def flat(self) -> bool:
        """Whether the slope cannot be told from zero."""
        return self.low <= 0 <= self.high


def slope_per_minute(minutes: ArrayLike, values: ArrayLike) -> Slope:
    """Least-squares slope. One value per block of time: neighbouring frames are not independent, blocks nearly are."""
    x, y = np.asarray(minutes, dtype=np.float64), np.asarray(values, dtype=np.float64)
    assert len(x) == len(y) >= 3, "a slope needs three blocks"
    free = len(x) - 2
    gap = x - x.mean()
    value = float((gap * (y - y.mean())).sum() / (gap * gap).sum())
    rest = y - y.mean() - value * gap
    error = math.sqrt(float((rest * rest).sum()) / free / float((gap * gap).sum()))
    half = _T_95[max(k for k in _T_95 if k <= free)] * error
    return Slope(value, value - half, value + half)
