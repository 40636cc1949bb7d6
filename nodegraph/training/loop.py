"""The one training loop: resume, step, log, save. Every stage runs in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from tqdm import tqdm

from nodegraph.generator.checkpoint import Weights, load_weights, save_weights
from nodegraph.training.sharded import agreed, fill, is_first, placed, whole
from nodegraph.training.stages import STATE, Stage

__all__ = ["train"]


def train(stage: Stage, folder: Path, *, minutes: float | None, sheet: Callable[[Weights, Path], None]) -> bool:
    """Train until the stage's steps or the minutes are over; return whether the stage is complete.

    Writes `log.jsonl` (a line every ten steps), `state.safetensors` (everything a resumed run needs), contact sheets,
    and at the end `model.safetensors` with the averaged weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings, device = stage.settings, str(next(stage.weights.parameters()).device)
    # Resume where a run was cut off.
    step = _load(stage, folder)
    deadline = None if minutes is None else time.monotonic() + 60 * minutes
    sums: dict[str, list[Tensor]] = {}
    started, since = time.monotonic(), step
    with tqdm(total=settings.steps, initial=step, desc=settings.stage, unit="step", disable=not is_first()) as bar:
        while step < settings.steps:
            # Train.
            for name, value in stage.step(step).items():
                sums.setdefault(name, []).append(value)
            for name in stage.networks:
                if name in ("vae", "depth", "transformer"):
                    stage.ema.update(stage.networks[name], step)
            step += 1
            bar.update()
            # Log.
            if step % 10 == 0:
                line = {name: round(float(torch.stack(values).mean()), 5) for name, values in sums.items()}
                sums.clear()
                bar.set_postfix({name: line[name] for name in list(line)[:3]})
                speed = (step - since) / (time.monotonic() - started)
                _log(folder, {"step": step, "steps_per_s": round(speed, 3), **line})
            # Save and show.
            over = agreed(deadline is not None and time.monotonic() > deadline, device)
            if step % settings.save_every == 0 or step == settings.steps or over:
                _save(stage, folder, step)
            if step % settings.sheet_every == 0 or step == settings.steps or over:
                _show(stage, sheet, folder / f"sheet-{step:06d}.png")
            if over:
                break
    done = step >= settings.steps
    if done:
        weights = averaged(stage)
        if is_first():
            save_weights(folder, weights, dtype=torch.float32)
    return done


def _log(folder: Path, line: dict[str, float]) -> None:
    if is_first():
        with (folder / "log.jsonl").open("a") as file:
            file.write(json.dumps(line) + "\n")


def _show(stage: Stage, sheet: Callable[[Weights, Path], None], path: Path) -> None:
    shown = averaged(stage)
    if is_first():
        sheet(shown, path)


def averaged(stage: Stage) -> Weights:
    """A copy of the weights with the moving average in place of the trained network."""
    twin = Weights(stage.weights.config)
    twin.load_state_dict({name: whole(value) for name, value in stage.weights.state_dict().items()})
    trained = next(getattr(twin, name) for name in ("vae", "depth", "transformer") if name in stage.networks)
    own = dict(trained.named_parameters())
    with torch.no_grad():
        for name, value in stage.ema.values.items():
            own[name].copy_(whole(value))
    return twin.to(next(stage.weights.parameters()).device).eval()


def _save(stage: Stage, folder: Path, step: int) -> None:
    flat: dict[str, Tensor] = {"step": torch.tensor(step)}
    for name, net in stage.networks.items():
        flat.update({f"net/{name}/{key}": value for key, value in net.state_dict().items()})
    for name, optimizer in stage.optimizers.items():
        flat.update({f"opt/{name}/{key}": value for key, value in optimizer.state().items()})
    flat.update({f"ema//{key}": value for key, value in stage.ema.values.items()})
    flat = {key: whole(value.detach()).cpu().contiguous() for key, value in flat.items()}
    if is_first():
        part = folder / (STATE + ".part")
        save_file(flat, part)
        part.replace(folder / STATE)


def _load(stage: Stage, folder: Path) -> int:
    path = folder / STATE
    if not path.exists():
        return 0
    groups: dict[tuple[str, str], dict[str, Tensor]] = {}
    step = 0
    for key, value in load_file(path).items():
        if key == "step":
            step = int(value)
            continue
        kind, owner, name = key.split("/", 2)
        groups.setdefault((kind, owner), {})[name] = value
    for name, net in stage.networks.items():
        fill(net, groups["net", name])
    for name, optimizer in stage.optimizers.items():
        optimizer.load(groups.get(("opt", name), {}))
    for name, value in groups["ema", ""].items():
        stage.ema.values[name].copy_(placed(value, stage.ema.values[name]))
    return step


def finished(folder: Path) -> Weights | None:
    """Weights of a completed stage, or None."""
    return load_weights(folder) if (folder / "model.safetensors").exists() else None
