"""One model on several devices: is it the same picture, and how much faster. Started by torchrun, once per device."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import torch
import torch.distributed as dist
from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh, init_device_mesh

from nodegraph.bench import probe
from nodegraph.bench.work import parse_size, sized
from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.decoder import FastDecoder
from nodegraph.generator.fast.model import FastSession
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.seeded import seeded_weights
from nodegraph.generator.fast.transformer import accelerate
from nodegraph.generator.parallel.context import context_parallel
from nodegraph.generator.parallel.scaling import Kind, expected_step_s
from nodegraph.generator.parallel.tensor import tensor_parallel
from nodegraph.generator.session import Controls
from nodegraph.values import FRAMES_PER_TICK, Prompt

__all__ = ["ParallelBench", "bench_parallel"]

_TIMEOUT = timedelta(minutes=5)
_WARM_TICKS = 3


@dataclass(frozen=True, kw_only=True)
class ParallelBench:
    """What is measured; `dtype` is "bfloat16" or "float32"."""

    preset: str
    kind: Kind
    size: str | None = None
    window: int | None = None
    ticks: int = 30
    device: Literal["cpu", "cuda"] = "cuda"
    dtype: str = "bfloat16"
    fp8: bool = False


def bench_parallel(what: ParallelBench) -> dict[str, Any] | None:
    """Measure on all devices; the result on the first one, None on the others.

    Every device first makes the stream alone, then together with the others. Returns `devices`, `step_ms_one` and
    `step_ms` (medians, cache full), `speed_up`, `expected_step_ms` (see `parallel.scaling`; the link's speed is that
    of NVLink, so it says nothing about CPUs), `fps` (decoding on the first device after each step), and `difference`
    between both streams, relative to their size.

    Raises `bad_request` where it was not started by torchrun.
    """
    if "WORLD_SIZE" not in os.environ:
        raise NodegraphError(
            "bad_request",
            "This bench runs once per device and was started once.",
            expected="torchrun",
            remedy="torchrun --nproc-per-node 2 -m nodegraph bench parallel ...",
        )
    rank, local = int(os.environ["RANK"]), int(os.environ.get("LOCAL_RANK", "0"))
    if what.device == "cuda":
        torch.cuda.set_device(local)
    dist.init_process_group("nccl" if what.device == "cuda" else "gloo", timeout=_TIMEOUT)
    try:
        mesh = init_device_mesh(what.device, (dist.get_world_size(),))
        found = _measure(what, mesh)
    finally:
        dist.destroy_process_group()
    return found if rank == 0 else None


def _measure(what: ParallelBench, mesh: DeviceMesh) -> dict[str, Any]:
    config = sized(what.preset, parse_size(what.size), what.window)
    device = f"cuda:{torch.cuda.current_device()}" if what.device == "cuda" else "cpu"
    options = FastOptions(fp8=what.fp8)
    weights = seeded_weights(config, device=device, dtype=getattr(torch, what.dtype))
    one_s, _, alone = _stream(accelerate(weights, options), what.ticks, device, decode=False)
    spread = context_parallel if what.kind == "context" else tensor_parallel
    together = spread(weights, mesh, options)
    step_s, tick_s, latents = _stream(together, what.ticks, device, decode=mesh.get_rank() == 0)
    difference = float((latents - alone).norm() / alone.norm())
    return {
        "preset": what.preset,
        "size": f"{config.width}x{config.height}",
        "window": config.transformer.window,
        "weights": "seeded random",
        "kind": what.kind,
        "devices": mesh.size(),
        "device_name": probe.device_name(device),
        "dtype": what.dtype,
        "step_ms_one": one_s * 1e3,
        "step_ms": step_s * 1e3,
        "speed_up": one_s / step_s,
        "expected_step_ms": expected_step_s(config, what.kind, mesh.size(), step_s=one_s) * 1e3,
        "fps": FRAMES_PER_TICK / tick_s,
        "difference": difference,
    }


def _stream(weights: Weights, ticks: int, device: str, *, decode: bool) -> tuple[float, float, Tensor]:
    """Median seconds of a step and of a whole tick, and all latents."""
    session, decoder = FastSession(weights, 0), FastDecoder(weights)
    told = Controls(prompt=Prompt(text="a robot"))
    full = weights.config.transformer.window + 2 + _WARM_TICKS
    steps, whole, latents = list[float](), list[float](), list[Tensor]()
    for tick in range(full + ticks):
        start = time.perf_counter()
        latent = session.step(told)
        probe.settle(device)
        middle = time.perf_counter()
        if decode:
            decoder.decode(latent)
        latents.append(latent)
        if tick >= full:
            steps.append(middle - start)
            whole.append(time.perf_counter() - start)
    return statistics.median(steps), statistics.median(whole), torch.stack(latents)
