"""How long one latent frame takes, part by part."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from nodegraph.generator.pool import Model, load
from nodegraph.generator.session import Controls
from nodegraph.values import FRAMES_PER_TICK, Prompt

__all__ = ["bench_step"]

_WARM_TICKS = 3


def bench_step(preset: str, ticks: int, device: str | None = None) -> dict[str, Any]:
    """Median and 99th percentile milliseconds of the transformer's step, median of decoding and encoding.

    `by_cache` gives the step's median per number of latent frames held in the cache; the others are taken with the
    cache full. `fps` is what step and decoding one after the other would allow.
    """
    model = load(preset, device)
    session, decoder = model.session(seed=0), model.decoder()
    controls = Controls(prompt=Prompt(text="a robot in a coral city"))
    step_ms: list[float] = []
    decode_ms: list[float] = []
    for _ in range(_WARM_TICKS + ticks):
        start = time.perf_counter()
        latent = session.step(controls)
        _settle(model)
        middle = time.perf_counter()
        decoder.decode(latent)
        end = time.perf_counter()
        step_ms.append((middle - start) * 1000)
        decode_ms.append((end - middle) * 1000)
    full = model.config.transformer.window + 1
    steady = step_ms[max(full, _WARM_TICKS) :]
    step, decode = statistics.median(steady), statistics.median(decode_ms[_WARM_TICKS:])
    return {
        "preset": preset,
        "size": f"{model.width}x{model.height}",
        "device": model.device,
        "dtype": str(model.dtype).removeprefix("torch."),
        "parameters_m": round(sum(p.numel() for p in model.weights.parameters()) / 1e6, 2),
        "step_ms_p50": step,
        "step_ms_p99": sorted(steady)[int(0.99 * (len(steady) - 1))],
        "decode_ms": decode,
        "encode_ms": _encode_ms(model),
        "by_cache": {held: round(value, 2) for held, value in enumerate(step_ms[: full + 1])},
        "fps": 1000 * FRAMES_PER_TICK / (step + decode),
    }


def _settle(model: Model) -> None:
    if model.device.startswith("cuda"):
        import torch

        torch.cuda.synchronize()


def _encode_ms(model: Model) -> float:
    """Encoding one picture, as a first frame."""
    picture = np.zeros((1, model.height, model.width, 3), np.uint8)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        model.encode(picture)
        _settle(model)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)
