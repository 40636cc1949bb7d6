"""Ablations at equal compute: what each part of the method is worth, as a table over seeds (after APT2, section 5).

All variants of a seed start from the same adapted weights and then train on the same number of latent frames.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from nodegraph.evaluation.judges import Judges, judge_size, judges_for
from nodegraph.evaluation.page import write_ablations
from nodegraph.evaluation.run import evaluate, model_of
from nodegraph.evaluation.stage import Scale
from nodegraph.generator.checkpoint import load_weights
from nodegraph.generator.config import preset as preset_config
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.media.disk import named_disk_errors
from nodegraph.training.adversarial import AdversarialStage, LongStage
from nodegraph.training.latents import LatentSet
from nodegraph.training.loop import train
from nodegraph.training.run import run_stage
from nodegraph.training.settings import StageSettings, settings_for
from nodegraph.training.stages import FlowStage, gaussian, teacher_inputs
from nodegraph.worlds.captions import vocabulary
from nodegraph.worlds.dataset import render_shard

__all__ = ["COLUMNS", "VARIANTS", "AblationSettings", "Variant", "run_ablations", "without_recycling"]

COLUMNS = ("setting_acc", "light_acc", "motion_ratio", "drift_ratio", "sharpness_kept")
_PER_SHARD = 20
_FIRST_CLIP = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One row: how the share of compute after adaptation is spent."""

    name: str
    forcing: Literal["student", "teacher", "none"] = "student"
    recycling: bool = True
    long_share: float = 0.0
    discriminator: Literal["frame", "clip"] = "frame"


VARIANTS = (
    Variant(name="student forcing (as in the paper)"),
    Variant(name="teacher forcing", forcing="teacher"),
    Variant(name="no recycled input", recycling=False),
    Variant(name="half of it on long videos", long_share=0.5),
    Variant(name="discriminator of whole clips", discriminator="clip"),
    Variant(name="adaptation only", forcing="none"),
)


