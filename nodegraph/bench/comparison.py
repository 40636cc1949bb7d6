"""Streaming generators side by side on one device: the same code, each one's own size, passes and chunk.

All weights are random: what is compared is the cost of the schedule, not the picture.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from nodegraph.bench import probe
from nodegraph.bench.methods import METHODS, Method, shrunk
from nodegraph.bench.plot import Bars, bar_chart
from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.seeded import seeded_weights
from nodegraph.generator.fast.transformer import accelerate
from nodegraph.generator.pool import default_device, fast_dtype
from nodegraph.generator.vae import CausalState

__all__ = ["bench_comparison", "measure_method"]

NOTE = "Seeded random weights for every method, through this project's own blocks: costs compare, pictures do not."
_GIB = 1 << 30


def bench_comparison(
    out: Path,
    *,
    only: tuple[str, ...] = tuple(METHODS),
    chunks: int = 4,
    shrink: int = 1,
    device: str | None = None,
    fp8: bool = False,
) -> dict[str, Any]:
    """Measure each method, one after the other, and write `comparison.json`, `.md` and `.svg` into `out`.

    Methods that were measured before with the same settings are taken from `comparison.json`, so that a run which was
    cut off goes on. Returns what the file holds: per method `first_frame_ms`, `control_ms`, `fps`, `chunk_ms`,
    `peak_gib`, and the published figures.
    """
    device = device or default_device()
    unknown = set(only) - set(METHODS)
    if unknown:
        raise NodegraphError("not_found", f"No such method: {', '.join(sorted(unknown))}.", expected=", ".join(METHODS))
    out.mkdir(parents=True, exist_ok=True)
    settings = {"device_name": probe.device_name(device), "shrink": shrink, "chunks": chunks, "fp8": fp8}
    found = _earlier(out / "comparison.json", settings)
    for name in only:
        if name not in found["methods"]:
            found["methods"][name] = measure_method(
                shrunk(METHODS[name], shrink), chunks=chunks, device=device, fp8=fp8
            )
            (out / "comparison.json").write_text(json.dumps(found, indent=1) + "\n")
    (out / "comparison.md").write_text(_table(found))
    (out / "comparison.svg").write_text(_plot(found))
    return found


def _earlier(file: Path, settings: dict[str, Any]) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    if held.get("settings") == settings:
        return held
    return {"note": NOTE, "settings": settings, "methods": {}}


@dataclass
class _Chunks:
    """Makes chunk after chunk of one method."""

    method: Method
    weights: Weights
    device: str

    def __post_init__(self) -> None:
        net, weight = self.weights.transformer, self.weights.transformer.embed.weight
        channels, rows, columns = self.weights.config.latent_shape
        self.cache = net.make_cache()
        generator = torch.Generator(self.device).manual_seed(0)
        self.z = torch.randn(1, channels, rows, columns, generator=generator, device=self.device).to(weight.dtype)
        self.planes = torch.zeros(
            1, self.weights.config.condition_channels, rows, columns, device=self.device, dtype=weight.dtype
        )
        self.recycled = torch.zeros_like(self.z)
        # Random weights know no words; a prompt of full length costs what any other of that length does.
        text = net.encode_text(
            torch.zeros(1, self.weights.config.text.max_tokens, dtype=torch.long, device=self.device)
        )
        self.text = replace(text, mask=torch.ones_like(text.mask))
        self.state = CausalState()

    def make(self) -> Tensor:
        """All passes of a chunk, then its frames as uint8 on the host. Times between passes run from 1 to 0 evenly."""
        net, passes = self.weights.transformer, self.method.passes
        x0 = self.z
        for i in range(passes):
            t = 1.0 - i / passes
            noised = (1 - t) * x0 + t * self.z
            last = i == passes - 1
            x0 = net.step(noised, self.recycled, self.planes, self.text, self.cache, t=t, commit=last)
        self.recycled.copy_(x0)
        # Back from one tall picture to the frames of the chunk.
        latents = x0.unflatten(2, (self.method.chunk, -1)).transpose(1, 2)
        video = self.weights.vae.decode(latents, self.state)[0]
        return (video.float().clamp(-1, 1) + 1).mul(127.5).round().to(torch.uint8).cpu()


@torch.inference_mode()
def measure_method(method: Method, *, chunks: int, device: str, fp8: bool = False) -> dict[str, Any]:
    """Times of one method with its window full.

    `first_frame_ms`: from the prompt's tokens to the first chunk's frames on the host, on a warm device.
    `control_ms`: from a control at any moment to the first frames made with it, on average: half a chunk of waiting
    for the one in flight, then a chunk. `fps`: frames of a chunk over the median time of a chunk.
    """
    probe.free_memory(device)
    plain = seeded_weights(method.config, device=device, dtype=fast_dtype(device))
    weights = accelerate(plain, FastOptions(fp8=fp8))
    _Chunks(method, weights, device).make()  # libraries load and choose their kernels
    probe.settle(device)
    start = time.perf_counter()
    stream = _Chunks(method, weights, device)
    stream.make()
    first_s = time.perf_counter() - start
    for _ in range(method.config.transformer.window + 1):
        stream.make()
    took = []
    for _ in range(chunks):
        start = time.perf_counter()
        stream.make()
        took.append(time.perf_counter() - start)
    chunk_s = sorted(took)[len(took) // 2]
    step = sum(p.numel() for p in plain.transformer.blocks.parameters())
    return {
        "source": method.source,
        "size": f"{method.width}x{method.height}",
        "step_parameters_b": round(step / 1e9, 3),
        "passes": method.passes,
        "chunk_latent_frames": method.chunk,
        "chunk_frames": method.frames,
        "chunk_ms": chunk_s * 1e3,
        "first_frame_ms": first_s * 1e3,
        "control_ms": 1.5 * chunk_s * 1e3,
        "fps": method.frames / chunk_s,
        "peak_gib": round(probe.peak_bytes(device) / _GIB, 2),
        "published_on": method.published_on,
        "published_latency_ms": method.published_latency_s * 1e3,
        "published_fps": method.published_fps,
    }


def _table(found: dict[str, Any]) -> str:
    head = ("method", "size", "passes x chunk", "first frame", "control", "fps", "published latency", "published fps")
    rows = [
        (
            name,
            str(m["size"]),
            f"{m['passes']} x {m['chunk_latent_frames']}",
            f"{m['first_frame_ms']:.0f} ms",
            f"{m['control_ms']:.0f} ms",
            f"{m['fps']:.2f}",
            f"{m['published_latency_ms']:.0f} ms on {m['published_on']}",
            f"{m['published_fps']}",
        )
        for name, m in found["methods"].items()
    ]
    lines = ["| " + " | ".join(row) + " |" for row in (head, tuple("---" for _ in head), *rows)]
    shrink = found["settings"]["shrink"]
    small = f" Everything divided by {shrink}: published figures are for the whole size." if shrink > 1 else ""
    return "\n".join([f"{found['note']} {found['settings']['device_name']}.{small}", "", *lines, ""])


def _plot(found: dict[str, Any]) -> str:
    methods = found["methods"]

    def bars(title: str, unit: str, measured: str, published: str | None) -> Bars:
        rows = {name: (m[measured], m[published] if published else None) for name, m in methods.items()}
        return Bars(title=title, unit=unit, rows=rows)

    panels = [
        bars("First frame", "ms", "first_frame_ms", "published_latency_ms"),
        bars("Control to picture", "ms", "control_ms", None),
        bars("Frames a second", "fps", "fps", "published_fps"),
    ]
    where = f"{found['settings']['device_name']}; random weights"
    return bar_chart(panels, caption=f"Measured on {where}. Pale: published.")
