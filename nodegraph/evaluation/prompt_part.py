"""The part on prompts: does a stream show what its words command."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.cases import prompt_cases
from nodegraph.evaluation.figures import shared_named
from nodegraph.evaluation.play import real_still, through_vae
from nodegraph.evaluation.scenes import shrink
from nodegraph.evaluation.stage import Bench, Part

__all__ = ["prompt_part"]

_TARGETS = {"setting": 0.95, "light": 0.9, "character": 0.9, "weather": None}


def prompt_part(bench: Bench) -> Part:
    """Setting, light and character that a stream from a held-out prompt shows, over its last ticks."""
    scale = bench.scale
    cases = prompt_cases(bench.seed, scale.prompt_clips, scale.prompt_ticks, bench.aspect)
    played = [bench.play(case) for case in cases]
    late = max(1, scale.prompt_ticks // 2)
    judged = [bench.judges.see(p.shots[-late:])[0] for p in played]
    first = [bench.judges.see(p.shots[:1])[0] for p in played]
    out = Part(rows=[(case.prompts[0][1], p.kept) for case, p in zip(cases, played, strict=True)][:12])
    truth, decoded, taught = [], [], []
    if bench.floors:
        model, full = bench.model, (bench.model.width, bench.model.height)
        stills = [real_still(case, full) for case in cases]
        truth = [bench.judges.see(shrink(still, bench.size))[0] for still in stills]
        decoded = [bench.judges.see(through_vae(model, still, bench.size))[0] for still in stills]
        if bench.teacher:
            shown = [bench.play(case, teacher=True) for case in cases[: max(2, len(cases) // 3)]]
            taught = [bench.judges.see(p.shots[-late:])[0] for p in shown]
    for name, target in _TARGETS.items():
        told = bench.index(name, cases)

        def mean(seen: list[dict[str, NDArray[np.float64]]], name: str = name) -> NDArray[np.float64] | None:
            return np.stack([s[name].mean(0) for s in seen]) if seen else None

        shares = mean(judged)
        assert shares is not None
        teacher = mean(taught)
        out.figures.append(
            shared_named(
                f"{name}_acc", target, shares, told, real=mean(truth), vae=mean(decoded), first=mean(first),
                teacher=None if teacher is None else float((teacher.argmax(1) == told[: len(teacher)]).mean()),
            )
        )  # fmt: skip
        out.detail[name] = _per_id(bench.ids(name), shares, told)
    return out


def _per_id(ids: tuple[str, ...], shares: NDArray[np.float64], told: list[int]) -> dict[str, dict[str, float]]:
    """For each commanded id: how often each id was seen."""
    found = shares.argmax(1)
    return {
        name: {
            ids[k]: int(((np.array(told) == i) & (found == k)).sum()) for k in set(found[np.array(told) == i].tolist())
        }
        for i, name in enumerate(ids)
    }
