"""Clips on disk, rendered or encoded, and the batches drawn from them.

Batches depend only on (seed, stage, step), so a resumed run sees the same data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
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
from nodegraph.generator.config import GeneratorConfig
from nodegraph.generator.control import condition_planes
from nodegraph.generator.key_frame import KeyFrame
from nodegraph.generator.session import frames_to_video
from nodegraph.generator.text import tokenize
from nodegraph.values import FRAMES_PER_TICK, KEYPOINTS, Camera, Pose

__all__ = ["Batch", "Clip", "LatentSet", "draw", "encode_folder", "read_shard", "shard_paths"]

_MIRRORED = [KEYPOINTS.index(n.replace("left", "#").replace("right", "left").replace("#", "right")) for n in KEYPOINTS]
_STILLS = 6


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
        parts = [_encode(weights, clip, device, dtype) for clip in views]
        tensors = {key: torch.stack([part[key] for part in parts]).contiguous() for key in parts[0]}
        text = json.dumps([{"wordings": c.said(), "attributes": c.attributes} for c in views])
        part_file = out.with_suffix(".part")
        save_file(tensors, part_file, metadata={"clips": text})
        part_file.replace(out)


def _encode(weights: Weights, clip: Clip, device: str, dtype: torch.dtype) -> dict[str, Tensor]:
    config = weights.config
    count = (len(clip.video) - 1) // FRAMES_PER_TICK + 1
    ticks = [FRAMES_PER_TICK * k for k in range(count)]
    video = frames_to_video(clip.video[: ticks[-1] + 1]).to(device, dtype)
    stills = [ticks[i * (count - 1) // (_STILLS - 1)] for i in range(_STILLS)]
    alone = frames_to_video(clip.video[stills]).to(device, dtype).transpose(0, 1)
    # The key frame's planes depend on where a training clip begins: they are added when one is drawn.
    own = [*range(config.key_planes.start), *range(config.key_latent.stop, config.condition_channels)]
    return {
        "latents": weights.vae.encode(video)[0].half().cpu(),
        "planes": torch.stack([clip.planes(config, t, ticks[i - 1] if i else None) for i, t in enumerate(ticks)])[
            :, own
        ].half(),
        "stills": weights.vae.encode(alone)[:, 0].half().cpu(),
        "still_planes": torch.stack([clip.planes(config, t, None) for t in stills])[:, own].half(),
        "c2w": torch.from_numpy(clip.c2w[ticks]),
        "fov_y_deg": torch.from_numpy(clip.fov_y_deg[ticks]),
        "keypoints": torch.from_numpy(clip.keypoints[ticks]),
        "at_place": torch.tensor(clip.at_place),
    }


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Training clips: x0 [B, T, C, R, Q], planes [B, T, U, R, Q], captions.

    tokens: [B, L], or [B, 2, L] with `late` [B, T]: the frames under the second prompt.
    remembered: the planes that show the key frame, which is the clip's first until its prompt changes.
    """

    x0: Tensor
    planes: Tensor
    tokens: Tensor
    captions: list[str]
    late: Tensor | None = None
    remembered: slice = field(default_factory=lambda: slice(0, 0))

    def keyed(self, first_BCRQ: Tensor, kept_B: Tensor) -> Tensor:
        """Planes with another first frame as key frame until the prompt changes; with none in clips not `kept`."""
        planes = self.planes.clone()
        kept = kept_B.to(planes)[:, None, None, None, None]
        part = planes[:, :, self.remembered]
        if part.shape[2]:
            latents = part[:, :, -first_BCRQ.shape[1] :]
            early = torch.ones_like(kept[:, :, :1]) if self.late is None else ~self.late[:, :, None, None, None]
            latents.copy_(torch.where(early.bool(), first_BCRQ[:, None], latents))
            part.mul_(kept)
        return planes


