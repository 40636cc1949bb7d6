"""Cheap statistics of every tick, and the levels beyond which a picture has drifted.

Pictures are looked at in small: every n-th pixel, so that no side is longer than `SIDE` samples. All values but those
of latents and sharpness lie between 0 and 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nodegraph.values import TICK_S

__all__ = ["LEARNT_TICKS", "STATS", "Drift", "Levels", "PictureStats", "latent_stats"]

STATS = ("latent_mean", "latent_std", "luma", "saturation", "sharpness", "motion", "first_distance")
SIDE = 96
LEARNT_TICKS = round(60 / TICK_S)
"""Alarm levels are those of the first minute."""

WIDENED = 0.5
"""The range of the first minute is widened by half on both sides."""

LEAST_RANGE = 0.02
"""A still minute teaches no narrower range than this, on either side."""

SMOOTHED_TICKS = 12
"""Two seconds must lie beyond a level, in the median, before there is an alarm: a cut or a flash is none."""

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def latent_stats(latent: NDArray[np.float32]) -> dict[str, float]:
    """Return mean and standard deviation of one latent frame."""
    return {"latent_mean": float(latent.mean()), "latent_std": float(latent.std())}


class PictureStats:
    """Statistics of a film's pictures, tick by tick: the last frame of a tick stands for it."""

    def __init__(self) -> None:
        self._first: NDArray[np.float32] | None = None
        self._previous: NDArray[np.float32] | None = None

    def of(self, pixels: NDArray[np.uint8]) -> dict[str, float]:
        """Take the frames of the next tick, uint8 [T, H, W, 3]."""
        step = max(1, -(-max(pixels.shape[1:3]) // SIDE))
        small: NDArray[np.float32] = pixels[-1, ::step, ::step].astype(np.float32) / np.float32(255)
        if self._first is None or self._first.shape != small.shape:
            self._first = small
        luma: NDArray[np.float32] = small @ LUMA
        before = luma if self._previous is None or self._previous.shape != luma.shape else self._previous
        self._previous = luma
        return {
            "luma": float(luma.mean()),
            "saturation": float((small.max(-1) - small.min(-1)).mean()),
            "sharpness": _sharpness(luma),
            "motion": float(np.abs(luma - before).mean()),
            "first_distance": float(np.abs(small - self._first).mean()),
        }


def _sharpness(luma: NDArray[np.float32]) -> float:
    """Mean of the second difference's size: 0 for a flat or a blurred picture."""
    if min(luma.shape) < 3:
        return 0.0
    middle = luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    return float(np.abs(4 * middle - around).mean())


class Levels:
    """The range of each statistic in the first minute, widened.

    Attributes:
        ranges: statistic -> (low, high); empty before the minute is over.
    """

    def __init__(self, learnt_ticks: int = LEARNT_TICKS) -> None:
        self._learnt_ticks = learnt_ticks
        self._seen: dict[str, list[float]] = {}
        self._ticks = 0
        self.ranges: dict[str, tuple[float, float]] = {}

    def learn(self, stats: Mapping[str, float]) -> None:
        """Take the statistics of the next tick; after the first minute this does nothing."""
        if self.ranges or self._ticks >= self._learnt_ticks:
            return
        for name, value in stats.items():
            self._seen.setdefault(name, []).append(value)
        self._ticks += 1
        if self._ticks == self._learnt_ticks:
            self.ranges = {name: _widened(values) for name, values in self._seen.items()}
            self._seen.clear()


def _widened(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, (0.01, 0.99))
    margin = max(WIDENED * float(high - low), LEAST_RANGE, 0.1 * max(abs(low), abs(high)))
    return float(low - margin), float(high + margin)


class Drift:
    """Tells when a statistic has left its range for good.

    Attributes:
        last_good: the newest tick at which nothing was beyond its level; -1 before the first.
    """

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._recent: dict[str, deque[float]] = {}
        self.last_good = -1

    def look(self, tick: int, stats: Mapping[str, float]) -> dict[str, float | str] | None:
        """Take the statistics of a tick; return the worst statistic {stat, value, low, high}, None if all is well."""
        self._levels.learn(stats)
        worst: dict[str, float | str] | None = None
        worst_excess = 0.0
        inside = True
        for name, value in stats.items():
            recent = self._recent.setdefault(name, deque(maxlen=SMOOTHED_TICKS))
            recent.append(value)
            if name not in self._levels.ranges:
                continue
            low, high = self._levels.ranges[name]
            inside &= low <= value <= high
            middle = sorted(recent)[len(recent) // 2]
            excess = max(low - middle, middle - high) / (high - low)
            if excess > worst_excess:
                worst, worst_excess = {"stat": name, "value": middle, "low": low, "high": high}, excess
        if inside and worst is None:
            self.last_good = tick
        return worst
