"""A figure of the report: its value, its target, and its floors. Pure functions from judged arrays to figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.statistics import correlation, wilson

__all__ = ["FLOORS", "Figure", "named_share", "return_similarity", "shared_named"]

FLOORS = ("real", "vae", "shuffled", "copy_last", "teacher")
"""Real: the rendered truth in place of the stream. Vae: that truth encoded and decoded. Shuffled: the stream against
another case's commands. Copy_last: a stream that repeats its first picture. Teacher: several passes a frame."""


@dataclass(kw_only=True)
class Figure:
    """One number with what it must be compared with.

    Attributes:
        key: in eval.json. value: None where it was not measured. target: what it should reach, and `above` whether from
            below. count: trials behind it. interval: 95 %, where it is a share. floors: by name from `FLOORS`.
        note: how to read it.
    """

    key: str
    value: float | None
    target: float | None = None
    above: bool = True
    count: int = 0
    interval: tuple[float, float] | None = None
    floors: dict[str, float | None] = field(default_factory=dict)
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without value or target."""
        if self.value is None or self.target is None:
            return None
        return self.value >= self.target if self.above else self.value <= self.target

    def as_dict(self) -> dict[str, Any]:
        """JSON form, with every floor named, null where there is none."""
        return {
            "value": self.value,
            "target": self.target,
            "met": self.met,
            "count": self.count,
            "interval": self.interval,
            "floors": {name: self.floors.get(name) for name in FLOORS},
            "note": self.note,
        }


def named_share(shares_CN: NDArray[np.float64], told: Sequence[int]) -> float:
    """Share of clips [C] whose most likely id is the commanded one."""
    return float((shares_CN.argmax(1) == np.asarray(told)).mean()) if len(told) else 0.0


def shared_named(
    key: str,
    target: float | None,
    judged: NDArray[np.float64],
    told: Sequence[int],
    *,
    real: NDArray[np.float64] | None = None,
    vae: NDArray[np.float64] | None = None,
    first: NDArray[np.float64] | None = None,
    teacher: float | None = None,
    note: str = "",
) -> Figure:
    """The figure of a named attribute from probabilities [C, ids] of the streams and of their floors."""
    hits = int((judged.argmax(1) == np.asarray(told)).sum())
    others = np.roll(np.asarray(told), 1)
    floors: dict[str, float | None] = {"shuffled": named_share(judged, others.tolist()), "teacher": teacher}
    for name, shares in (("real", real), ("vae", vae), ("copy_last", first)):
        floors[name] = None if shares is None else named_share(shares, list(told)[: len(shares)])
    return Figure(
        key=key, value=hits / len(told), target=target, count=len(told), interval=wilson(hits, len(told)),
        floors=floors, note=note,
    )  # fmt: skip


def return_similarity(first: NDArray[np.uint8], last: NDArray[np.uint8]) -> float:
    """Correlation of two pictures' brightness after a blur by 4 x 4 blocks: 1 for the same view."""

    def blocks(picture: NDArray[np.uint8]) -> NDArray[np.float64]:
        gray = picture.astype(np.float64).mean(2)
        h, w = (side // 4 * 4 for side in gray.shape)
        return np.asarray(gray[:h, :w].reshape(h // 4, 4, w // 4, 4).mean((1, 3)))

    return correlation(blocks(first), blocks(last))
