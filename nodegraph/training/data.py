"""Clips on disk, rendered or encoded, and the batches drawn from them.

Batches depend only on (seed, stage, step), so a resumed run sees the same data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import tqdm

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.control import condition_planes
from nodegraph.generator.session import frames_to_video
from nodegraph.generator.text import tokenize
from nodegraph.values import FRAMES_PER_TICK, KEYPOINTS, Camera, Pose

__all__ = ["Batch", "Clip", "LatentSet", "draw", "encode_folder", "read_shard", "shard_paths"]

_MIRRORED = [KEYPOINTS.index(n.replace("left", "#").replace("right", "left").replace("#", "right")) for n in KEYPOINTS]
_STILLS = 6


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A rendered clip: video uint8 [T, H, W, 3], cameras [T, 4, 4], field of view [T], keypoints [T, 17, 3]."""

    video: NDArray[np.uint8]
    c2w: NDArray[np.float64]
    fov_y_deg: NDArray[np.float64]
    keypoints: NDArray[np.float64]
    caption: str
    attributes: dict[str, str]
    later: tuple[int, str] | None = None
    """The frame from which another caption holds, and that caption."""

    def mirrored(self) -> Clip:
        """The clip as seen in a mirror across the world's x = 0 plane."""
        flip = np.diag([-1.0, 1.0, 1.0, 1.0])
        points = self.keypoints[:, _MIRRORED] * np.array([-1.0, 1.0, 1.0])
        return Clip(
            video=np.ascontiguousarray(self.video[:, :, ::-1]),
            c2w=flip @ self.c2w @ flip,
            fov_y_deg=self.fov_y_deg,
            keypoints=points,
            caption=self.caption,
            attributes=self.attributes,
            later=self.later,
        )

    def planes(self, frame: int, before: int | None, rows: int, columns: int) -> Tensor:
        """Condition planes of a frame relative to an earlier one; None: the frame starts a clip."""
        current = Camera(c2w=self.c2w[frame], fov_y_deg=float(self.fov_y_deg[frame]))
        previous = current if before is None else Camera(c2w=self.c2w[before], fov_y_deg=float(self.fov_y_deg[before]))
        pose = Pose(keypoints=self.keypoints[frame])
        return condition_planes(previous, current, pose, recycled=before is not None, rows=rows, columns=columns)


def shard_paths(folder: Path, pattern: str) -> list[Path]:
    """Files of a data folder, sorted. Raises `not_found` where there are none."""
    paths = sorted(folder.glob(pattern))
    if not paths:
        raise NodegraphError(
            "not_found",
            f"The folder {folder.name} holds no {pattern} files.",
            remedy="Render clips first: python -m nodegraph.worlds.dataset --out FOLDER",
        )
    return paths


def read_shard(path: Path) -> list[Clip]:
    """Clips of one rendered shard."""
    with np.load(path, allow_pickle=False) as data:
        captions = json.loads(bytes(data["captions"]).decode())
        attributes = json.loads(bytes(data["attributes"]).decode())
        timed = json.loads(bytes(data["timed"]).decode()) if "timed" in data else None
        video, c2w, fov, points = data["video"], data["c2w"], data["fov_y_deg"], data["keypoints"]
    return [
        Clip(
            video=video[i],
            c2w=c2w[i].astype(np.float64),
            fov_y_deg=fov[i].astype(np.float64),
            keypoints=points[i].astype(np.float64),
            caption=captions[i],
            attributes=attributes[i],
            later=tuple(timed[i][-1]) if timed and len(timed[i]) > 1 else None,
        )
        for i in range(len(captions))
    ]


@torch.inference_mode()
def encode_folder(weights: Weights, source: Path, target: Path, *, device: str, mirror: bool = True) -> None:
    """Encode every rendered shard into latents and condition planes; finished shards are skipped."""
    target.mkdir(parents=True, exist_ok=True)
    dtype = next(weights.vae.parameters()).dtype
    for path in tqdm(shard_paths(source, "*.npz"), desc="encode", unit="shard"):
        out = target / f"{path.stem}.safetensors"
        if out.exists():
            continue
        clips = read_shard(path)
        views = [view for clip in clips for view in ((clip, clip.mirrored()) if mirror else (clip,))]
        parts = [_encode(weights, clip, device, dtype) for clip in views]
        tensors = {key: torch.stack([part[key] for part in parts]).contiguous() for key in parts[0]}
        text = json.dumps([{"caption": c.caption, "attributes": c.attributes, "later": c.later} for c in views])
        part_file = out.with_suffix(".part")
        save_file(tensors, part_file, metadata={"clips": text})
        part_file.replace(out)


