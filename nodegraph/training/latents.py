"""Batches of encoded clips.

They depend only on (seed, stage, step), so a resumed run sees the same data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch import Tensor

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.control import condition_planes
from nodegraph.generator.text import tokenize
from nodegraph.training.data import MEMORY_STILLS, STILLS, Wording, shard_paths
from nodegraph.values import FRAMES_PER_TICK, Camera, Pose

__all__ = ["Batch", "LatentSet", "draw"]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Training clips: x0 [B, T, C, R, Q], planes [B, T, U, R, Q], captions.

    tokens: [B, L], or [B, 2, L] with `late` [B, T]: the frames under the second prompt.
    remembered: the planes that show the scene memory, which starts with the clip's first frame.
    """

    x0: Tensor
    planes: Tensor
    tokens: Tensor
    captions: list[str]
    late: Tensor | None = None
    remembered: slice = field(default_factory=lambda: slice(0, 0))

    def remembering(self, kept_B: Tensor) -> Tensor:
        """Planes with no scene memory in clips that are not `kept`: those do not start from an image."""
        planes = self.planes.clone()
        planes[:, :, self.remembered] *= kept_B.to(planes)[:, None, None, None, None]
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
                self.tensors["memory"][i][MEMORY_STILLS.index(j), begin : begin + frames]
                for i, j, begin in zip(picks, starts, begins, strict=True)
            ]
            planes = self._inserted(planes, torch.stack(memory))
        return self._batch(x0, planes, tokens, captions, device, late.to(device))

    @property
    def _remembered(self) -> slice:
        return slice(self.config.memory_planes.start, self.config.memory_latent.stop)

    def _inserted(self, planes: Tensor, memory: Tensor | None = None) -> Tensor:
        """Stored planes [..., U, R, Q] with those of the scene memory among them."""
        start, stop = self._remembered.start, self._remembered.stop
        if memory is None:
            memory = planes.new_zeros(*planes.shape[:-3], stop - start, *planes.shape[-2:])
        return torch.cat([planes[..., :start, :, :], memory.to(planes), planes[..., start:, :, :]], dim=-3)

    def controls(self, index: int) -> tuple[list[Camera], list[Pose]]:
        """Camera and pose of every latent frame of a clip."""
        c2w, fov, points = (self.tensors[key][index].numpy() for key in ("c2w", "fov_y_deg", "keypoints"))
        cameras = [Camera(c2w=matrix, fov_y_deg=float(angle)) for matrix, angle in zip(c2w, fov, strict=True)]
        return cameras, [Pose(keypoints=joints) for joints in points]

    def words(self, index: int, tick: int) -> str:
        """What a clip's first wording says at a latent frame."""
        first, later = self.wordings[index][0]
        return later[1] if later is not None and tick >= later[0] else first

    def movements(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        """A clip's frames after the first [T - 1, C, R, Q], the frames before them and their movement since; for
        `Carry.fit`."""
        latents, planes = self.tensors["latents"][index].float(), self.tensors["planes"][index].float()
        latents = torch.cat([self.tensors["stills"][index][:1].float(), latents[1:]])
        return latents[1:], latents[:-1], planes[1:, self.config.motion_planes]

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
        return still * (len(self.tensors["latents"][index]) - 1) // (STILLS - 1)

    def _starts(self, index: int, frames: int) -> list[int]:
        """Stills from which `frames` latent frames follow in the clip."""
        clip = len(self.tensors["latents"][index])
        stills = MEMORY_STILLS if self.config.transformer.carry else range(STILLS)
        return [j for j in stills if self._tick_of_still(index, j) + frames <= clip] or [0]

    def _from(self, name: str, first: str, index: int, still: int, frames: int) -> Tensor:
        """`frames` latent frames of a clip, the first of them encoded alone, as a stream begins."""
        tick = self._tick_of_still(index, still)
        rest = self.tensors[name][index][tick + 1 : tick + frames]
        return torch.cat([self.tensors[first][index][still][None], rest])

    def _early(self, index: int) -> int:
        """How many of a clip's stills its first caption describes."""
        change = self.wordings[index][0][1]
        if change is None:
            return STILLS
        return max(sum(self._tick_of_still(index, j) < change[0] for j in range(STILLS)), 1)

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
        cameras, poses = self.controls(index)
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
    with safe_open(path, framework="pt") as file:
        clips: list[dict[str, Any]] = json.loads(file.metadata()["clips"])
    return clips


def draw(seed: int, stage: str, step: int) -> np.random.Generator:
    """A generator that depends on (seed, stage, step) alone."""
    return np.random.default_rng([seed, step, *stage.encode()])
