"""What the streams of an evaluation are told: held-out scenes, prompts, paths and motions. Everything follows the seed.

A case is given at video rate, F = 1 + 4 (ticks - 1) frames; a stream is told the camera and pose of every fourth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nodegraph.evaluation.commands import AXES, NONE, attribute_lists
from nodegraph.evaluation.paths import axis_path, out_and_back, perform, wander
from nodegraph.evaluation.scenes import plan_scene
from nodegraph.values import FRAMES_PER_TICK, TICK_S
from nodegraph.worlds import ACTIONS
from nodegraph.worlds.camera import CameraPath, Start
from nodegraph.worlds.captions import caption_after, caption_for
from nodegraph.worlds.clip import ClipPlan
from nodegraph.worlds.settings import ALL

__all__ = ["Case", "camera_cases", "drift_cases", "pose_cases", "prompt_cases", "return_cases", "switch_cases"]

_FIRST_SEED = 3_000_000_000
CYCLE_TICKS = 30
"""A drift stream repeats its camera path and motion after this many ticks, so that like is compared with like."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One stream.

    Attributes:
        name: for the report. seed: of the stream's noise.
        prompts: (tick, words), the first at tick 0. attributes: what the first prompt commands; `later`: the last one.
        path: cameras [F]. keypoints: [F, 17, 3].
        plan: the rendered scene that shows the same.
        start: "image" streams begin with that scene's first picture, "prompt" streams with nothing.
        axis: the camera axis under test.
    """

    name: str
    seed: int
    prompts: tuple[tuple[int, str], ...]
    attributes: dict[str, str]
    path: CameraPath
    keypoints: NDArray[np.float64] = field(repr=False)
    plan: ClipPlan = field(repr=False)
    start: Literal["prompt", "image"] = "prompt"
    axis: str = ""
    later: dict[str, str] = field(default_factory=dict)

    @property
    def ticks(self) -> int:
        """Latent frames."""
        return (len(self.keypoints) - 1) // FRAMES_PER_TICK + 1


def _frames(ticks: int) -> int:
    return 1 + FRAMES_PER_TICK * (ticks - 1)


def _spread(rng: np.random.Generator, ids: Sequence[str], count: int) -> list[str]:
    """`count` ids, each as often as the others, in random order."""
    order = np.resize(rng.permutation(ids), count)
    return [str(v) for v in rng.permutation(order)]


def _attributes(rng: np.random.Generator, count: int, weathers: bool = False) -> list[dict[str, str]]:
    """Attributes of `count` scenes without props; `weathers`: every other one in one that its setting has."""
    lists = attribute_lists()
    drawn = {name: _spread(rng, lists[name], count) for name in ("setting", "light", "character")}
    out = []
    for i in range(count):
        told = {name: values[i] for name, values in drawn.items()}
        skies = ALL[told["setting"]].weathers
        sky = str(rng.choice(skies[1:])) if weathers and i % 2 else skies[0]
        out.append(told | {"weather": sky, "prop": NONE})
    return out


def _case(
    seed: int, part: str, number: int, aspect: float, attributes: dict[str, str], ticks: int, actions: tuple[str, ...],
    *, start: Literal["prompt", "image"], axis: str = "", moves: str = "still",
) -> Case:  # fmt: skip
    """One case; `moves` is "still", "axis", "wander" or "back"."""
    own = _FIRST_SEED + seed * 100_000 + sum(part.encode()) * 100 + number
    rng = np.random.default_rng([own, 5])
    frames = _frames(ticks)
    plan = plan_scene(own, min(frames, FRAMES_PER_TICK + 1), aspect, attributes | {"action": actions[0]})
    origin = _start_of(plan)
    path = {
        "still": lambda: out_and_back("pan", frames, origin, turns=0),
        "axis": lambda: axis_path(rng, axis, frames, origin),
        "wander": lambda: wander(rng, frames, origin),
        "back": lambda: out_and_back(axis, frames, origin),
    }[moves]()
    told = attributes | {"action": actions[0], "move": "static"}
    return Case(
        name=f"{part} {number}" + (f" {axis}" if axis else ""),
        seed=own,
        prompts=((0, caption_for(told, rng, held_out=True)),),
        attributes=told,
        path=path,
        keypoints=perform(rng, frames, actions),
        plan=plan,
        start=start,
        axis=axis,
    )


def _start_of(plan: ClipPlan) -> Start:
    """The plan's first camera, which stands level."""
    c2w = plan.path.c2w[0]
    ahead = -c2w[:3, 2]
    return Start(
        position=c2w[:3, 3],
        yaw_deg=float(np.degrees(np.arctan2(-ahead[0], -ahead[2]))),
        pitch_deg=float(np.degrees(np.arcsin(np.clip(ahead[1], -1, 1)))),
        fov_y_deg=float(plan.path.fov_y_deg[0]),
    )


