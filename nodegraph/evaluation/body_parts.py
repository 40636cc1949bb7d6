"""The parts on the body and on how much moves at all."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from nodegraph.evaluation.cases import Case
from nodegraph.evaluation.figures import Figure
from nodegraph.evaluation.flow import flow
from nodegraph.evaluation.pck import pck
from nodegraph.evaluation.scenes import projected
from nodegraph.evaluation.stage import Bench, Part
from nodegraph.evaluation.truth import Truth
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["motion_part", "pose_part"]

Pictures = NDArray[np.uint8]


def pose_part(bench: Bench, items: list[Truth]) -> Part:
    """Keypoints found in the stream against those commanded."""
    out = Part()
    shown = [projected(*_told(item.case), bench.aspect) for item in items]
    found = {name: [_points(bench, item, name) for item in items] for name in ("played", "real", "vae", "teacher")}

    def share(name: str, reference: str = "body", shift: int = 0, first: bool = False) -> tuple[float | None, int]:
        picks = [i for i, points in enumerate(found[name]) if points is not None]
        if not picks:
            return None, 0
        made = [points for i in picks if (points := found[name][i]) is not None]
        if first:
            made = [np.repeat(points[:1], len(points), axis=0) for points in made]
        told = [shown[(i + shift) % len(shown)] for i in picks]
        points, seen = (np.concatenate(side) for side in zip(*told, strict=True))
        result = pck(np.concatenate(made), points, seen, bench.aspect, reference=reference)
        return result.share, result.compared

    value, count = share("played")
    floors = {
        "real": share("real")[0], "vae": share("vae")[0], "shuffled": share("played", shift=1)[0],
        "copy_last": share("played", first=True)[0], "teacher": share("teacher")[0],
    }  # fmt: skip
    floor = floors["real"] if floors["real"] is not None else float(bench.judges.validation["pose_pck"])
    out.figures = [
        Figure(
            key="pose_pck", value=value, target=0.8 * floor, count=count, floors=floors,
            note="PCK@0.2 of the longer side of the body's box; the target is 0.8 of the judge on real clips",
        ),
        Figure(key="pose_pck_floor", value=floor, count=count, note="the judge on the rendered truth"),
        Figure(
            key="pose_pck_torso", value=share("played", "torso")[0], count=count,
            floors={n: share(n, "torso")[0] for n in ("real", "vae", "teacher")}
            | {"shuffled": share("played", "torso", shift=1)[0]},
            note="the same with the torso as reference, which is much stricter",
        ),
    ]  # fmt: skip
    out.rows = [(f"{i.case.name}: {i.case.prompts[0][1]}", i.played.kept) for i in items[:6]]
    return out


def _told(case: Case) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    ticks = slice(0, None, FRAMES_PER_TICK)
    return case.keypoints[ticks], case.path.c2w[ticks], case.path.fov_y_deg[ticks]


def _points(bench: Bench, item: Truth, name: str) -> NDArray[np.float64] | None:
    pictures = item.played.shots if name == "played" else getattr(item, name)
    return None if pictures is None else bench.judges.see(pictures)[1]


def motion_part(items: list[Truth]) -> Part:
    """How far things move in the picture from tick to tick, against the truth under the same controls."""
    names = ("played", "real", "vae", "teacher")
    sizes: dict[str, list[float | None]] = {name: [] for name in names}
    for item in items:
        for name in names:
            pictures = item.played.shots if name == "played" else getattr(item, name)
            sizes[name].append(None if pictures is None else _moved(pictures))

    def ratio(name: str) -> float | None:
        pairs = [(a, b) for a, b in zip(sizes[name], sizes["real"], strict=True) if a is not None and b is not None]
        return sum(a for a, _ in pairs) / max(sum(b for _, b in pairs), 1e-9) if pairs else None

    floors = {"real": 1.0, "vae": ratio("vae"), "copy_last": 0.0, "teacher": ratio("teacher"), "shuffled": None}
    value = ratio("played")
    figure = Figure(
        key="motion_ratio", value=value, target=0.75, count=len(items), floors=floors,
        note="mean optical flow against that of real clips; good between 0.75 and 1.25",
    )  # fmt: skip
    detail = {"motion_px_a_tick": sizes}
    return Part(figures=[figure], detail=detail)


def _moved(pictures: Pictures) -> float:
    frames = torch.from_numpy(pictures)
    motion, _ = flow(frames[:-1], frames[1:])
    return float(motion.square().sum(1).sqrt().mean())
