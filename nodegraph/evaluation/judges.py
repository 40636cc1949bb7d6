"""Training, keeping and using the judges. They are kept in the user's cache folder by the worlds they know."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from nodegraph.evaluation.commands import AXES, attribute_lists, clips_hash, worlds_hash
from nodegraph.evaluation.egomotion import COLUMNS, ROWS, EgomotionJudge, both_ways, turned
from nodegraph.evaluation.examples import PAIRS, VIEWS, Examples, read_examples, render_examples
from nodegraph.evaluation.flow import cell_flow
from nodegraph.evaluation.look import LookJudge, as_input, look_loss, soften
from nodegraph.evaluation.pck import pck
from nodegraph.evaluation.statistics import correlation

__all__ = ["JudgeSettings", "Judges", "judge_size", "judges_for"]

_WIDEST = 160
_RECIPE = 1
_FURTHER = (3.0, 1.8, 1.8, 0.03)
"""Deviation of further pan, tilt, roll (degrees) and zoom while the motion judge learns."""
_NOISE = 7e-4
"""Deviation of noise on the flow, of the picture's height."""


@dataclass(frozen=True, kw_only=True)
class JudgeSettings:
    """How much a judge learns from: scenes (three views each), of which a share is kept for validation."""

    scenes: int = 900
    held_out: int = 100
    look_steps: int = 400
    motion_steps: int = 3000
    batch: int = 32
    seed: int = 0
    workers: int = 2


def judge_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which pictures are judged: the model's own, or 160 wide where that is more."""
    if width <= _WIDEST:
        return width, height
    return _WIDEST, round(height * _WIDEST / width / 2) * 2


class Judges:
    """The two judges and what they are worth: `validation` holds their figures on renderings they never saw."""

    def __init__(self, look: LookJudge, motion: EgomotionJudge, validation: dict[str, Any]) -> None:
        self.look, self.motion, self.validation = look.eval(), motion.eval(), validation

    @torch.no_grad()
    def camera(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Motion between successive pictures [T, H, W, 3]: [T - 1, 7] in the order of `AXES`."""
        frames = torch.from_numpy(pictures)
        return np.asarray(self.motion.motion(frames[:-1], frames[1:]).double().numpy())

    def see(self, pictures: NDArray[np.uint8]) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]:
        """Probabilities [T, ids] per attribute and keypoints [T, 17, 2] as fractions of the picture."""
        seen = self.look.look(torch.from_numpy(pictures))
        shares = {name: np.asarray(share.double().numpy()) for name, share in seen.shares.items()}
        return shares, np.asarray(seen.points.double().numpy())

    def features(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """What the look judge sees before it names anything, [T, D]."""
        return np.asarray(self.look.look(torch.from_numpy(pictures)).features.double().numpy())


def cache_folder() -> Path:
    """Where judges are kept between evaluations: $XDG_CACHE_HOME or ~/.cache, then nodegraph/judges."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nodegraph" / "judges"


def judges_for(
    width: int,
    height: int,
    settings: JudgeSettings | None = None,
    *,
    folder: Path | None = None,
    clips: Path | None = None,
) -> Judges:
    """Judges for pictures of this size (see `judge_size`), trained now unless they are kept from an earlier time.

    Args:
        width, height: of the pictures to judge.
        settings: how much they learn.
        folder: where they are kept; by default the user's cache.
        clips: rendered shards to learn from; by default scenes are rendered for them.
    """
    settings = settings or JudgeSettings()
    source = clips_hash(clips) if clips else worlds_hash()
    scale = f"{settings.scenes}-{settings.look_steps}-{settings.seed}"
    path = (folder or cache_folder()) / f"{width}x{height}-{source}-{scale}-r{_RECIPE}.safetensors"
    if path.exists():
        return _load(path)
    judges = _train(width, height, settings, clips)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    tensors = {f"look.{name}": value.contiguous() for name, value in judges.look.state_dict().items()}
    tensors |= {f"motion.{name}": value.contiguous() for name, value in judges.motion.state_dict().items()}
    save_file(tensors, part, metadata={"validation": json.dumps(judges.validation)})
    part.replace(path)
    return judges


def _load(path: Path) -> Judges:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as file:
        validation = json.loads(file.metadata()["validation"])
    groups: dict[str, dict[str, Tensor]] = {"look": {}, "motion": {}}
    for name, value in load_file(path).items():
        group, _, rest = name.partition(".")
        groups[group][rest] = value
    look, motion = LookJudge({name: len(ids) for name, ids in attribute_lists().items()}), EgomotionJudge()
    look.load_state_dict(groups["look"])
    motion.load_state_dict(groups["motion"])
    return Judges(look, motion, validation)


def _train(width: int, height: int, settings: JudgeSettings, clips: Path | None) -> Judges:
    if clips:
        examples = read_examples(clips, settings.scenes, width, height, seed=settings.seed)
    else:
        examples = render_examples(settings.scenes, width, height, seed=settings.seed, workers=settings.workers)
    learn, check = examples.part(slice(settings.held_out, None)), examples.part(slice(0, settings.held_out))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(settings.seed)
        look, motion = _train_look(learn, settings), _train_motion(learn, settings)
    return Judges(look, motion, _validate(look, motion, check))


def _train_look(learn: Examples, settings: JudgeSettings) -> LookJudge:
    lists = attribute_lists()
    judge = LookJudge({name: len(lists[name]) for name in learn.labels})
    pictures = torch.from_numpy(learn.pictures).flatten(0, 1)
    labels = {name: torch.from_numpy(index).repeat_interleave(VIEWS) for name, index in learn.labels.items()}
    points = torch.from_numpy(learn.points).float().flatten(0, 1)
    seen = torch.from_numpy(learn.seen).float().flatten(0, 1)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=3e-3, weight_decay=0.02)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=settings.look_steps, pct_start=0.15)
    generator = torch.Generator().manual_seed(settings.seed)
    for _ in range(settings.look_steps):
        picks = torch.randint(len(pictures), (settings.batch,), generator=generator)
        shown = soften(as_input(pictures[picks]), generator)
        losses = look_loss(judge, shown, {k: v[picks] for k, v in labels.items()}, points[picks], seen[picks])
        optimizer.zero_grad(set_to_none=True)
        torch.stack(list(losses.values())).sum().backward()
        optimizer.step()
        rate.step()
    return judge


