"""Runs stages in order on a folder: data/ (rendered clips), latents/, and one folder a stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights, load_weights, save_weights
from nodegraph.generator.config import preset as preset_config
from nodegraph.generator.vae import VAE
from nodegraph.training.adversarial import AdversarialStage, LongStage
from nodegraph.training.data import encode_folder, read_shard, shard_paths
from nodegraph.training.depth import DepthStage, depth_sheet, fit_quick, has_distances
from nodegraph.training.latents import LatentSet
from nodegraph.training.loop import averaged, train
from nodegraph.training.progress import HELD_OUT, HeldOut, measure, record, recorded
from nodegraph.training.settings import STAGES, StageSettings, settings_for
from nodegraph.training.sharded import alone, join, own_seed
from nodegraph.training.sheet import model_sheet, vae_sheet
from nodegraph.training.stages import ConsistencyStage, FlowStage, Stage, VAEStage

__all__ = ["export", "run_stage"]

_BEFORE = dict(zip(STAGES[1:], STAGES[:-1], strict=True)) | {"diffusion": "depth"}


def run_stage(
    preset: str,
    stage: str,
    folder: Path,
    *,
    data: Path,
    vocabulary: tuple[str, ...],
    seed: int = 0,
    minutes: float | None = None,
    device: str = "cpu",
    start: Path | None = None,
    overrides: dict[str, object] | None = None,
) -> bool:
    """Run or resume one stage; return whether it is complete.

    Args:
        preset: shape and settings.
        stage: one of `STAGES`.
        folder: the training run; stages are its subfolders.
        data: rendered shards; with held-out ones in a subfolder, the stage is measured before and after.
        vocabulary: words the model shall know; fixed by the first stage.
        seed: of data order, noise and first weights.
        minutes: stop and save after this long.
        device: torch device.
        start: weights to start from in place of the previous stage's.
        overrides: settings to change, by name.
    """
    device = join(device)
    if stage == "encode":
        weights = _previous(folder, stage, start).to(device)
        if device.startswith("cuda"):
            weights = weights.to(torch.bfloat16)
        encode_folder(weights, data, folder / "latents", device=device)
        if HeldOut(data, folder / "latents", device).exists("vae"):
            encode_folder(weights, data / HELD_OUT, folder / "latents" / HELD_OUT, device=device, mirror=False)
        return True
    settings = replace(settings_for(preset, stage), **(overrides or {}))  # type: ignore[arg-type]
    if stage == "vae":
        config = preset_config(preset)
        torch.manual_seed(seed)
        weights = Weights(replace(config, text=replace(config.text, vocabulary=vocabulary)))
        if start is not None:
            weights.vae.load_state_dict(load_weights(start).vae.state_dict())
        return _train_vae(
            weights.to(device), settings, folder, data, seed=seed, minutes=minutes, device=device, start=start
        )
    weights = _previous(folder, stage, start).to(device)
    if stage == "depth":
        return _train_depth(weights, settings, folder, data, seed=seed, minutes=minutes, device=device)
    if stage == "decoder":
        return _train_vae(weights, settings, folder, data, seed=seed, minutes=minutes, device=device)
    latents = LatentSet(folder / "latents", weights)
    built = _build(stage, weights, settings, latents, folder, seed=own_seed(seed), device=device)
    return _measured(
        built,
        folder / stage,
        HeldOut(data, folder / "latents", device),
        minutes=minutes,
        sheet=lambda made, path: model_sheet(made, latents, path, device=device),
    )


def _measured(
    stage: Stage, target: Path, held_out: HeldOut, *, minutes: float | None, sheet: Callable[[Weights, Path], None]
) -> bool:
    """Train a stage; measure it before its first step and after its last, where there are clips to measure on."""
    measured = alone() and held_out.exists(stage.settings.stage)
    if measured and "before" not in recorded(target):
        record(target, "before", measure(stage, averaged(stage), held_out))
    done = train(stage, target, minutes=minutes, sheet=sheet)
    if measured and done and "after" not in recorded(target):
        record(target, "after", measure(stage, averaged(stage), held_out))
    return done


def _build(
    stage: str, weights: Weights, settings: StageSettings, latents: LatentSet, folder: Path, *, seed: int, device: str
) -> Stage:
    if stage in ("diffusion", "adapt"):
        return FlowStage(weights, settings, latents, seed=seed, device=device)
    if stage == "consistency":
        return ConsistencyStage(weights, settings, latents, seed=seed, device=device)
    if stage == "adversarial":
        return AdversarialStage(weights, settings, latents, adapted=folder / "adapt", seed=seed, device=device)
    long = LongStage(weights, settings, latents, adapted=folder / "adapt", seed=seed, device=device)
    long.take_judge(folder / "adversarial")
    return long


def _previous(folder: Path, stage: str, start: Path | None) -> Weights:
    source = start or folder / _BEFORE[stage]
    if not (source / "model.safetensors").exists():
        raise NodegraphError(
            "not_found",
            f"The stage {stage!r} starts from weights that are not there.",
            expected=f"{source.name}/model.safetensors in {folder.name}",
            remedy=f"Finish the stage {source.name!r} first.",
        )
    return load_weights(source)


def _train_vae(
    weights: Weights,
    settings: StageSettings,
    folder: Path,
    data: Path,
    *,
    seed: int,
    minutes: float | None,
    device: str,
    start: Path | None = None,
) -> bool:
    target = folder / settings.stage
    sample = read_shard(shard_paths(data, "*.npz")[0])[0].video
    built = VAEStage(weights, settings, data, seed=seed, device=device, fitted=start is not None)
    done = _measured(
        built,
        target,
        HeldOut(data, folder / "latents", device),
        minutes=minutes,
        sheet=lambda made, path: vae_sheet(made, sample, path, device=device),
    )
    if done and settings.stage == "vae":
        _measure_latents(target, data, device)
    return done


def _train_depth(
    weights: Weights,
    settings: StageSettings,
    folder: Path,
    data: Path,
    *,
    seed: int,
    minutes: float | None,
    device: str,
) -> bool:
    """Distances, for models that remember views. Without these, or without rendered clips, the weights pass as they
    are: the scene is then taken for bare ground."""
    target = folder / settings.stage
    if weights.quick is not None and not weights.quick.fitted:
        fit_quick(weights, data, device)
    if weights.depth is None or not has_distances(data):
        save_weights(target, weights.cpu(), dtype=torch.float32)
        return True
    built = DepthStage(weights, settings, data, seed=seed, device=device)
    held_out = HeldOut(data, folder / "latents", device)
    return _measured(built, target, held_out, minutes=minutes, sheet=lambda made, path: depth_sheet(made, built, path))


@torch.inference_mode()
def _measure_latents(folder: Path, data: Path, device: str) -> None:
    """Store the latents' mean and deviation per channel, so that normalised latents have no mean and small deviations.

    Channels that carry fine detail are left smaller than those that carry colour and large forms (as the square root
    of what each adds to the picture): noise then hides detail first, and a small model learns the large forms first.
    """
    from nodegraph.generator.session import frames_to_video

    weights = load_weights(folder).to(device)
    clips = [clip for path in shard_paths(data, "*.npz")[:4] for clip in read_shard(path)[:25]]
    means = [weights.vae.moments(frames_to_video(clip.video).to(device))[0][0].cpu() for clip in clips]
    flat = torch.cat([m.transpose(0, 1).flatten(1) for m in means], dim=1)
    weights.vae.latent_mean.copy_(flat.mean(1))
    deviation = flat.std(1)
    weights.vae.latent_std.copy_(deviation / _visibility(weights.vae, deviation))
    save_weights(folder, weights.cpu(), dtype=torch.float32)


def _visibility(vae: VAE, deviation: Tensor) -> Tensor:
    """How much of the picture each latent channel makes, as a factor up to 1."""
    if vae.linear is None:
        return torch.ones_like(deviation)
    spread = vae.linear.leave.weight.norm(dim=0) * deviation
    return (spread / spread.max()).sqrt()


def export(folder: Path, stage: str, target: Path) -> str:
    """Write a stage's weights in bf16 to where the package ships them; return their hash."""
    weights = load_weights(folder / stage)
    return save_weights(target, weights)
