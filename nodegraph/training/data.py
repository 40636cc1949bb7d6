"""Clips on disk: rendered, and encoded into latents and condition planes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor
from tqdm import tqdm

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import GeneratorConfig
from nodegraph.generator.control import condition_planes
from nodegraph.generator.memory import SceneMemory
from nodegraph.generator.session import frames_to_video
from nodegraph.values import FRAMES_PER_TICK, KEYPOINTS, Camera, Pose

__all__ = ["MEMORY_STILLS", "STILLS", "Clip", "Wording", "encode_folder", "read_shard", "shard_paths"]

_MIRRORED = [KEYPOINTS.index(n.replace("left", "#").replace("right", "left").replace("#", "right")) for n in KEYPOINTS]
STILLS = 6
"""Frames of a clip that are also encoded alone, evenly over it."""
MEMORY_STILLS = (0, 2)
"""Those of them from which training clips start, where the model has a scene memory: what it shows then is stored."""
_SECOND_VIEW = 4
"""Latent frames after which, in every other clip, a second view is remembered."""


Wording = tuple[str, tuple[int, str] | None]
"""A caption, and the frame from which another one holds with that one."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A rendered clip: video uint8 [T, H, W, 3], cameras [T, 4, 4], field of view [T], keypoints [T, 17, 3]."""

    video: NDArray[np.uint8]
    c2w: NDArray[np.float64]
    fov_y_deg: NDArray[np.float64]
    keypoints: NDArray[np.float64]
    caption: str
    attributes: dict[str, str]
    wordings: tuple[Wording, ...] = ()
    """Ways to say what the clip shows; empty, where there is only the caption."""
    at_place: bool = False
    """Whether the clip shows one of the places that the model is to know."""

    def said(self) -> tuple[Wording, ...]:
        """The wordings, or the caption as the only one."""
        return self.wordings or ((self.caption, None),)

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
            wordings=self.wordings,
        )

    def planes(self, config: GeneratorConfig, frame: int, before: int | None) -> Tensor:
        """Condition planes of a frame relative to an earlier one; None: the frame starts a clip."""
        current = Camera(c2w=self.c2w[frame], fov_y_deg=float(self.fov_y_deg[frame]))
        previous = current if before is None else Camera(c2w=self.c2w[before], fov_y_deg=float(self.fov_y_deg[before]))
        pose = Pose(keypoints=self.keypoints[frame])
        return condition_planes(
            config,
            previous,
            current,
            pose,
            before=pose if before is None else Pose(keypoints=self.keypoints[before]),
            recycled=before is not None,
            at_place=self.at_place,
        )


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
        timed = json.loads(bytes(data["timed"]).decode()) if "timed" in data else [[[0, text]] for text in captions]
        wordings = json.loads(bytes(data["wordings"]).decode()) if "wordings" in data else [[clip] for clip in timed]
        places = data["places"] if "places" in data else np.full(len(captions), -1)
        video, c2w, fov, points = data["video"], data["c2w"], data["fov_y_deg"], data["keypoints"]
    return [
        Clip(
            video=video[i],
            c2w=c2w[i].astype(np.float64),
            fov_y_deg=fov[i].astype(np.float64),
            keypoints=points[i].astype(np.float64),
            caption=captions[i],
            attributes=attributes[i],
            wordings=tuple(_wording(clip) for clip in wordings[i]),
            at_place=bool(places[i] >= 0),
        )
        for i in range(len(captions))
    ]


def _wording(timed: list[list[Any]]) -> Wording:
    """The first caption, and the frame from which a second one holds with that caption, where there is one."""
    return str(timed[0][1]), (int(timed[-1][0]), str(timed[-1][1])) if len(timed) > 1 else None