class LatentSet:
    """All encoded clips of a folder in memory (half precision)."""

    def __init__(self, folder: Path, weights: Weights) -> None:
        self.config = weights.config
        self.tensors: dict[str, list[Tensor]] = {}
        self.wordings: list[list[Wording]] = []
        self.attributes: list[dict[str, Any]] = []
        for path in shard_paths(folder, "*.safetensors"):
            for key, value in load_file(path).items():
                self.tensors.setdefault(key, []).extend(value.unbind(0))
            for clip in _metadata(path):
                self.wordings.append([(first, _in_latents(later)) for first, later in clip["wordings"]])
                self.attributes.append(clip["attributes"])

    def __len__(self) -> int:
        return len(self.wordings)

    def batch(self, key: tuple[int, str, int], size: int, frames: int, *, stills: bool, device: str) -> Batch:
        """Clips (or one-frame clips) drawn by (seed, stage, step)."""
        rng = draw(*key)
        picks = rng.choice(len(self), size, replace=size > len(self)).tolist()
        said = [self.wordings[i][int(rng.integers(len(self.wordings[i])))] for i in picks]
        captions = [first for first, _ in said]
        if stills:
            which = [int(rng.integers(0, self._early(i))) for i in picks]
            x0 = torch.stack([self.tensors["stills"][i][j] for i, j in zip(picks, which, strict=True)])[:, None]
            planes = torch.stack([self.tensors["still_planes"][i][j] for i, j in zip(picks, which, strict=True)])
            planes = self._inserted(planes) if self.config.transformer.carry else planes
            return self._batch(x0, planes[:, None], self._tokens(captions), captions, device)
        starts = [int(rng.choice(self._starts(i, frames))) for i in picks]
        x0 = torch.stack([self._from("latents", "stills", i, j, frames) for i, j in zip(picks, starts, strict=True)])
        planes = torch.stack(
            [self._from("planes", "still_planes", i, j, frames) for i, j in zip(picks, starts, strict=True)]
        )
        never = len(self.tensors["latents"][0])
        later = [change or (never, first) for first, change in said]
        begins = [self._tick_of_still(i, j) for i, j in zip(picks, starts, strict=True)]
        ticks = torch.tensor([[tick - begin] for (tick, _), begin in zip(later, begins, strict=True)])
        tokens = torch.stack([self._tokens(captions), self._tokens([text for _, text in later])], dim=1)
        late = torch.arange(frames)[None] >= ticks
        if self.config.transformer.carry:
            memory = [
                self._memory(i, begin, x, mask) for i, begin, x, mask in zip(picks, begins, x0, late, strict=True)
            ]
            planes = self._inserted(planes, torch.stack(memory))
        return self._batch(x0, planes, tokens, captions, device, late.to(device))

    @property
    def _remembered(self) -> slice:
        return slice(self.config.key_planes.start, self.config.key_latent.stop)

    def _inserted(self, planes: Tensor, memory: Tensor | None = None) -> Tensor:
        """Stored planes [..., U, R, Q] with those of the key frame among them."""
        start, stop = self._remembered.start, self._remembered.stop
        if memory is None:
            memory = planes.new_zeros(*planes.shape[:-3], stop - start, *planes.shape[-2:])
        return torch.cat([planes[..., :start, :, :], memory.to(planes), planes[..., start:, :, :]], dim=-3)

    def _memory(self, index: int, begin: int, x0_TCRQ: Tensor, late_T: Tensor) -> Tensor:
        """Planes of the key frame [T, 5 + C, R, Q]: the first of the clip; once the prompt changes there is none, or,
        in every other clip, a picture of what is to come."""
        cameras, poses = self._controls(index)
        first, last = (KeyFrame(latent=x0_TCRQ[i], camera=cameras[begin + i], pose=poses[begin + i]) for i in (0, -1))
        shown = index % 2 == 0
        return torch.stack(
            [
                (last if late and shown else first).planes(cameras[tick], poses[tick]) * (shown or not late)
                for tick, late in enumerate(late_T.tolist(), start=begin)
            ]
        )

    def _controls(self, index: int) -> tuple[list[Camera], list[Pose]]:
        c2w, fov, points = (self.tensors[key][index].numpy() for key in ("c2w", "fov_y_deg", "keypoints"))
        cameras = [Camera(c2w=matrix, fov_y_deg=float(angle)) for matrix, angle in zip(c2w, fov, strict=True)]
        return cameras, [Pose(keypoints=joints) for joints in points]

    def movements(self, index: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """A clip's frames after the first [T - 1, C, R, Q], and what each came from: the frames before them, their
        movement since, and their movement since the clip's first frame; for `Carry.fit`."""
        latents, planes = self.tensors["latents"][index].float(), self.tensors["planes"][index].float()
        latents = torch.cat([self.tensors["stills"][index][:1].float(), latents[1:]])
        memory = self._memory(index, 0, latents, torch.zeros(len(latents), dtype=torch.bool))
        steps = self.config.motion_planes
        return latents[1:], latents[:-1], planes[1:, steps], memory[1:, : steps.stop - steps.start]

    def _batch(
        self, x0: Tensor, planes: Tensor, tokens: Tensor, captions: list[str], device: str, late: Tensor | None = None
    ) -> Batch:
        return Batch(
            x0=x0.float().to(device),
            planes=planes.float().to(device),
            tokens=tokens.to(device),
            captions=captions,
            late=late,
            remembered=self._remembered,
        )

    def _tokens(self, captions: list[str]) -> Tensor:
        return torch.tensor([tokenize(caption, self.config.text) for caption in captions])

    def _tick_of_still(self, index: int, still: int) -> int:
        return still * (len(self.tensors["latents"][index]) - 1) // (_STILLS - 1)

    def _starts(self, index: int, frames: int) -> list[int]:
        """Stills from which `frames` latent frames follow in the clip."""
        clip = len(self.tensors["latents"][index])
        return [j for j in range(_STILLS) if self._tick_of_still(index, j) + frames <= clip] or [0]

    def _from(self, name: str, first: str, index: int, still: int, frames: int) -> Tensor:
        """`frames` latent frames of a clip, the first of them encoded alone, as a stream begins."""
        tick = self._tick_of_still(index, still)
        rest = self.tensors[name][index][tick + 1 : tick + frames]
        return torch.cat([self.tensors[first][index][still][None], rest])

    def _early(self, index: int) -> int:
        """How many of a clip's stills its first caption describes."""
        change = self.wordings[index][0][1]
        if change is None:
            return _STILLS
        return max(sum(self._tick_of_still(index, j) < change[0] for j in range(_STILLS)), 1)

    def long_planes(self, key: tuple[int, str, int], size: int, frames: int, device: str) -> Batch:
        """Controls longer than a clip: each clip's camera and pose played forwards and backwards in turn.

        `x0` holds the true latents of the first pass only: [B, clip, C, R, Q].
        """
        picks = draw(*key).choice(len(self), size, replace=size > len(self)).tolist()
        clip = len(self.tensors["latents"][0])
        order = [abs((i + clip - 1) % (2 * clip - 2) - (clip - 1)) for i in range(frames)]
        planes = torch.stack([self._replay(i, order) for i in picks])
        x0 = torch.stack([self.tensors["latents"][i] for i in picks])
        captions = [self.wordings[i][0][0] for i in picks]
        return self._batch(x0, planes, self._tokens(captions), captions, device)

    def _replay(self, index: int, order: list[int]) -> Tensor:
        cameras, poses = self._controls(index)
        planes: list[Tensor] = []
        previous, before = None, None
        for tick in order:
            camera, pose = cameras[tick], poses[tick]
            at_place = bool(self.tensors["at_place"][index])
            planes.append(
                condition_planes(
                    self.config,
                    previous or camera,
                    camera,
                    pose,
                    before=before or pose,
                    recycled=previous is not None,
                    at_place=at_place,
                )
            )
            previous, before = camera, pose
        return torch.stack(planes)


def _in_latents(later: list[Any] | None) -> tuple[int, str] | None:
    """The same change counted in latent frames."""
    return (-(-int(later[0]) // FRAMES_PER_TICK), str(later[1])) if later else None


def _metadata(path: Path) -> list[dict[str, Any]]:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        clips: list[dict[str, Any]] = json.loads(file.metadata()["clips"])
    return clips


def draw(seed: int, stage: str, step: int) -> np.random.Generator:
    """A generator that depends on (seed, stage, step) alone."""
    return np.random.default_rng([seed, step, *stage.encode()])
