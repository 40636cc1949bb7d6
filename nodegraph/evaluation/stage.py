"""What every part of an evaluation works with, and how much each does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.evaluation.cases import Case
from nodegraph.evaluation.commands import attribute_lists
from nodegraph.evaluation.figures import Figure
from nodegraph.evaluation.judges import Judges
from nodegraph.evaluation.play import Played, play
from nodegraph.generator.pool import Model
from nodegraph.generator.session import OnPrompt

__all__ = ["FULL", "QUICK", "SMALL", "Bench", "Part", "Scale"]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Streams and ticks of every part."""

    name: str
    prompt_clips: int
    prompt_ticks: int
    camera_per_axis: int
    camera_ticks: int
    return_clips: int
    return_ticks: int
    pose_clips: int
    pose_ticks: int
    drift_clips: int
    drift_ticks: int
    switch_clips: int
    switch_before_s: float
    switch_after_s: float
    vae_clips: int
    """Clips of a part that are rendered in full and taken through the autoencoder."""


QUICK = Scale(
    name="quick", prompt_clips=27, prompt_ticks=9, camera_per_axis=2, camera_ticks=17, return_clips=4, return_ticks=19,
    pose_clips=8, pose_ticks=17, drift_clips=1, drift_ticks=361, switch_clips=6, switch_before_s=1.5,
    switch_after_s=4.0, vae_clips=2,
)  # fmt: skip
FULL = Scale(
    name="full", prompt_clips=108, prompt_ticks=13, camera_per_axis=6, camera_ticks=25, return_clips=16,
    return_ticks=25, pose_clips=24, pose_ticks=25, drift_clips=3, drift_ticks=1801, switch_clips=24,
    switch_before_s=3.0, switch_after_s=6.0, vae_clips=8,
)  # fmt: skip
SMALL = Scale(
    name="small", prompt_clips=4, prompt_ticks=3, camera_per_axis=1, camera_ticks=5, return_clips=1, return_ticks=5,
    pose_clips=2, pose_ticks=4, drift_clips=1, drift_ticks=151, switch_clips=1, switch_before_s=0.5,
    switch_after_s=1.0, vae_clips=1,
)  # fmt: skip
"""For tests: seconds, and far too few for a verdict."""


@dataclass(kw_only=True)
class Part:
    """What one part found: figures, more detail for eval.json, rows of pictures and curves for the page."""

    figures: list[Figure] = field(default_factory=list)
    detail: dict[str, Any] = field(default_factory=dict)
    rows: list[tuple[str, list[NDArray[np.uint8]]]] = field(default_factory=list)
    curves: list[Any] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One evaluation: the model, the judges, the seed, the scale.

    `teacher` makes the multi-step teacher's sessions, where there is one. With `pictures` streams begin with a drawn
    picture (see `play`). `told` is called with a line of progress.
    """

    model: Model
    judges: Judges
    size: tuple[int, int]
    seed: int
    scale: Scale
    floors: bool = True
    teacher: Callable[[int, Tensor | None], Any] | None = None
    pictures: bool = False
    told: Callable[[str], None] = lambda _line: None

    @property
    def aspect(self) -> float:
        """Width by height of the model's picture."""
        return self.model.width / self.model.height

    def play(self, case: Case, *, keep: int = 6, on_prompt: OnPrompt = "keep", teacher: bool = False) -> Played:
        """Run one stream of the model, or of its teacher."""
        self.told(f"{case.name}: {case.prompts[0][1]}")
        session = self.teacher if teacher else None
        return play(
            self.model, case, self.size, keep=keep, on_prompt=on_prompt, session=session, pictures=self.pictures
        )

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids of an attribute."""
        return attribute_lists()[name]

    def index(self, name: str, cases: list[Case], *, later: bool = False) -> list[int]:
        """What the cases command, as indices."""
        ids = self.ids(name)
        return [ids.index((case.later if later else case.attributes)[name]) for case in cases]
