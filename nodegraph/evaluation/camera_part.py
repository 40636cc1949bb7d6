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


def camera_part(bench: Bench, items: list[Truth]) -> Part:
    """Commanded against recovered motion on every axis, and the way out and back."""
    out = Part()
    axes: dict[str, dict[str, float | None]] = {}
    for index, axis in enumerate(AXES):
        mine = [item for item in items if item.case.axis == axis]
        told = [_commanded(item.case)[:, index] for item in mine]
        found = [bench.judges.camera(item.played.shots)[:, index] for item in mine]
        half = [np.roll(t, len(t) // 2) for t in told]
        axes[axis] = {
            "value": correlation(np.concatenate(told), np.concatenate(found)),
            "shuffled": correlation(np.concatenate(half), np.concatenate(found)),
            "copy_last": 0.0,
        }
        for name in ("real", "vae", "teacher"):
            pairs = [(t, getattr(item, name)) for t, item in zip(told, mine, strict=True)]
            known = [(t, bench.judges.camera(pictures)[:, index]) for t, pictures in pairs if pictures is not None]
            axes[axis][name] = (
                correlation(*(np.concatenate(side) for side in zip(*known, strict=True))) if known else None
            )
        out.curves.append((f"{axis}: commanded and recovered", {"commanded": told[0], "recovered": found[0]}))
    floors = {name: _least([axes[axis].get(name) for axis in AXES]) for name in FLOORS}
    out.figures.append(
        Figure(
            key="camera_corr_min", value=_least([axes[axis]["value"] for axis in AXES]), target=0.9,
            count=len(items), floors=floors, note="the least of the seven axes; each stands in `camera`",
        )
    )  # fmt: skip
    out.detail["camera"] = axes
    out.rows = [(f"{i.case.name}: {i.case.prompts[0][1]}", i.played.kept) for i in items[: len(AXES)]]
    _add_return(bench, out)
    return out


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
