"""Streams and what they are compared with: the model's own, the rendered truth, the truth through the autoencoder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.evaluation.cases import Case
from nodegraph.evaluation.scenes import draw, shrink
from nodegraph.generator.pool import Model
from nodegraph.generator.session import Controls, OnPrompt, Session
from nodegraph.values import FRAMES_PER_TICK, Camera, Pose, Prompt
from nodegraph.worlds.place import place_picture
from nodegraph.worlds.reading import read_attributes

__all__ = ["Played", "play", "real", "real_still", "through_vae"]

Pictures = NDArray[np.uint8]
_TRUTHS: dict[str, Pictures] = {}
_MOST_TRUTHS = 64
"""Renderings kept, the latest."""


@dataclass(frozen=True, kw_only=True)
class Played:
    """One stream, as the judges see it.

    Attributes:
        shots: [ticks, h, w, 3] the last video frame of each tick, at the judges' size.
        luma, spread: [frames] mean brightness and deviation (0..1) of every video frame.
        kept: full-size pictures for the report.
    """

    shots: Pictures
    luma: NDArray[np.float64]
    spread: NDArray[np.float64]
    kept: list[Pictures]


def play(
    model: Model,
    case: Case,
    size: tuple[int, int],
    *,
    keep: int = 6,
    on_prompt: OnPrompt = "keep",
    session: Callable[[int, Tensor | None], Any] | None = None,
    pictures: bool = False,
) -> Played:
    """Run one stream exactly as a live session does.

    Args:
        model: loaded weights.
        case: what it is told.
        size: width and height for the judges.
        keep: pictures kept for the report, evenly over the stream.
        on_prompt: what a changed prompt does to the cache.
        session: makes another kind of session from (seed, first latent), such as the multi-step teacher's.
        pictures: begin with the picture that is drawn for the words, and turn to another with new ones, as the default
            workflow does.
    """
    image = None
    if pictures:
        image = _drawn(model, case, 0)
    elif case.start == "image":
        image = model.encode(real(case, (model.width, model.height), ticks=1))[0]
    living = session(case.seed, image) if session else Session(model.weights, case.seed, image, at_place=pictures)
    decoder = model.decoder()
    picks = set(np.linspace(0, case.ticks - 1, min(keep, case.ticks)).astype(int).tolist())
    shots, kept, luma, spread = [], [], [], []
    for tick in range(case.ticks):
        if pictures and not session and tick in {since for since, _ in case.prompts[1:]}:
            living.turn_to(_drawn(model, case, tick), camera=_camera(case, tick), pose=_pose(case, tick), at_place=True)
        frames = decoder.decode(living.step(_controls(case, tick, on_prompt)))
        small = shrink(frames, size)
        shots.append(small[-1])
        light = small.reshape(len(small), -1).astype(np.float32) / 255
        luma += light.mean(1).tolist()
        spread += light.std(1).tolist()
        if tick in picks:
            kept.append(frames[-1])
    return Played(shots=np.stack(shots), luma=np.array(luma), spread=np.array(spread), kept=kept)


def _camera(case: Case, tick: int) -> Camera:
    at = tick * FRAMES_PER_TICK
    return Camera(c2w=case.path.c2w[at], fov_y_deg=float(case.path.fov_y_deg[at]))


def _pose(case: Case, tick: int) -> Pose:
    return Pose(keypoints=case.keypoints[tick * FRAMES_PER_TICK])


def _words(case: Case, tick: int) -> str:
    return [text for since, text in case.prompts if since <= tick][-1]


def _controls(case: Case, tick: int, on_prompt: OnPrompt) -> Controls:
    return Controls(
        prompt=Prompt(text=_words(case, tick)),
        camera=_camera(case, tick),
        pose=_pose(case, tick),
        on_prompt=on_prompt,
    )


def _drawn(model: Model, case: Case, tick: int) -> Tensor:
    """Latent of the picture that the words of a tick describe, for its camera and pose."""
    pixels = place_picture(
        read_attributes(_words(case, tick)),
        _camera(case, tick),
        _pose(case, tick).keypoints,
        model.width,
        model.height,
    )
    return model.encode(np.ascontiguousarray(pixels)[None])[0]


def real(case: Case, size: tuple[int, int], *, ticks: int | None = None, every: int = FRAMES_PER_TICK) -> Pictures:
    """The rendered truth of a case: one picture a tick, or with `every` = 1 every video frame."""
    return _rendered(case, slice(0, 1 + FRAMES_PER_TICK * ((ticks or case.ticks) - 1), every), size, every)


def real_still(case: Case, size: tuple[int, int]) -> Pictures:
    """The truth of the last tick alone, [1, H, W, 3]."""
    return _rendered(case, slice(-1, None, 1), size, 1)


def _rendered(case: Case, picks: slice, size: tuple[int, int], every: int) -> Pictures:
    """Truth as rendered before in this process, or rendered now: many models are held against the same."""
    path, what = case.path, (picks.start, picks.stop, picks.step, every, size, case.seed, case.plan.attributes)
    digest = hashlib.sha256(repr((what, case.plan.scene, case.plan.times_s[0])).encode())
    for array in (path.c2w, path.fov_y_deg, case.keypoints):
        digest.update(np.ascontiguousarray(array).tobytes())
    key = digest.hexdigest()
    if key not in _TRUTHS:
        while len(_TRUTHS) >= _MOST_TRUTHS:
            del _TRUTHS[next(iter(_TRUTHS))]
        points = case.keypoints[picks]
        _TRUTHS[key] = draw(case.plan, path.c2w[picks], path.fov_y_deg[picks], points, *size, every=every)
    return _TRUTHS[key].copy()


@torch.inference_mode()
def through_vae(model: Model, video: Pictures, size: tuple[int, int]) -> Pictures:
    """Encode and decode 1 + 4 K frames of the model's size; the last frame of each tick, at the judges' size."""
    decoder = model.decoder()
    return shrink(np.stack([decoder.decode(latent)[-1] for latent in model.encode(video)]), size)
