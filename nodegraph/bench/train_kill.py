"""Kill a training (-9) at random moments, resume it, and compare its weights with an unbroken one's, bit for bit.

Each training is `nodegraph train` in a process of its own, on the debug model and a few clips of plain squares.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nodegraph.errors import NodegraphError

__all__ = ["STAGES", "bench_train_kill"]

STAGES = ("adapt", "adversarial")
_CLIPS, _FRAMES, _WIDTH, _HEIGHT = 6, 21, 64, 48
_BASE_STEPS = 3
_SAVE_EVERY = 2
_STEPS_PER_KILL = 8
_MOST_SAVES = 3
"""A training is killed within so many saves after the first that it makes, so each attempt gets somewhat further."""
_TIMEOUT_S = 3600.0
_POLL_S = 0.01


def bench_train_kill(
    times: int = 5, seed: int = 0, *, stages: tuple[str, ...] = STAGES, told: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train each stage unbroken, and again with `times` kills.

    Returns:
        times; stages; kills: how many really struck; equal: stages whose weights are the same, bit for bit; seconds.

    Raises:
        NodegraphError: a training failed.
    """
    rng, began = random.Random(seed), time.perf_counter()
    kills, equal = {}, {}
    with tempfile.TemporaryDirectory(prefix="nodegraph-train-kill-") as name:
        base = Path(name) / "base"
        _write_clips(base / "data" / "shard-00000.npz", np.random.default_rng(seed))
        for stage in ("vae", "depth", "encode", "diffusion", "adapt"):
            told(f"base: {stage}")
            _finish(_start(stage, base, _BASE_STEPS))
        for stage in stages:
            source = base / {"adapt": "diffusion"}.get(stage, "adapt")
            steps = _STEPS_PER_KILL * (times + 1)
            whole, broken = (Path(name) / f"{stage}-{kind}" for kind in ("whole", "broken"))
            for folder in (whole, broken):
                shutil.copytree(base, folder)
                shutil.rmtree(folder / stage, ignore_errors=True)
            told(f"{stage}: unbroken")
            _finish(_start(stage, whole, steps, source))
            per_save_s = _seconds_per_save(whole / stage)
            kills[stage] = 0
            for number in range(times):
                training = _start(stage, broken, steps, source)
                kills[stage] += _kill_soon(training, broken / stage, per_save_s, rng)
                told(f"{stage}: kill {number + 1} of {times}")
            _finish(_start(stage, broken, steps, source))
            equal[stage] = _hash(whole / stage) == _hash(broken / stage)
    return {
        "times": times,
        "stages": list(stages),
        "kills": sum(kills.values()),
        "equal": sum(equal.values()),
        "differing": [stage for stage in stages if not equal[stage]],
        "seconds": round(time.perf_counter() - began, 1),
    }


def _start(stage: str, folder: Path, steps: int, source: Path | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "nodegraph", "train", stage, "--preset", "debug", "--out", str(folder)]
    command += ["--device", "cpu", "--set", f"steps={steps}", "--set", f"save_every={_SAVE_EVERY}"]
    command += ["--start", str(source)] if source else []
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)  # noqa: S603 - our own command


def _finish(training: subprocess.Popen[bytes]) -> None:
    _, errors = training.communicate(timeout=_TIMEOUT_S)
    if training.returncode:
        raise NodegraphError(
            "node_failed", "A training of the bench failed.", got=errors.decode(errors="replace")[-300:].strip()
        )


def _kill_soon(training: subprocess.Popen[bytes], folder: Path, per_save_s: float, rng: random.Random) -> bool:
    """Kill it at a random moment after its next save; False where it was over before."""
    before, deadline = _saved_at(folder), time.monotonic() + _TIMEOUT_S
    while _saved_at(folder) == before and training.poll() is None and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    with contextlib.suppress(subprocess.TimeoutExpired):
        training.wait(rng.uniform(0, _MOST_SAVES * per_save_s))
    struck = training.poll() is None
    training.kill()
    training.communicate()
    return struck


def _saved_at(folder: Path) -> int:
    try:
        return (folder / "state.safetensors").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _seconds_per_save(folder: Path) -> float:
    last = json.loads((folder / "log.jsonl").read_text().splitlines()[-1])
    return _SAVE_EVERY / max(float(last["steps_per_s"]), 1e-3)


def _hash(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def _write_clips(path: Path, rng: np.random.Generator) -> None:
    """A shard as `nodegraph.worlds.dataset` writes them: squares that slide over a plain ground; camera and body
    stand."""
    video = np.zeros((_CLIPS, _FRAMES, _HEIGHT, _WIDTH, 3), np.uint8)
    for clip in video:
        clip[:] = ground = rng.integers(0, 255, 3)
        for t, frame in enumerate(clip):
            frame[12:30, 2 * t : 2 * t + 14] = 255 - ground
    c2w = np.tile(np.eye(4, dtype=np.float32), (_CLIPS, _FRAMES, 1, 1))
    c2w[..., 2, 3] = 5.0
    texts = {"captions": ["a robot walks"] * _CLIPS, "attributes": [{}] * _CLIPS}
    arrays: dict[str, NDArray[Any]] = {
        "video": video,
        "c2w": c2w,
        "fov_y_deg": np.full((_CLIPS, _FRAMES), 55, np.float32),
        "keypoints": np.repeat(rng.normal(size=(_CLIPS, 1, 17, 3)), _FRAMES, axis=1).astype(np.float32),
        **{name: np.frombuffer(json.dumps(value).encode(), np.uint8) for name, value in texts.items()},
    }
    path.parent.mkdir(parents=True)
    np.savez(path, allow_pickle=False, **arrays)