def _pair_cells(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Flow cells of all pairs of views, forwards and backwards: each [N * pairs, 3, ROWS, COLUMNS]."""
    first, second = ([pair[i] for pair in PAIRS] for i in (0, 1))
    a, b = pictures[:, first].flatten(0, 1), pictures[:, second].flatten(0, 1)
    chunks = list(zip(a.split(64), b.split(64), strict=True))
    forwards = torch.cat([cell_flow(x, y, ROWS, COLUMNS) for x, y in chunks])
    return forwards, torch.cat([cell_flow(y, x, ROWS, COLUMNS) for x, y in chunks])


def _train_motion(learn: Examples, settings: JudgeSettings) -> EgomotionJudge:
    lenses = torch.from_numpy(learn.fov_y_deg).float()
    cells, motion, fov = both_ways(
        *_pair_cells(torch.from_numpy(learn.pictures)),
        torch.from_numpy(learn.motion).float().flatten(0, 1),
        torch.stack([lenses[:, list(pair)] for pair in PAIRS], dim=1).flatten(0, 1),
    )
    aspect = learn.pictures.shape[3] / learn.pictures.shape[2]
    generator = torch.Generator().manual_seed(settings.seed + 1)

    def batch(size: int) -> tuple[Tensor, Tensor]:
        picks = torch.randint(len(cells), (size,), generator=generator)
        # Some turn further, on one axis or on all; translation is known from the pictures alone.
        extra = torch.randn(size, 4, generator=generator) * torch.tensor(_FURTHER)
        extra = extra * (torch.rand(size, 4, generator=generator) < 0.5)
        x, y = turned(cells[picks], motion[picks], fov[picks], extra, aspect)
        noise = _NOISE * torch.randn(x[:, :2].shape, generator=generator)
        return torch.cat([x[:, :2] + noise, x[:, 2:]], dim=1), y

    judge = EgomotionJudge()
    judge.fit_scales(*batch(4000))
    optimizer = torch.optim.AdamW(judge.parameters(), lr=2e-3, weight_decay=0.1)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=settings.motion_steps, pct_start=0.1)
    for _ in range(settings.motion_steps):
        x, y = batch(128)
        loss = torch.nn.functional.smooth_l1_loss(judge(x), y / judge.scale, beta=0.3)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        rate.step()
    return judge


def _validate(look: LookJudge, motion: EgomotionJudge, check: Examples) -> dict[str, Any]:
    """Figures on renderings that were kept back."""
    judges = Judges(look, motion, {})
    shares, points = judges.see(check.pictures.reshape(-1, *check.pictures.shape[2:]))
    out: dict[str, Any] = {
        f"{name}_acc": float((shares[name].argmax(1) == np.repeat(index, VIEWS)).mean())
        for name, index in check.labels.items()
    }
    flat_points, flat_seen = check.points.reshape(-1, 17, 2), check.seen.reshape(-1, 17)
    aspect = check.pictures.shape[3] / check.pictures.shape[2]
    out["pose_pck"] = pck(points, flat_points, flat_seen, aspect).share
    cells, _ = _pair_cells(torch.from_numpy(check.pictures))
    with torch.no_grad():
        made = (motion(cells) * motion.scale).double().numpy()
    true = check.motion.reshape(-1, len(AXES))
    out["camera_corr"] = {axis: correlation(made[:, i], true[:, i]) for i, axis in enumerate(AXES)}
    out["scenes"] = len(check.pictures)
    return out
