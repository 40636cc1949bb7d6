"""What a preset will need and how fast it will be, before it is loaded.

On a device at hand a model of the same shape with at most three blocks is timed for a moment and drawn out to all its
blocks; where even that would take long, with fewer rows, scaled by counted operations. A device named from the table
is judged by its data sheet and assumed efficiencies, and the answer says so.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch

from nodegraph.bench import probe
from nodegraph.bench.devices import DEVICES, DeviceSheet
from nodegraph.bench.work import Work, count_work
from nodegraph.errors import NodegraphError
from nodegraph.generator.config import SPACE_FACTOR, GeneratorConfig
from nodegraph.generator.fast.decoder import FastDecoder
from nodegraph.generator.fast.model import FastSession
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.seeded import seeded_weights
from nodegraph.generator.fast.transformer import accelerate
from nodegraph.generator.pool import default_device, fast_dtype
from nodegraph.generator.session import Controls
from nodegraph.values import FRAMES_PER_TICK, Prompt

__all__ = ["Estimate", "estimate"]

_TRIAL_BLOCKS = 3
_TRIAL_TICKS = 24
_TRIAL_S = 0.35
"""Longest time that one trial measures."""
_TRIAL_TICK_S = 0.02
"""A trial's tick should not take longer; the picture is cut to fewer rows until it does not."""
_LINEAR_EFFICIENCY, _ATTENTION_EFFICIENCY, _DECODER_EFFICIENCY = 0.7, 0.65, 0.4
"""Assumed fractions of a data sheet's peak; to be replaced by what `nodegraph bench step` measures there."""
_MEMORY_EFFICIENCY = 0.8
_ACTIVATIONS = 20
"""Tensors of the size of one frame's hidden state that are alive at once."""
_GIB = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Expected speed and memory. Times in milliseconds per latent frame (four frames), memory in GiB."""

    preset: str
    width: int
    height: int
    window: int
    device: str
    device_name: str
    source: str
    """Where the speed comes from: "timed here" or "data sheet"."""
    dtype: str
    parameters_b: float
    flops_per_tick: int
    step_ms: float
    decode_ms: float
    fps: float
    latency_ms: float
    """From controls to four frames on the host: step and decoding, nothing waiting before them."""
    realtime: bool
    """Whether it keeps up with 24 frames a second."""
    memory_gib: float
    memory_parts_gib: dict[str, float]
    memory_of_device_gib: float | None
    fits: bool | None

    def as_dict(self) -> dict[str, Any]:
        """JSON form."""
        return asdict(self)


def estimate(config: GeneratorConfig, device: str | None = None, *, fp8: bool = False, plain: bool = False) -> Estimate:
    """Estimate a configuration on a torch device ("cpu", "cuda") or one of the table (`DEVICES`).

    Raises `out_of_range` where the device is neither at hand nor in the table.
    """
    device = device or default_device()
    sheet = DEVICES.get(device.lower())
    at_hand = device.startswith("cpu") or (device.startswith("cuda") and torch.cuda.is_available())
    if sheet is None and not at_hand:
        raise NodegraphError(
            "out_of_range",
            f"The device {device} is not here and not in the table.",
            got=device,
            expected="cpu, cuda where there is one, or one of " + ", ".join(DEVICES),
            remedy="Name a device of the table to plan for one that is not here.",
        )
    dtype = torch.bfloat16 if sheet else fast_dtype(device)
    work = count_work(config, weight_bytes=1.0 if fp8 else dtype.itemsize, cache_bytes=dtype.itemsize)
    parts = _memory(config, work, dtype, fp8=fp8)
    before = probe.held_bytes(device) if sheet is None else 0
    step_s, decode_s = _by_sheet(work, sheet, fp8) if sheet else _timed(config, device, dtype, fp8=fp8, plain=plain)
    if sheet is None:
        # On a CPU the libraries that the trial woke count too; on a GPU only what is held already.
        parts["process"] = before if device.startswith("cuda") else probe.held_bytes(device)
    memory = sum(parts.values()) / _GIB
    room = sheet.memory_gib if sheet else (probe.memory_bytes(device) or 0) / _GIB or None
    return Estimate(
        preset=config.name,
        width=config.width,
        height=config.height,
        window=config.transformer.window,
        device=device,
        device_name=sheet.name if sheet else probe.device_name(device),
        source="data sheet" if sheet else "timed here",
        dtype=str(dtype).removeprefix("torch.") + (" and fp8" if fp8 else ""),
        parameters_b=work.parameters / 1e9,
        flops_per_tick=work.flops_per_tick,
        step_ms=step_s * 1e3,
        decode_ms=decode_s * 1e3,
        fps=FRAMES_PER_TICK / (step_s + decode_s),
        latency_ms=(step_s + decode_s) * 1e3,
        realtime=FRAMES_PER_TICK / (step_s + decode_s) >= 24,
        memory_gib=round(memory, 3),
        memory_parts_gib={name: round(size / _GIB, 3) for name, size in parts.items()},
        memory_of_device_gib=None if room is None else round(room, 1),
        fits=None if room is None else memory < room,
    )


def _memory(config: GeneratorConfig, work: Work, dtype: torch.dtype, *, fp8: bool) -> dict[str, float]:
    """Bytes by use for one session."""
    shape, size = config.transformer, dtype.itemsize
    still = shape.blocks * (config.text.max_tokens + config.tokens) * shape.width * size
    eight_bit = (4 + 2 * shape.mlp_ratio) * shape.width**2 * shape.blocks if fp8 else 0
    vae = config.vae
    picture = FRAMES_PER_TICK * config.width * config.height // vae.patch**2 * vae.decoder_widths[0] * size
    return {
        "weights": float(work.parameters * size + eight_bit),
        "cache": float(work.cache_bytes + still),
        "step": float(_ACTIVATIONS * config.tokens * shape.width * size + 4 * still),
        "decoder": float((4 + 2 * vae.taps[0]) * picture),
    }


def _by_sheet(work: Work, sheet: DeviceSheet, fp8: bool) -> tuple[float, float]:
    """Seconds of step and decoding from the data sheet: per part the slower of sums and memory."""
    flops_s, bytes_s = sheet.bf16_tflops * 1e12, sheet.memory_gb_s * 1e9 * _MEMORY_EFFICIENCY
    linear = (sheet.fp8_tflops * 1e12 if fp8 and sheet.fp8_tflops else flops_s) * _LINEAR_EFFICIENCY
    step_s = max(work.linear_flops / linear, work.weight_bytes / bytes_s)
    step_s += max(work.attention_flops / flops_s / _ATTENTION_EFFICIENCY, work.cache_bytes / bytes_s)
    return step_s, max(work.decode_flops / flops_s / _DECODER_EFFICIENCY, work.decoder_bytes / bytes_s)


def _timed(config: GeneratorConfig, device: str, dtype: torch.dtype, *, fp8: bool, plain: bool) -> tuple[float, float]:
    """Seconds of step and decoding, drawn out from a small model of the same layers."""
    blocks = config.transformer.blocks
    shape = replace(config.transformer, blocks=min(blocks, _TRIAL_BLOCKS), first_frame_steps=0)
    cut = _cut(replace(config, transformer=shape), device, dtype)
    one = replace(cut, transformer=replace(shape, blocks=1))
    many_s, decode_s = _trial(cut, device, dtype, fp8=fp8, plain=plain)
    extra = cut.transformer.blocks - 1
    one_s = many_s if not extra else _trial(one, device, dtype, fp8=fp8, plain=plain, decode=False)[0]
    block_s = (many_s - one_s) / extra if extra else 0.0
    step_s = one_s + (blocks - 1) * max(block_s, 0.0)
    small, whole = (count_work(replace(c, transformer=replace(c.transformer, blocks=1))) for c in (cut, config))
    return step_s * whole.step_flops / small.step_flops, decode_s * whole.decode_flops / small.decode_flops


def _cut(config: GeneratorConfig, device: str, dtype: torch.dtype) -> GeneratorConfig:
    """The picture with as few rows as make a tick of the trial short; unchanged on a device that is quick enough."""
    row = SPACE_FACTOR * config.transformer.patch
    flops_s = probe.matmul_flops_s(device, dtype) / 2
    while config.height > row and count_work(config).flops_per_tick / flops_s > _TRIAL_TICK_S:
        config = replace(config, height=max(config.height // row // 2, 1) * row)
    return config


@torch.inference_mode()
def _trial(
    config: GeneratorConfig, device: str, dtype: torch.dtype, *, fp8: bool, plain: bool, decode: bool = True
) -> tuple[float, float]:
    """Median seconds of a step with a full cache and of decoding."""
    weights = seeded_weights(config, device=device, dtype=dtype)
    fast = weights if plain else accelerate(weights, FastOptions(fp8=fp8))
    session, decoder = FastSession(fast, 0), FastDecoder(weights)
    told = Controls(prompt=Prompt(text=""))
    latent = session.step(told)
    for _ in range(config.transformer.window + 2):
        latent = session.step(told)
    step_s = _median_s(lambda: session.step(told), device)
    if not decode:
        return step_s, 0.0
    for _ in range(3):
        decoder.decode(latent)
    return step_s, _median_s(lambda: decoder.decode(latent), device)


def _median_s(work: Callable[[], object], device: str) -> float:
    took: list[float] = []
    while len(took) < _TRIAL_TICKS and sum(took) < _TRIAL_S:
        start = time.perf_counter()
        work()
        probe.settle(device)
        took.append(time.perf_counter() - start)
    return statistics.median(took)