def _encode(weights: Weights, clip: Clip, device: str, dtype: torch.dtype) -> dict[str, Tensor]:
    _, rows, columns = weights.config.latent_shape
    count = (len(clip.video) - 1) // FRAMES_PER_TICK + 1
    ticks = [FRAMES_PER_TICK * k for k in range(count)]
    video = frames_to_video(clip.video[: ticks[-1] + 1]).to(device, dtype)
    stills = [ticks[i * (count - 1) // (_STILLS - 1)] for i in range(_STILLS)]
    alone = frames_to_video(clip.video[stills]).to(device, dtype).transpose(0, 1)
    return {
        "latents": weights.vae.encode(video)[0].half().cpu(),
        "planes": torch.stack(
            [clip.planes(t, ticks[i - 1] if i else None, rows, columns) for i, t in enumerate(ticks)]
        ).half(),
        "stills": weights.vae.encode(alone)[:, 0].half().cpu(),
        "still_planes": torch.stack([clip.planes(t, None, rows, columns) for t in stills]).half(),
        "c2w": torch.from_numpy(clip.c2w[ticks]),
        "fov_y_deg": torch.from_numpy(clip.fov_y_deg[ticks]),
        "keypoints": torch.from_numpy(clip.keypoints[ticks]),
    }


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Training clips: x0 [B, T, C, R, Q], planes [B, T, U, R, Q], captions.

    tokens: [B, L], or [B, 2, L] with `late` [B, T]: the frames under the second prompt.
    """

    x0: Tensor
    planes: Tensor
    tokens: Tensor
    captions: list[str]
    late: Tensor | None = None


class LatentSet:
    """All encoded clips of a folder in memory (half precision)."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self.config = weights.config.text
        self.tensors: dict[str, list[Tensor]] = {}
        self.latent_shape = weights.config.latent_shape
        self.captions: list[str] = []
        self.later: list[tuple[int, str] | None] = []
        self.attributes: list[dict[str, Any]] = []
        for path in shard_paths(folder, "*.safetensors"):
            for key, value in load_file(path).items():
                self.tensors.setdefault(key, []).extend(value.unbind(0))
            for clip in _metadata(path):
                self.captions.append(clip["caption"])
                later = clip.get("later")
                self.later.append((-(-later[0] // FRAMES_PER_TICK), later[1]) if later else None)
                self.attributes.append(clip["attributes"])

    def __len__(self) -> int:
        return len(self.captions)

    def batch(self, key: tuple[int, str, int], size: int, frames: int, *, stills: bool, device: str) -> Batch:
        """Clips (or one-frame clips) drawn by (seed, stage, step)."""
        rng = draw(*key)
        picks = rng.choice(len(self), size, replace=size > len(self)).tolist()
        if stills:
            which = [int(rng.integers(0, self._early(i))) for i in picks]
            x0 = torch.stack([self.tensors["stills"][i][j] for i, j in zip(picks, which, strict=True)])[:, None]
            planes = torch.stack([self.tensors["still_planes"][i][j] for i, j in zip(picks, which, strict=True)])[
                :, None
            ]
        else:
            x0 = torch.stack([self.tensors["latents"][i][:frames] for i in picks])
            planes = torch.stack([self.tensors["planes"][i][:frames] for i in picks])
        captions = [self.captions[i] for i in picks]
        tokens = torch.tensor([tokenize(caption, self.config) for caption in captions])
        late = None
        if not stills:
            second = [self._late(i) for i in picks]
            tokens = torch.stack([tokens, torch.tensor([tokenize(text, self.config) for _, text in second])], dim=1)
            late = (torch.arange(frames)[None] >= torch.tensor([[tick] for tick, _ in second])).to(device)
        return Batch(
            x0=x0.float().to(device),
            planes=planes.float().to(device),
            tokens=tokens.to(device),
            captions=captions,
            late=late,
        )

    def _late(self, index: int) -> tuple[int, str]:
        """The latent frame from which the second caption holds, and that caption; never, where there is none."""
        return self.later[index] or (len(self.tensors["latents"][index]), self.captions[index])

    def _early(self, index: int) -> int:
        """How many of a clip's stills its first caption describes."""
        clip, (tick, _) = len(self.tensors["latents"][index]), self._late(index)
        return max(sum(i * (clip - 1) // (_STILLS - 1) < tick for i in range(_STILLS)), 1)

    def long_planes(self, key: tuple[int, str, int], size: int, frames: int, device: str) -> Batch:
        """Controls longer than a clip: each clip's camera and pose played forwards and backwards in turn.

        `x0` holds the true latents of the first pass only: [B, clip, C, R, Q].
        """
        picks = draw(*key).choice(len(self), size, replace=size > len(self)).tolist()
        clip = len(self.tensors["latents"][0])
        order = [abs((i + clip - 1) % (2 * clip - 2) - (clip - 1)) for i in range(frames)]
        _, rows, columns = self.latent_shape
        planes = torch.stack([self._replay(i, order, rows, columns) for i in picks])
        x0 = torch.stack([self.tensors["latents"][i] for i in picks])
        captions = [self.captions[i] for i in picks]
        tokens = torch.tensor([tokenize(caption, self.config) for caption in captions])
        return Batch(x0=x0.float().to(device), planes=planes.to(device), tokens=tokens.to(device), captions=captions)

    def _replay(self, index: int, order: list[int], rows: int, columns: int) -> Tensor:
        c2w, fov, points = (self.tensors[key][index].numpy() for key in ("c2w", "fov_y_deg", "keypoints"))
        planes, previous = [], None
        for tick in order:
            camera = Camera(c2w=c2w[tick], fov_y_deg=float(fov[tick]))
            pose = Pose(keypoints=points[tick])
            planes.append(
                condition_planes(
                    previous or camera, camera, pose, recycled=previous is not None, rows=rows, columns=columns
                )
            )
            previous = camera
        return torch.stack(planes)


def _metadata(path: Path) -> list[dict[str, Any]]:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        clips: list[dict[str, Any]] = json.loads(file.metadata()["clips"])
    return clips


def draw(seed: int, stage: str, step: int) -> np.random.Generator:
    """A generator that depends on (seed, stage, step) alone."""
    return np.random.default_rng([seed, step, *stage.encode()])
