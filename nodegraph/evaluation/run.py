"""One evaluation from judges to report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from nodegraph.errors import UserInputError
from nodegraph.evaluation.body_parts import motion_part, pose_part
from nodegraph.evaluation.camera_part import camera_part
from nodegraph.evaluation.commands import attribute_lists, worlds_hash
from nodegraph.evaluation.judges import Judges, JudgeSettings, judge_size, judges_for
from nodegraph.evaluation.long_parts import drift_part, switch_part
from nodegraph.evaluation.page import write_page
from nodegraph.evaluation.prompt_part import prompt_part
from nodegraph.evaluation.stage import Bench, Part, Scale
from nodegraph.evaluation.truth import short_clips
from nodegraph.generator.checkpoint import file_hash, load_weights
from nodegraph.generator.pool import Model, default_device, fast_dtype, load
from nodegraph.media.disk import named_disk_errors

__all__ = ["PARTS", "evaluate", "model_of", "write_report"]

PARTS = ("prompt", "camera", "pose", "motion", "drift", "switch")


def model_of(preset: str, weights: Path | None, device: str | None = None) -> Model:
    """The preset's model, or the weights of a folder, such as a stage of a training run."""
    if weights is None:
        return load(preset, device)
    made, device = load_weights(weights), device or default_device()
    model_hash = file_hash(weights / "model.safetensors")
    return Model(made, preset=made.config.name, model_hash=model_hash, device=device, dtype=fast_dtype(device))


def evaluate(
    model: Model,
    *,
    seed: int,
    scale: Scale,
    only: Sequence[str] = PARTS,
    floors: bool = True,
    judges: Judges | None = None,
    judge_settings: JudgeSettings | None = None,
    judge_clips: Path | None = None,
    teacher: Callable[..., Any] | None = None,
    pictures: bool = False,
    told: Callable[[str], None] = lambda _line: None,
) -> tuple[dict[str, Any], dict[str, Part]]:
    """Measure a model. Everything but the times follows from the seed.

    Args:
        model: from `model_of` or `nodegraph.generator.pool.load`.
        seed: of scenes, prompts, paths, motions and noise.
        scale: how much of everything: `QUICK`, `FULL` or `SMALL`.
        only: parts to run, of `PARTS`.
        floors: also render the truth and take it through the autoencoder.
        judges: ready ones; else those of the model's size, from the cache or trained now.
        judge_settings: for that training. judge_clips: rendered shards to train them from.
        teacher: makes sessions of the multi-step teacher from (seed, first latent).
        pictures: streams begin with a picture drawn for their words, as in the default workflow.
        told: called with a line of progress now and then.

    Returns:
        What eval.json holds, and the parts with their pictures.

    Raises:
        UserInputError: an unknown part.
    """
    unknown = [name for name in only if name not in PARTS]
    if unknown:
        raise UserInputError(
            "out_of_range", "There is no part of this name.", got=", ".join(unknown), expected=", ".join(PARTS),
            remedy="Choose from the listed parts.",
        )  # fmt: skip
    size = judge_size(model.width, model.height)
    seconds: dict[str, float] = {}
    clock = time.perf_counter()

    def lap(name: str) -> None:
        nonlocal clock
        now = time.perf_counter()
        seconds[name], clock = round(now - clock, 1), now

    if judges is None:
        told("judges: loading, or training them the first time")
        judges = judges_for(*size, judge_settings, clips=judge_clips)
    lap("judges")
    bench = Bench(
        model=model, judges=judges, size=size, seed=seed, scale=scale, floors=floors, teacher=teacher,
        pictures=pictures, told=told,
    )  # fmt: skip
    parts: dict[str, Part] = {}
    if "prompt" in only:
        parts["prompt"] = prompt_part(bench)
        lap("prompt")
    if {"camera", "pose", "motion"} & set(only):
        camera, pose = short_clips(bench, only)
        lap("short clips")
        if "camera" in only:
            parts["camera"] = camera_part(bench, camera)
        if "pose" in only:
            parts["pose"] = pose_part(bench, pose)
        if "motion" in only and floors:
            parts["motion"] = motion_part(camera + pose)
        lap("camera, pose and motion")
    if "drift" in only:
        parts["drift"] = drift_part(bench)
        lap("drift")
    if "switch" in only:
        parts["switch"] = switch_part(bench)
        lap("switch")
    return _summary(bench, parts, seconds), parts


def _summary(bench: Bench, parts: dict[str, Part], seconds: dict[str, float]) -> dict[str, Any]:
    figures = {figure.key: figure for part in parts.values() for figure in part.figures}
    model = bench.model
    return {
        "schema": 1,
        **{key: figure.value for key, figure in figures.items()},
        "figures": {key: figure.as_dict() for key, figure in figures.items()},
        "detail": {name: part.detail for name, part in parts.items() if part.detail},
        "judges": {"size": list(bench.size), "validation": bench.judges.validation},
        "seed": bench.seed,
        "pictures": bench.pictures,
        "scale": bench.scale.name,
        "model": {
            "preset": model.preset, "hash": model.model_hash, "size": [model.width, model.height],
            "device": model.device, "dtype": str(model.dtype).removeprefix("torch."),
        },
        "worlds": {"hash": worlds_hash(), **{name: list(ids) for name, ids in attribute_lists().items()}},
        "seconds": seconds,
    }  # fmt: skip


def write_report(folder: Path, result: dict[str, Any], parts: dict[str, Part]) -> None:
    """Write eval.json and index.html into a folder."""
    with named_disk_errors():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "eval.json").write_text(json.dumps(result, indent=1, allow_nan=False) + "\n")
        write_page(folder / "index.html", result, parts)
