"""Training of what tells distances and outlines in a picture: on rendered pictures, where both are exact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.depth import depth_hints
from nodegraph.generator.motion import body_cover
from nodegraph.generator.session import frames_to_video
from nodegraph.training.data import shard_paths
from nodegraph.training.latents import draw
from nodegraph.training.optim import Ema, Optimizers, rate_at
from nodegraph.training.precision import caster
from nodegraph.training.settings import StageSettings
from nodegraph.values import FRAMES_PER_TICK, Camera, Pose

__all__ = ["DepthStage", "Example", "depth_sheet", "examples", "fit_quick", "has_distances", "relative_error"]

_LEAST = 0.05
"""Nearness below which errors count absolutely, 1/m."""
_BODY = 0.5
_UNTOLD = 0.15
_FITTED_CLIPS = 100


def has_distances(source: Path) -> bool:
    """Whether any clip of a folder is rendered; films of one's own have no distances."""
    for path in shard_paths(source, "*.npz"):
        with np.load(path, allow_pickle=False) as data:
            if "nearness" in data:
                return True
    return False


@dataclass(frozen=True, kw_only=True)
class Example:
    """A rendered picture uint8 [H, W, 3] with its distances `near` float16 and its `body` bool [H, W]."""

    picture: NDArray[np.uint8]
    near: Tensor
    body: Tensor
    camera: Camera
    pose: Pose

    @cached_property
    def cover(self) -> Tensor:
        """Where its keypoints say that the body is."""
        height, width = self.near.shape
        return torch.from_numpy(body_cover(self.pose, self.camera, height // 4, width // 4)).half()

    def inputs(self, device: str, *, told: bool = True) -> tuple[Tensor, Tensor]:
        """The picture [1, 3, H, W] and hints [1, 5, H/4, W/4]; `told`: with its keypoints."""
        height, width = self.near.shape
        hints = depth_hints(self.camera, height, width, self.cover if told else None)
        return frames_to_video(self.picture[None])[0].to(device), hints[None].to(device)


def examples(source: Path) -> list[Example]:
    """Every fourth picture of the rendered clips of a folder; films of one's own have no distances."""
    found: list[Example] = []
    for path in shard_paths(source, "*.npz"):
        with np.load(path, allow_pickle=False) as data:
            if "nearness" not in data:
                continue
            names = ("video", "c2w", "fov_y_deg", "keypoints")
            parts = [*(data[name][:, ::FRAMES_PER_TICK] for name in names), data["nearness"], data["body"]]
        for clip in zip(*parts, strict=True):
            found.extend(
                Example(
                    picture=picture,
                    near=torch.from_numpy(near),
                    body=torch.from_numpy(body),
                    camera=Camera(c2w=c2w.astype(float), fov_y_deg=float(fov)),
                    pose=Pose(keypoints=points.astype(float)),
                )
                for picture, c2w, fov, points, near, body in zip(*clip, strict=True)
            )
    return found


def relative_error(made: Tensor, near: Tensor) -> Tensor:
    """Mean error of nearness in shares of itself; what is far counts absolutely."""
    return ((made - near).abs() / (near + _LEAST)).clamp(max=4.0).mean()


@torch.no_grad()
def fit_quick(weights: Weights, source: Path, device: str) -> None:
    """Fit the quick encoder to the autoencoder's, on rendered clips."""
    assert weights.quick is not None
    samples: list[tuple[Tensor, Tensor]] = []
    for path in shard_paths(source, "*.npz"):
        with np.load(path, allow_pickle=False) as data:
            videos = data["video"][: max(_FITTED_CLIPS - len(samples), 0)]
        for video in videos:
            frames = frames_to_video(video).to(device)
            latents = weights.vae.encode(frames)[0, 1:]
            samples.append((frames[0, 1:].unflatten(0, (len(latents), FRAMES_PER_TICK)), latents))
    weights.quick.fit(samples)


class DepthStage:
    """Relative error of nearness and cross-entropy of the body's outline, on pictures, some without keypoints."""

    def __init__(self, weights: Weights, settings: StageSettings, source: Path, *, seed: int, device: str) -> None:
        assert weights.depth is not None
        self.weights, self.settings, self.seed, self.device = weights, settings, seed, device
        self.net = weights.depth
        self.examples = examples(source)
        self.forward = caster(self.net, settings)
        self.networks: dict[str, nn.Module] = {"depth": self.net}
        self.optimizers = {"depth": Optimizers(self.net, settings, settings.learning_rate)}
        self.ema = Ema(self.net, settings.ema)

    def step(self, step: int) -> dict[str, Tensor]:
        """One update on `batch_clips` pictures."""
        s = self.settings
        rng = draw(self.seed, s.stage, step)
        some = [self.examples[i] for i in rng.integers(len(self.examples), size=s.batch_clips).tolist()]
        inputs = [one.inputs(self.device, told=bool(rng.random() >= _UNTOLD)) for one in some]
        made, body = (part.float() for part in self.forward(*(torch.cat(parts) for parts in zip(*inputs, strict=True))))
        near, mine = (
            torch.stack(parts)[:, None].float().to(self.device)
            for parts in ([one.near for one in some], [one.body for one in some])
        )
        error = relative_error(made, near)
        outline = F.binary_cross_entropy(body.clamp(1e-5, 1 - 1e-5), mine)
        (error + _BODY * outline).backward()
        norm = self.optimizers["depth"].step(rate_at(step, s), s.gradient_clip)
        found, either = ((body > 0.5) & (mine > 0.5)).sum(), ((body > 0.5) | (mine > 0.5)).sum()
        overlap = found / either.clamp(min=1)
        return {"error": error.detach(), "outline": outline.detach(), "overlap": overlap, "gradient": norm}


@torch.inference_mode()
def depth_sheet(weights: Weights, stage: DepthStage, path: Path) -> None:
    """Pictures, their distances as the network and as the renderer say, and both outlines, one row each."""
    assert weights.depth is not None
    rows = []
    for example in stage.examples[:: max(len(stage.examples) // 6, 1)]:
        near, body = (part[0, 0].cpu().numpy() for part in weights.depth(*example.inputs(stage.device)))
        greys = [near * 6, example.near.float().numpy() * 6, body, example.body.numpy()]
        planes = [np.repeat((np.clip(g, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2) for g in greys]
        rows.append(np.concatenate([example.picture, *planes], axis=1))
    Image.fromarray(np.concatenate(rows)).save(path)
