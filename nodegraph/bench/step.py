"""How long one latent frame takes, part by part and as a stream, and how near that is to what the device can do."""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nodegraph.bench import probe
from nodegraph.bench.work import Work, count_work, parse_size, sized
from nodegraph.generator.checkpoint import shipped_folder
from nodegraph.generator.config import GeneratorConfig
from nodegraph.generator.fast.decoder import FastDecoder, Ticket
from nodegraph.generator.fast.model import FastModel
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.seeded import seeded_weights
from nodegraph.generator.fast.transformer import FastTransformer
from nodegraph.generator.pool import Model, default_device, fast_dtype, load
from nodegraph.generator.session import Controls
from nodegraph.values import FRAMES_PER_TICK, Prompt

__all__ = ["StepBench", "bench_step", "measure_step", "seeded_model"]

PROMPT = "a robot in a coral city"
_WARM_TICKS = 3
_PART_TICKS = 200
_IN_FLIGHT = 2
"""Ticks given to the device before the oldest must be done, while streaming."""
_FLAT = 100
_GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class StepBench:
    """What is measured. `size` as WxH; None for it and for `window` means the preset's."""

    preset: str
    size: str | None = None
    window: int | None = None
    ticks: int = 60
    device: str | None = None
    plain: bool = False
    """The plain path in place of the fast one."""
    options: FastOptions = field(default_factory=FastOptions)


def bench_step(what: StepBench) -> dict[str, Any]:
    """Measure a preset; see `measure_step` for the keys."""
    device = what.device or default_device()
    config = sized(what.preset, parse_size(what.size), what.window)
    probe.free_memory(device)
    started = time.perf_counter()
    trained = shipped_folder(what.preset) is not None and what.size is None and what.window is None
    model = load(what.preset, device) if trained else seeded_model(config, device)
    if not what.plain:
        model = FastModel(model, what.options)
    probe.settle(device)
    built_s = time.perf_counter() - started
    origin = "trained" if trained else "seeded random: speed and memory are real, the picture is noise"
    return {
        "preset": what.preset,
        "size": f"{model.width}x{model.height}",
        "window": model.config.transformer.window,
        "weights": origin,
        "built_s": round(built_s, 2),
    } | measure_step(model, what.ticks)


def seeded_model(config: GeneratorConfig, device: str) -> Model:
    """A model of any shape with seeded weights, in the precision that the device multiplies fastest."""
    dtype = fast_dtype(device)
    weights = seeded_weights(config, device=device, dtype=dtype)
    return Model(weights, preset=config.name, model_hash=f"seeded-{config.name}-0", device=device, dtype=dtype)


def measure_step(model: Model, ticks: int) -> dict[str, Any]:
    """Times and memory of one model.

    Returns:
        One tick after another, nothing in flight: `step_ms_p50`, `step_ms_p99` (transformer, cache full),
        `step_ms_by_cache` (median by latent frames held), `decode_ms`, `encode_ms` (a first frame), `latency_ms` (from
        the controls to four frames on the host).
        As a stream of `ticks`, decoding overlapped where the device can: `fps`, `tick_ms` (median period),
        `first_100_ms`, `last_100_ms` (medians at both ends).
        `peak_gib` (of torch on a GPU, of the process on a CPU), `flops_per_tick`, `achieved_tflops`; `ceiling_tflops`
        and `ceiling_gb_s` (a large matrix product and a large copy, measured in the same run); `of_floor` (period over
        the time that operations and bytes take at those ceilings; 1 is the floor).
    """
    work = count_work(model.config, weight_bytes=_number_bytes(model), cache_bytes=model.dtype.itemsize)
    parts = _in_turn(model, min(ticks, _PART_TICKS))
    stream = _streamed(model, ticks)
    peak = probe.peak_bytes(model.device)
    return {
        "device": model.device,
        "device_name": probe.device_name(model.device),
        "dtype": str(model.dtype).removeprefix("torch."),
        "path": _path(model),
        "parameters_m": round(work.parameters / 1e6, 2),
        **parts,
        "encode_ms": _encode_ms(model),
        **stream,
        "peak_gib": round(peak / _GIB, 3),
        "cache_gib": round(work.cache_bytes / _GIB, 3),
        **_against_ceilings(model, work, stream["tick_ms"] / 1e3),
    }