_SCALE = Scale(
    name="ablation", prompt_clips=9, prompt_ticks=7, camera_per_axis=1, camera_ticks=9, return_clips=1, return_ticks=5,
    pose_clips=3, pose_ticks=9, drift_clips=1, drift_ticks=361, switch_clips=1, switch_before_s=1.0,
    switch_after_s=2.0, vae_clips=1,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AblationSettings:
    """Size of the experiment. `steps` counts updates on clips after adaptation; None keeps the preset's."""

    seeds: int = 3
    clips: int = 120
    frames: int = 25
    vae_steps: int | None = None
    adapt_steps: int | None = None
    steps: int | None = None
    scale: Scale = _SCALE


class TeacherForcedStage(AdversarialStage):
    """The adversarial stage with true past frames in place of the student's own (APT2 section 5.3, ablation)."""

    def step(self, step: int) -> dict[str, Tensor]:
        """One update of the generator, then one of the discriminator."""
        s = self.settings
        key = (self.seed, s.stage, step)
        batch = self.batch(step)
        if batch.x0.shape[1] == 1:
            return self.still_step(step, batch)
        given = self.image_given(step, batch.x0.shape[0])
        recycled, planes = teacher_inputs(batch, given, s.corrupt, key)
        ones = torch.ones(batch.x0.shape[0], device=self.device)
        z = gaussian(key, batch.x0.shape, self.device)
        fake = self.forward(z, recycled, planes, batch.tokens, ones, late_BT=batch.late).float()
        logs = self._update_generator(step, fake, batch, given.to(fake))
        return logs | self._update_discriminator(step, fake.detach(), batch.x0, batch, key)


def without_recycling(net: APT2Transformer) -> None:
    """Make a network see zeros where the recycled frame would be, in training and while it streams."""
    whole = net.enter

    def enter(z: Tensor, recycled: Tensor, condition: Tensor, shared_B6D: Tensor) -> Any:
        return whole(z, torch.zeros_like(recycled), condition, shared_B6D)

    net.__dict__["enter"] = enter


def run_ablations(
    preset: str,
    out: Path,
    settings: AblationSettings,
    *,
    seed: int = 0,
    device: str = "cpu",
    variants: tuple[Variant, ...] = VARIANTS,
    judges: Judges | None = None,
    told: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Train and measure every variant; what is finished in `out` is not done again.

    Returns:
        What ablations.json holds: for each variant the figures of every seed, their mean and deviation.
    """
    config = preset_config(preset)
    data = _render(out / "data", config.width, config.height, settings, seed, told)
    words = vocabulary()
    base = out / "base"
    for stage, steps in (("vae", settings.vae_steps), ("depth", None), ("encode", None)):
        if stage == "encode" or not (base / stage / "model.safetensors").exists():
            told(f"base: {stage}")
            changed: dict[str, object] = {"steps": steps} if steps else {}
            run_stage(preset, stage, base, data=data, vocabulary=words, seed=seed, device=device, overrides=changed)
    if judges is None:
        told("judges")
        judges = judges_for(*judge_size(config.width, config.height))
    rows: dict[str, list[dict[str, float]]] = {variant.name: [] for variant in variants}
    for number in range(settings.seeds):
        for variant in variants:
            told(f"seed {number}: {variant.name}")
            folder = out / f"seed-{number}"
            seconds = time.perf_counter()
            trained = _train(preset, variant, settings, base, folder, seed=seed + number, device=device)
            kept = trained / f"ablation-{settings.scale.name}.json"
            if not kept.exists():
                seconds = time.perf_counter() - seconds
                found = _measure(trained, variant, settings, judges, seed, device) | {"seconds": seconds}
                part = kept.with_suffix(".part")
                part.write_text(json.dumps(found) + "\n")
                part.replace(kept)
            rows[variant.name].append(json.loads(kept.read_text()))
    result = {
        "schema": 1, "preset": preset, "seed": seed, "seeds": settings.seeds, "clips": settings.clips,
        "columns": list(COLUMNS),
        "rows": {name: {"seeds": found, **_spread(found)} for name, found in rows.items()},
    }  # fmt: skip
    with named_disk_errors():
        (out / "ablations.json").write_text(json.dumps(result, indent=1) + "\n")
        write_ablations(out / "index.html", result)
    return result


def _render(
    folder: Path, width: int, height: int, settings: AblationSettings, seed: int, told: Callable[[str], None]
) -> Path:
    for number, first in enumerate(range(0, settings.clips, _PER_SHARD)):
        told(f"clips from {first} of {settings.clips}")
        seeds = [_FIRST_CLIP + seed * 10_000 + i for i in range(first, min(first + _PER_SHARD, settings.clips))]
        path = folder / f"shard-{number:05d}.npz"
        render_shard(path, seeds=seeds, frames=settings.frames, width=width, height=height)
    return folder


def _train(
    preset: str, variant: Variant, settings: AblationSettings, base: Path, seed_folder: Path, *, seed: int, device: str
) -> Path:
    """Adapt, unless another variant has, then spend the variant's share; return the folder of the weights."""

    def numbers(stage: str, steps: int | None, **changed: Any) -> StageSettings:
        own = settings_for(preset, stage)
        return replace(own, steps=steps or own.steps, **changed)

    adapted = seed_folder / ("adapt" if variant.recycling else "adapt-without-recycling")
    folder = seed_folder / "-".join(re.findall(r"[a-z]+", variant.name.lower()))

    def fit(target: Path, chosen: StageSettings, start: Path, kind: str) -> Path:
        if (target / "model.safetensors").exists():
            return target
        weights = load_weights(start).to(device)
        latents = LatentSet(base / "latents", weights)
        if kind == "flow":
            built: FlowStage | AdversarialStage = FlowStage(weights, chosen, latents, seed=seed, device=device)
        else:
            stage = {"student": AdversarialStage, "teacher": TeacherForcedStage, "long": LongStage}[kind]
            built = stage(weights, chosen, latents, adapted=adapted, seed=seed, device=device)
            if kind == "long":
                built.take_judge(start)
        if not variant.recycling:
            without_recycling(weights.transformer)
            if isinstance(built, AdversarialStage):
                without_recycling(built.student.current())
        train(built, target, minutes=None, sheet=lambda _weights, _path: None)
        return target

    fit(adapted, numbers("adapt", settings.adapt_steps), base / "depth", "flow")
    after = numbers("adversarial", settings.steps, discriminator=variant.discriminator)
    if variant.forcing == "none":
        return fit(folder / "adapt", numbers("adapt", after.steps), adapted, "flow")
    short = max(1, round(after.steps * (1 - variant.long_share)))
    trained = fit(folder / "adversarial", replace(after, steps=short), adapted, variant.forcing)
    if not variant.long_share:
        return trained
    long = numbers("long", None, discriminator=variant.discriminator)
    # Equal compute: as many latent frames as the clips would have had.
    frames = (after.steps - short) * after.batch_clips * after.clip_latents
    steps = max(1, round(frames / (long.batch_clips * long.segments * long.segment_latents)))
    return fit(folder / "long", replace(long, steps=steps), trained, "long")


def _measure(
    trained: Path, variant: Variant, settings: AblationSettings, judges: Judges, seed: int, device: str
) -> dict[str, float]:
    model = model_of("", trained, device)
    if not variant.recycling:
        without_recycling(model.weights.transformer)
    only = ("prompt", "motion", "drift")
    result, _ = evaluate(model, seed=seed, scale=settings.scale, only=only, judges=judges)
    kept = result["detail"]["drift"]["drift"]["worst"]["sharpness"]
    found = {name: result[name] for name in COLUMNS if name in result} | {"sharpness_kept": kept}
    return {name: float(value) for name, value in found.items()}


def _spread(found: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    table = {name: np.array([one[name] for one in found]) for name in (*COLUMNS, "seconds")}
    return {
        "mean": {name: float(values.mean()) for name, values in table.items()},
        "deviation": {name: float(values.std(ddof=1)) if len(values) > 1 else 0.0 for name, values in table.items()},
    }