def _alternate(number: int) -> Literal["prompt", "image"]:
    return "image" if number % 2 else "prompt"


def prompt_cases(seed: int, count: int, ticks: int, aspect: float) -> list[Case]:
    """Streams from a prompt alone, with a still camera, every id as often as the others."""
    rng = np.random.default_rng([seed, 1])
    told, acts = (
        _attributes(rng, count, weathers=True),
        _spread(rng, [a for a in ACTIONS if a not in ("walk", "run")], count),
    )
    return [_case(seed, "prompt", i, aspect, told[i], ticks, (acts[i],), start="prompt") for i in range(count)]


def camera_cases(seed: int, per_axis: int, ticks: int, aspect: float) -> list[Case]:
    """For every axis, streams whose camera moves on it alone, from a prompt and from an image in turn."""
    rng = np.random.default_rng([seed, 2])
    told = _attributes(rng, per_axis * len(AXES))
    return [
        _case(seed, "camera", i, aspect, told[i], ticks, ("stand",), start=_alternate(i // len(AXES) + i % len(AXES)),
              axis=axis, moves="axis")
        for i, axis in enumerate(AXES * per_axis)
    ]  # fmt: skip


def return_cases(seed: int, count: int, ticks: int, aspect: float) -> list[Case]:
    """Streams whose camera leaves and comes back to its first view."""
    told = _attributes(np.random.default_rng([seed, 3]), count)
    axes = ("pan", "truck", "dolly", "tilt")
    return [
        _case(seed, "return", i, aspect, told[i], ticks, ("stand",), start=_alternate(i), axis=axes[i % len(axes)],
              moves="back")
        for i in range(count)
    ]  # fmt: skip


def pose_cases(seed: int, count: int, ticks: int, aspect: float) -> list[Case]:
    """Streams whose body does two things, seen from a still or a wandering camera."""
    rng = np.random.default_rng([seed, 4])
    told, first, second = _attributes(rng, count), _spread(rng, ACTIONS, count), _spread(rng, ACTIONS, count)
    return [
        _case(seed, "pose", i, aspect, told[i], ticks, (first[i], second[i]), start=_alternate(i),
              moves="wander" if i % 3 == 2 else "still")
        for i in range(count)
    ]  # fmt: skip


def drift_cases(seed: int, count: int, ticks: int, aspect: float) -> list[Case]:
    """Long streams from a prompt; camera and body repeat every `CYCLE_TICKS`."""
    told = _attributes(np.random.default_rng([seed, 6]), count)
    out = []
    for i in range(count):
        case = _case(seed, "drift", i, aspect, told[i], CYCLE_TICKS + 1, ("stand", "wave", "stand"), start="prompt",
                     axis=("pan", "dolly", "truck")[i % 3], moves="back")  # fmt: skip
        order = np.arange(_frames(ticks)) % (CYCLE_TICKS * FRAMES_PER_TICK)
        path = CameraPath(c2w=case.path.c2w[order], fov_y_deg=case.path.fov_y_deg[order])
        out.append(replace(case, path=path, keypoints=case.keypoints[order]))
    return out


def switch_cases(
    seed: int, count: int, before_s: float, after_s: float, aspect: float, what: str = "setting"
) -> list[Case]:
    """Streams whose prompt changes one attribute (`what`) after `before_s`."""
    rng = np.random.default_rng([seed, 8, *what.encode()])
    told, lists = _attributes(rng, count), attribute_lists()
    at = max(2, round(before_s / TICK_S))
    out = []
    for i in range(count):
        case = _case(seed, f"{what} switch", i, aspect, told[i], at + round(after_s / TICK_S), ("stand",),
                     start="prompt")  # fmt: skip
        others = [id for id in lists[what] if id not in (told[i][what], NONE)]
        later = case.attributes | {what: str(rng.choice(others))}
        first = case.prompts[0][1]
        words = caption_after(first, case.attributes, later, rng, held_out=True)
        out.append(replace(case, prompts=(*case.prompts, (at, words)), later=later))
    return out
