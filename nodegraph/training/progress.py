"""What a stage is worth: its own measure on clips held out from training, before its first step and after its last.

Clips, noise and flow times are the same both times, and the weights are the averaged ones, so a difference is due to
the stage. Held-out clips lie in DATA/held-out; without them nothing is measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.session import frames_to_video
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.generator.vae import VAE
from nodegraph.training.adversarial import AdversarialStage
from nodegraph.training.data import read_shard, shard_paths
from nodegraph.training.depth import DepthStage, Example, examples, relative_error
from nodegraph.training.discriminator import Discriminator
from nodegraph.training.latents import Batch, LatentSet
from nodegraph.training.losses import shifted_time
from nodegraph.training.rollout import rollout
from nodegraph.training.settings import STAGES, StageSettings
from nodegraph.training.stages import ConsistencyStage, Stage, flow_inputs, gaussian, teacher_inputs

__all__ = ["HELD_OUT", "HeldOut", "Measure", "measure", "summary"]

HELD_OUT = "held-out"
"""Subfolder of rendered clips, and of latents, that no stage learns from."""
FILE = "progress.json"
_KEY = (0, "progress", 0)
_TIMES = (0.2, 0.4, 0.6, 0.8, 1.0)
_MOST_CLIPS = 16


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A stage's own measure: the name of its figure, and whether more of it is better."""

    figure: str
    more_is_better: bool = False

    def improved(self, before: float, after: float) -> bool:
        """Whether the stage has done what it is for."""
        return after > before if self.more_is_better else after < before


MEASURES = {
    "vae": Measure(figure="psnr_db", more_is_better=True),
    "depth": Measure(figure="distance_error"),
    "diffusion": Measure(figure="flow_error"),
    "adapt": Measure(figure="flow_error"),
    "consistency": Measure(figure="teacher_distance"),
    "adversarial": Measure(figure="spread_distance"),
    "long": Measure(figure="spread_distance"),
    "decoder": Measure(figure="psnr_db", more_is_better=True),
}


