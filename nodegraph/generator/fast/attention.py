"""Attention over a contiguous range of keys: what torch offers, and which of it is fastest for a shape.

Shapes: q [B, N, H, K], k and v [B, S, H, K], result [B, N, H, K].
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from nodegraph.generator.fast.options import AttentionName

__all__ = ["Attend", "choose_attention", "named_attention"]

Attend = Callable[[Tensor, Tensor, Tensor], Tensor]

_BACKENDS = {
    "flash": SDPBackend.FLASH_ATTENTION,
    "cudnn": SDPBackend.CUDNN_ATTENTION,
    "efficient": SDPBackend.EFFICIENT_ATTENTION,
    "math": SDPBackend.MATH,
}
_CPU = ("flash", "math")
_CUDA = ("cudnn", "flash", "efficient")
_REPEATS = 3
_SAME = 2e-2
"""Largest difference of two attentions in one precision, relative to the result's size."""


def _sdpa(backend: SDPBackend, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    with sdpa_kernel(backend):
        mixed = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
    return mixed.transpose(1, 2)


def named_attention(name: AttentionName) -> Attend:
    """The attention of that name; "auto" is what torch takes by itself."""
    if name == "auto":
        return lambda q, k, v: F.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)
        ).transpose(1, 2)
    return partial(_sdpa, _BACKENDS[name])


@torch.no_grad()
def choose_attention(
    *, queries: int, keys: int, heads: int, head_dim: int, device: torch.device, dtype: torch.dtype
) -> tuple[AttentionName, dict[str, float]]:
    """Measure every attention on this shape; return the fastest that agrees with the others, and milliseconds each.

    One that the device or the shape does not allow is left out. Where none works, "auto".
    """
    generator = torch.Generator(device).manual_seed(0)
    q, k, v = (
        torch.randn((1, rows, heads, head_dim), generator=generator, device=device, dtype=dtype)
        for rows in (queries, keys, keys)
    )
    expected = named_attention("auto")(q, k, v).float()
    took_ms: dict[str, float] = {}
    names: tuple[AttentionName, ...] = _CUDA if device.type == "cuda" else _CPU  # type: ignore[assignment]
    for name in names:
        attend = named_attention(name)
        try:
            off = (attend(q, k, v).float() - expected).norm() / expected.norm()
        except RuntimeError:
            continue
        if float(off) < _SAME:
            took_ms[name] = _milliseconds(partial(attend, q, k, v), device)
    fastest = min(took_ms, key=lambda name: took_ms[name], default="auto")
    return fastest, took_ms  # type: ignore[return-value]


def _milliseconds(work: Callable[[], Tensor], device: torch.device) -> float:
    """Best of a few runs, after one to warm up."""
    best = float("inf")
    for repeat in range(1 + _REPEATS):
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if repeat:
            best = min(best, (time.perf_counter() - start) * 1e3)
    return best