@torch.inference_mode()
def encode_folder(weights: Weights, source: Path, target: Path, *, device: str, mirror: bool = True) -> None:
    """Encode every rendered shard into latents and condition planes; finished shards are skipped.

    `mirror` adds every clip's mirror image, but not of a known place, which has none.
    """
    target.mkdir(parents=True, exist_ok=True)
    dtype = next(weights.vae.parameters()).dtype
    for path in tqdm(shard_paths(source, "*.npz"), desc="encode", unit="shard"):
        out = target / f"{path.stem}.safetensors"
        if out.exists():
            continue
        clips = read_shard(path)
        views = [
            view for clip in clips for view in ((clip, clip.mirrored()) if mirror and not clip.at_place else (clip,))
        ]
        parts = [_encode(weights, clip, device, dtype, number) for number, clip in enumerate(views)]
        tensors = {key: torch.stack([part[key] for part in parts]).contiguous() for key in parts[0]}
        text = json.dumps([{"wordings": c.said(), "attributes": c.attributes} for c in views])
        part_file = out.with_suffix(".part")
        save_file(tensors, part_file, metadata={"clips": text})
        part_file.replace(out)


def _encode(weights: Weights, clip: Clip, device: str, dtype: torch.dtype, number: int) -> dict[str, Tensor]:
    config = weights.config
    count = (len(clip.video) - 1) // FRAMES_PER_TICK + 1
    ticks = [FRAMES_PER_TICK * k for k in range(count)]
    video = frames_to_video(clip.video[: ticks[-1] + 1]).to(device, dtype)
    stills = [ticks[i * (count - 1) // (STILLS - 1)] for i in range(STILLS)]
    alone = frames_to_video(clip.video[stills]).to(device, dtype).transpose(0, 1)
    # The scene memory's planes depend on where a training clip begins: they are added when one is drawn.
    own = [*range(config.memory_planes.start), *range(config.memory_latent.stop, config.condition_channels)]
    latents, images = weights.vae.encode(video)[0], weights.vae.encode(alone)[:, 0]
    memory = {} if weights.depth is None else {"memory": _remembered(weights, clip, latents, images, number)}
    return memory | {
        "latents": latents.half().cpu(),
        "planes": torch.stack([clip.planes(config, t, ticks[i - 1] if i else None) for i, t in enumerate(ticks)])[
            :, own
        ].half(),
        "stills": images.half().cpu(),
        "still_planes": torch.stack([clip.planes(config, t, None) for t in stills])[:, own].half(),
        "c2w": torch.from_numpy(clip.c2w[ticks]),
        "fov_y_deg": torch.from_numpy(clip.fov_y_deg[ticks]),
        "keypoints": torch.from_numpy(clip.keypoints[ticks]),
        "at_place": torch.tensor(clip.at_place),
    }


def _remembered(weights: Weights, clip: Clip, latents: Tensor, images: Tensor, number: int) -> Tensor:
    """What the scene memory shows of each latent frame [S, T, 2 + C, R, Q], from each of `MEMORY_STILLS` on.

    Once the clip's words change, every other clip remembers nothing, as when only words are new, and the rest a picture
    of what is to come, as when a new picture comes with them. Odd clips take a second view on the way.
    """
    config, count = weights.config, len(latents)
    channels = config.memory_latent.stop - config.memory_planes.start
    planes = torch.zeros(len(MEMORY_STILLS), count, channels, *latents.shape[2:])
    frames = range(0, FRAMES_PER_TICK * count, FRAMES_PER_TICK)
    cameras = [Camera(c2w=clip.c2w[f], fov_y_deg=float(clip.fov_y_deg[f])) for f in frames]
    poses = [Pose(keypoints=clip.keypoints[f]) for f in frames]
    change = clip.said()[0][1]
    turns = count if change is None else -(-change[0] // FRAMES_PER_TICK)
    for s, still in enumerate(MEMORY_STILLS):
        start = still * (count - 1) // (STILLS - 1)
        memory = SceneMemory(weights)
        memory.remember(images[still][None], cameras[start], poses[start])
        for t in range(start + 1, count):
            if t == turns:
                memory.forget()
                if number % 4 < 2:
                    memory.remember(latents[-2:], cameras[-1], poses[-1])
            elif t < turns and t == start + _SECOND_VIEW and number % 2:
                memory.remember(latents[t - 2 : t], cameras[t - 1], poses[t - 1])
            planes[s, t] = memory.show(cameras[t - 1], cameras[t], poses[t - 1], poses[t]).planes
    return planes.half()
