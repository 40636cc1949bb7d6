"""The part on the camera: seven axes, and the way out and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.cases import Case, return_cases
from nodegraph.evaluation.commands import AXES
from nodegraph.evaluation.figures import FLOORS, Figure, return_similarity
from nodegraph.evaluation.paths import camera_motion
from nodegraph.evaluation.stage import Bench, Part
from nodegraph.evaluation.statistics import correlation
from nodegraph.evaluation.truth import Truth, truths
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["camera_part"]

Pictures = NDArray[np.uint8]
Line = NDArray[np.float64]


def camera_part(bench: Bench, items: list[Truth]) -> Part:
    """Commanded against recovered motion on every axis, and the way out and back."""
    out = Part()
    axes: dict[str, dict[str, float | None]] = {}
    for index, axis in enumerate(AXES):
        mine = [item for item in items if item.case.axis == axis]
        told = [_commanded(item.case)[:, index] for item in mine]

        def follows(pictures: list[Pictures | None], told: list[Line] = told, index: int = index) -> float | None:
            """Mean over the clips of commanded against recovered motion."""
            known = [(t, p) for t, p in zip(told, pictures, strict=True) if p is not None]
            return _mean([correlation(t, bench.judges.camera(p)[:, index]) for t, p in known])

        found = [bench.judges.camera(item.played.shots)[:, index] for item in mine]
        axes[axis] = {
            "value": _mean([correlation(t, f) for t, f in zip(told, found, strict=True)]),
            "gain": _gain(told, found),
            "real": follows([item.real for item in mine]),
            "vae": follows([item.vae for item in mine]),
            "shuffled": _mean([correlation(np.roll(t, len(t) // 2), f) for t, f in zip(told, found, strict=True)]),
            "copy_last": 0.0,
            "teacher": follows([item.teacher for item in mine]),
        }
        out.curves.append((f"{axis}: commanded and recovered", {"commanded": told[0], "recovered": found[0]}))
    floors = {name: _least([axes[axis].get(name) for axis in AXES]) for name in FLOORS}
    out.figures.append(
        Figure(
            key="camera_corr_min", value=_least([axes[axis]["value"] for axis in AXES]), target=0.9,
            count=len(items), floors=floors,
            note="the least of seven axes, each the mean over its clips; all stand in `detail`",
        )
    )  # fmt: skip
    out.detail["camera"] = axes
    out.rows = [(f"{i.case.name}: {i.case.prompts[0][1]}", i.played.kept) for i in items[: len(AXES)]]
    _add_return(bench, out)
    return out


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def _gain(told: list[Line], found: list[Line]) -> float:
    """How far the picture moves for each unit commanded: the slope of recovered over commanded."""
    t, f = np.concatenate(told), np.concatenate(found)
    return float((t * f).sum() / max(float((t * t).sum()), 1e-12))


def _least(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return min(known) if known else None


def _commanded(case: Case) -> NDArray[np.float64]:
    ticks = slice(0, None, FRAMES_PER_TICK)
    return camera_motion(case.path.c2w[ticks], case.path.fov_y_deg[ticks])


def _add_return(bench: Bench, out: Part) -> None:
    cases = return_cases(bench.seed, bench.scale.return_clips, bench.scale.return_ticks, bench.aspect)
    items = truths(bench, cases)
    middle = bench.scale.return_ticks // 2

    def mean(shots: list[Pictures | None], at: int = -1) -> float | None:
        known = [return_similarity(s[0], s[at]) for s in shots if s is not None]
        return float(np.mean(known)) if known else None

    floors = {
        "real": mean([i.real for i in items]),
        "vae": mean([i.vae for i in items]),
        "shuffled": mean([i.played.shots for i in items], middle),
        "copy_last": 1.0,
        "teacher": mean([i.teacher for i in items]),
    }
    out.figures.append(
        Figure(
            key="return_similarity", value=mean([i.played.shots for i in items]), target=0.8, count=len(items),
            floors=floors, note="first view against the view after out and back; shuffled: against the farthest view",
        )
    )  # fmt: skip
    out.rows += [(f"{i.case.name}: {i.case.prompts[0][1]}", i.played.kept) for i in items]
