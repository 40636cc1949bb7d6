"""Streams beside their rendered truth, for the parts on camera, pose and motion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.cases import Case, camera_cases, pose_cases
from nodegraph.evaluation.play import Played, real, through_vae
from nodegraph.evaluation.scenes import shrink
from nodegraph.evaluation.stage import Bench
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["Truth", "short_clips", "truths"]

Pictures = NDArray[np.uint8]


@dataclass(kw_only=True)
class Truth:
    """A case with its stream, its rendered truth and, for some, that truth through the autoencoder."""

    case: Case
    played: Played
    real: Pictures | None = None
    vae: Pictures | None = None
    teacher: Pictures | None = None


def truths(bench: Bench, cases: list[Case]) -> list[Truth]:
    """Play every case; with floors, render its truth too."""
    out = []
    full = (bench.model.width, bench.model.height)
    filmed = set(np.linspace(0, len(cases) - 1, min(bench.scale.vae_clips, len(cases))).round().astype(int).tolist())
    for number, case in enumerate(cases):
        item = Truth(case=case, played=bench.play(case))
        if bench.floors and number in filmed:
            video = real(case, full, every=1)
            item.vae = through_vae(bench.model, video, bench.size)
            item.real = shrink(video[::FRAMES_PER_TICK], bench.size)
            if bench.teacher:
                item.teacher = bench.play(case, teacher=True).shots
        elif bench.floors:
            item.real = real(case, bench.size)
        out.append(item)
    return out


def short_clips(bench: Bench, only: Sequence[str]) -> tuple[list[Truth], list[Truth]]:
    """Streams of the camera part and of the pose part; both serve the motion figure."""
    scale = bench.scale
    camera, pose = [], []
    if {"camera", "motion"} & set(only):
        camera = truths(bench, camera_cases(bench.seed, scale.camera_per_axis, scale.camera_ticks, bench.aspect))
    if {"pose", "motion"} & set(only):
        pose = truths(bench, pose_cases(bench.seed, scale.pose_clips, scale.pose_ticks, bench.aspect))
    return camera, pose