def _number_bytes(model: Model) -> float:
    """Bytes of a weight that a step reads."""
    return 1.0 if isinstance(model, FastModel) and model.options.fp8 else float(model.dtype.itemsize)


def _path(model: Model) -> str:
    net = model.weights.transformer
    if not isinstance(net, FastTransformer):
        return "plain"
    chosen = [f"attention {net.attention_name}"]
    chosen += [name for name in ("fp8", "compile") if getattr(net.options, name)]
    if model.device.startswith("cuda"):
        chosen += [name for name in ("kernels", "graphs") if getattr(net.options, name)]
    return "fast: " + ", ".join(chosen)


def _in_turn(model: Model, ticks: int) -> dict[str, Any]:
    session, decoder = model.session(seed=0), model.decoder()
    controls = Controls(prompt=Prompt(text=PROMPT))
    full = model.config.transformer.window + 2
    filling: dict[int, float] = {}
    step_ms, decode_ms, latency_ms = list[float](), list[float](), list[float]()
    for tick in range(full + _WARM_TICKS + ticks):
        start = time.perf_counter()
        latent = session.step(controls)
        probe.settle(model.device)
        middle = time.perf_counter()
        decoder.decode(latent)
        end = time.perf_counter()
        if tick < full:
            filling[tick] = round((middle - start) * 1e3, 2)
        elif tick >= full + _WARM_TICKS:
            step_ms.append((middle - start) * 1e3)
            decode_ms.append((end - middle) * 1e3)
            latency_ms.append((end - start) * 1e3)
    return {
        "step_ms_p50": statistics.median(step_ms),
        "step_ms_p99": sorted(step_ms)[int(0.99 * (len(step_ms) - 1))],
        "step_ms_by_cache": filling,
        "decode_ms": statistics.median(decode_ms),
        "latency_ms": statistics.median(latency_ms),
    }


def _streamed(model: Model, ticks: int) -> dict[str, Any]:
    """Frames as they arrive with `_IN_FLIGHT` ticks given ahead, after the cache has filled."""
    session, decoder = model.session(seed=1), model.decoder()
    controls = Controls(prompt=Prompt(text=PROMPT))
    waiting: list[Ticket] = []
    arrived = list[float]()
    warm = model.config.transformer.window + 2 + _WARM_TICKS
    for _ in range(warm + ticks):
        latent = session.step(controls)
        if isinstance(decoder, FastDecoder):
            waiting.append(decoder.submit(latent))
            if len(waiting) < _IN_FLIGHT:
                continue
            waiting.pop(0).frames()
        else:
            decoder.decode(latent)
        arrived.append(time.perf_counter())
    took_ms = [(b - a) * 1e3 for a, b in itertools.pairwise(arrived)][-ticks:]
    tick_ms = statistics.median(took_ms)
    return {
        "fps": 1e3 * FRAMES_PER_TICK / statistics.mean(took_ms),
        "tick_ms": tick_ms,
        "ticks": ticks,
        "first_100_ms": statistics.median(took_ms[:_FLAT]),
        "last_100_ms": statistics.median(took_ms[-_FLAT:]),
    }


def _against_ceilings(model: Model, work: Work, tick_s: float) -> dict[str, Any]:
    ceiling, bytes_s = probe.matmul_flops_s(model.device, model.dtype), probe.copy_bytes_s(model.device)
    eight_bit = isinstance(model, FastModel) and model.options.fp8
    fp8 = probe.fp8_flops_s(model.device) if eight_bit else None
    found: dict[str, Any] = {
        "flops_per_tick": work.flops_per_tick,
        "attention_share": round(work.attention_flops / work.flops_per_tick, 3),
        "achieved_tflops": work.flops_per_tick / tick_s / 1e12,
        "ceiling_tflops": ceiling / 1e12,
        "ceiling_gb_s": bytes_s / 1e9,
        "of_floor": tick_s / work.floor_s(ceiling, bytes_s, linear_flops_s=fp8),
    }
    return found | ({"ceiling_fp8_tflops": fp8 / 1e12} if fp8 else {})


def _encode_ms(model: Model) -> float:
    """Encoding one picture, as a first frame."""
    picture = np.zeros((1, model.height, model.width, 3), np.uint8)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        model.encode(picture)
        probe.settle(model.device)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)
