"""Training of what tells distances and outlines in a picture: on rendered pictures, where both are exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
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

__all__ = ["DepthStage", "depth_sheet", "has_distances"]

_LEAST = 0.05
"""Nearness below which errors count absolutely, 1/m."""
_BODY = 0.5
_WRONG_POSE = 0.15


def has_distances(source: Path) -> bool:
    """Whether any clip of a folder is rendered; films of one's own have no distances."""
    for path in shard_paths(source, "*.npz"):
        with np.load(path, allow_pickle=False) as data:
            if "nearness" in data:
                return True
    return False


class DepthStage:
    """Relative error of nearness and cross-entropy of the body's outline, on pictures as the autoencoder gives them."""

    def __init__(self, weights: Weights, settings: StageSettings, source: Path, *, seed: int, device: str) -> None:
        assert weights.depth is not None
        self.weights, self.settings, self.seed, self.device = weights, settings, seed, device
        self.net = weights.depth
        self.pictures: list[Tensor] = []
        self.truth: list[tuple[np.ndarray, np.ndarray]] = []
        self.shown: list[tuple[Camera, Pose]] = []
        self.covers: dict[int, Tensor] = {}
        for path in shard_paths(source, "*.npz"):
            self._read(path)
        self.forward = caster(self.net, settings)
        self.networks: dict[str, nn.Module] = {"depth": self.net}
        self.optimizers = {"depth": Optimizers(self.net, settings, settings.learning_rate)}
        self.ema = Ema(self.net, settings.ema)

    def _read(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as data:
            if "nearness" not in data:
                return
            video, near, body = data["video"][:, ::FRAMES_PER_TICK], data["nearness"], data["body"]
            c2w, fov, points = (data[name][:, ::FRAMES_PER_TICK] for name in ("c2w", "fov_y_deg", "keypoints"))
        for clip in range(len(video)):
            for frame in range(video.shape[1]):
                self.pictures.append(torch.from_numpy(video[clip, frame]))
                self.truth.append((near[clip, frame], body[clip, frame]))
                camera = Camera(c2w=c2w[clip, frame].astype(float), fov_y_deg=float(fov[clip, frame]))
                self.shown.append((camera, Pose(keypoints=points[clip, frame].astype(float))))

    def step(self, step: int) -> dict[str, Tensor]:
        """One update on `batch_clips` pictures, some without keypoints."""
        s = self.settings
        rng = draw(self.seed, s.stage, step)
        picks = rng.integers(len(self.pictures), size=s.batch_clips).tolist()
        video = frames_to_video(np.stack([self.pictures[i].numpy() for i in picks]))[0].to(self.device)
        height, width = video.shape[2:]
        hints = []
        for i in picks:
            camera, pose = self.shown[i]
            told = rng.random() >= _WRONG_POSE
            if i not in self.covers:
                self.covers[i] = torch.from_numpy(body_cover(pose, camera, height // 4, width // 4)).half()
            hints.append(depth_hints(camera, height, width, self.covers[i] if told else None))
        made, body = (part.float() for part in self.forward(video, torch.stack(hints).to(self.device)))
        near = torch.from_numpy(np.stack([self.truth[i][0] for i in picks]).astype(np.float32))[:, None]
        mine = torch.from_numpy(np.stack([self.truth[i][1] for i in picks]).astype(np.float32))[:, None]
        near, mine = near.to(self.device), mine.to(self.device)
        error = ((made - near).abs() / (near + _LEAST)).clamp(max=4.0).mean()
        outline = F.binary_cross_entropy(body.clamp(1e-5, 1 - 1e-5), mine)
        (error + _BODY * outline).backward()
        norm = self.optimizers["depth"].step(rate_at(step, s), s.gradient_clip)
        found = (body > 0.5) & (mine > 0.5)
        either = (body > 0.5) | (mine > 0.5)
        overlap = found.sum() / either.sum().clamp(min=1)
        return {"error": error.detach(), "outline": outline.detach(), "overlap": overlap.float(), "gradient": norm}


@torch.inference_mode()
def depth_sheet(weights: Weights, stage: DepthStage, path: Path) -> None:
    """Pictures, their distances as the network and as the renderer say, and both outlines, one row each."""
    assert weights.depth is not None
    rows = []
    for i in range(0, len(stage.pictures), max(len(stage.pictures) // 6, 1)):
        camera, pose = stage.shown[i]
        picture = frames_to_video(stage.pictures[i].numpy()[None])[0].to(stage.device)
        height, width = picture.shape[2:]
        cover = torch.from_numpy(body_cover(pose, camera, height // 4, width // 4))
        near, body = weights.depth(picture, depth_hints(camera, height, width, cover)[None].to(stage.device))
        true_near, true_body = stage.truth[i]
        greys = [near[0, 0].cpu().numpy() * 6, true_near.astype(np.float32) * 6, body[0, 0].cpu().numpy(), true_body]
        planes = [np.repeat((np.clip(g, 0, 1) * 255).astype(np.uint8)[..., None], 3, axis=2) for g in greys]
        rows.append(np.concatenate([stage.pictures[i].numpy(), *planes], axis=1))
    Image.fromarray(np.concatenate(rows)).save(path)