class HeldOut:
    """Clips that no stage learns from: as pictures and, once they are encoded, as latents."""

    def __init__(self, data: Path, latents: Path, device: str) -> None:
        self.device = device
        self._data, self._latents = data / HELD_OUT, latents / HELD_OUT

    def exists(self, stage: str) -> bool:
        """Whether there is what the stage's measure needs."""
        pictures = stage in ("vae", "depth", "decoder")
        return any(self._data.glob("*.npz") if pictures else self._latents.glob("*.safetensors"))

    def videos(self) -> list[NDArray[np.uint8]]:
        """Pictures [T, H, W, 3] of each clip."""
        clips = [clip.video for path in shard_paths(self._data, "*.npz") for clip in read_shard(path)]
        return clips[:_MOST_CLIPS]

    def distances(self) -> list[Example]:
        """Pictures with their distances, a few of each clip."""
        found = examples(self._data)
        return found[:: max(len(found) // _MOST_CLIPS, 1)]

    def clips(self, weights: Weights, frames: int) -> Batch:
        """Clips of so many latent frames."""
        data = LatentSet(self._latents, weights)
        return data.batch(_KEY, min(len(data), _MOST_CLIPS), frames, stills=False, device=self.device)

    def long(self, weights: Weights, frames: int) -> Batch:
        """Controls of so many latent frames, longer than any clip; `x0` as long as a clip."""
        data = LatentSet(self._latents, weights)
        return data.long_planes(_KEY, min(len(data), _MOST_CLIPS), frames, self.device)


@torch.no_grad()
def measure(stage: Stage, weights: Weights, held_out: HeldOut) -> dict[str, float]:
    """Figures of a stage with these weights; the one that `MEASURES` names comes first."""
    s = stage.settings
    if s.stage in ("vae", "decoder"):
        return reconstruction(weights.vae, held_out.videos(), held_out.device)
    if isinstance(stage, DepthStage):
        return {"distance_error": distance_error(weights, held_out)}
    net = weights.transformer
    if s.stage in ("diffusion", "adapt"):
        return {"flow_error": flow_error(net, held_out.clips(weights, s.clip_latents), s)}
    if isinstance(stage, ConsistencyStage):
        return {"teacher_distance": teacher_distance(net, stage.teacher, held_out.clips(weights, s.clip_latents), s)}
    assert isinstance(stage, AdversarialStage)
    if s.stage == "long":
        long = held_out.long(weights, 2 * s.segment_latents)
        return stream_figures(streamed(net, long)[:, s.segment_latents :], long.x0)
    clips = held_out.clips(weights, s.clip_latents)
    made = streamed(net, clips)
    error = float((made - clips.x0)[:, 1:].square().mean())
    return {**stream_figures(made, clips.x0), "error": error, "margin": judged_margin(stage.judge, made, clips)}


def reconstruction(vae: VAE, videos: list[NDArray[np.uint8]], device: str) -> dict[str, float]:
    """Signal to noise of pictures taken through the autoencoder, and what decoding one of them costs."""
    errors, seconds, pictures = [], 0.0, 0
    for video in videos:
        frames = frames_to_video(video).to(device)
        latents = vae.encode(frames)
        began = time.perf_counter()
        made = vae.decode(latents)
        seconds, pictures = seconds + time.perf_counter() - began, pictures + made.shape[1]
        errors.append(float((made - frames).square().mean()) / 4)
    return {"psnr_db": -10 * float(np.log10(np.mean(errors))), "ms_per_picture": 1000 * seconds / pictures}


def distance_error(weights: Weights, held_out: HeldOut) -> float:
    """Relative error of the distances that the network tells, keypoints given."""
    assert weights.depth is not None
    errors = []
    for example in held_out.distances():
        near, _ = weights.depth(*example.inputs(held_out.device))
        errors.append(float(relative_error(near.float(), example.near[None, None].to(near))))
    return float(np.mean(errors))


def flow_error(net: APT2Transformer, clips: Batch, settings: StageSettings) -> float:
    """Squared error of the velocity with this stage's inputs, over fixed flow times."""
    size = len(clips.x0)
    given = torch.ones(size, device=clips.x0.device)
    recycled, planes = flow_inputs(settings.stage, clips, given, 0.0, _KEY)
    noise = _noise(clips)
    errors = []
    for t in _TIMES:
        made = net((1 - t) * clips.x0 + t * noise, recycled, planes, clips.tokens, noise.new_full((size,), t),
                   late_BT=clips.late)  # fmt: skip
        errors.append(float((made - clips.x0).square().mean()) / t**2)
    return float(np.mean(errors))


def teacher_distance(net: APT2Transformer, teacher: APT2Transformer, clips: Batch, settings: StageSettings) -> float:
    """Squared distance of frames made in one pass from those the teacher makes of the same noise in all its passes."""
    size = len(clips.x0)
    recycled, planes = teacher_inputs(clips, torch.ones(size, device=clips.x0.device), 0.0, _KEY)
    noise = _noise(clips)

    def made(by: APT2Transformer, z: Tensor, t: float) -> Tensor:
        return by(z, recycled, planes, clips.tokens, noise.new_full((size,), t), late_BT=clips.late)

    z = noise
    for t, after in pairwise(shifted_time(torch.linspace(1, 0, settings.discretization + 1), settings.shift).tolist()):
        x0 = made(teacher, z, t)
        z = x0 + after / t * (z - x0)
    return float((made(net, noise, 1.0) - z).square().mean())


def streamed(net: APT2Transformer, clips: Batch) -> Tensor:
    """Frames as a session makes them, each from its predecessor, starting from the true first one."""
    given = torch.ones(len(clips.x0), device=clips.x0.device)
    first, planes = clips.x0[:, 0], clips.remembering(given)
    noise = _noise(clips, frames=planes.shape[1])
    cache = net.make_cache(len(clips.x0))
    return rollout(
        net, noise, planes, clips.tokens, cache, first=first, image_given_B=given, late_BT=clips.late
    ).outputs


def stream_figures(made: Tensor, real: Tensor) -> dict[str, float]:
    """How far streams are from real clips as distributions, and their motion against that of real clips."""
    ratio = float(_steps(made).abs().mean() / _steps(real).abs().mean())
    return {"spread_distance": spread_distance(made, real), "motion_ratio": ratio}


def spread_distance(made_BTCRQ: Tensor, real_BTCRQ: Tensor, quantiles: int = 64) -> float:
    """How differently values are spread, in real deviations: 0 for equal distributions.

    Mean 1-D Wasserstein distance over channels, of the latents (colour), of their steps from cell to cell (sharpness)
    and from frame to frame (motion). No frame is compared with its own truth, so many continuations are equally good.
    """
    at = torch.linspace(0.5 / quantiles, 1 - 0.5 / quantiles, quantiles)
    distances = []
    for made, real in zip(_views(made_BTCRQ), _views(real_BTCRQ), strict=True):
        a, b = (
            np.quantile(x.transpose(0, 2).flatten(1).float().cpu().numpy(), at.numpy(), axis=1) for x in (made, real)
        )
        distances.append(np.abs(a - b).mean(0) / b.std(0).clip(min=1e-6))
    return float(np.mean(distances))


def _by_channel(x_BTCRQ: Tensor) -> NDArray[np.float32]:
    return np.asarray(x_BTCRQ.float().cpu().transpose(0, 2).flatten(1).numpy())


def _views(x: Tensor) -> tuple[Tensor, ...]:
    return x, x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :], _steps(x)


def _steps(x: Tensor) -> Tensor:
    return x[:, 1:] - x[:, :-1]


def judged_margin(judge: Discriminator, made: Tensor, clips: Batch) -> float:
    """By how much the discriminator's logits of real clips exceed those of made ones."""
    t_B = made.new_full((len(made),), 0.5)
    real, fake = (judge(x, clips.planes, clips.tokens, t_B, late_BT=clips.late) for x in (clips.x0, made))
    return float((real - fake).mean())


def _noise(clips: Batch, frames: int | None = None) -> Tensor:
    size, own, *shape = clips.x0.shape
    return gaussian(_KEY, (size, frames or own, *shape), str(clips.x0.device))


def record(folder: Path, when: str, figures: dict[str, float]) -> None:
    """Keep a stage's figures `before` or `after` it in its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = recorded(folder) | {when: figures}
    (folder / FILE).write_text(json.dumps(kept, indent=1) + "\n")


def recorded(folder: Path) -> dict[str, dict[str, float]]:
    """What `record` has kept so far."""
    path = folder / FILE
    kept: dict[str, dict[str, float]] = json.loads(path.read_text()) if path.exists() else {}
    return kept


def summary(folder: Path, stages: Iterable[str] = STAGES) -> list[dict[str, Any]]:
    """A row for each stage of a training run that was measured before and after; also written to its progress.json."""
    rows = []
    for stage in stages:
        kept = recorded(folder / stage)
        if {"before", "after"} <= kept.keys():
            own = MEASURES[stage]
            before, after = kept["before"][own.figure], kept["after"][own.figure]
            rows.append({"stage": stage, "figure": own.figure, "improved": own.improved(before, after), **kept})
    (folder / FILE).write_text(json.dumps(rows, indent=1) + "\n")
    return rows
