"""Triton kernels for what stands between a block's matrix products: each reads and writes its tensor once.

Importing this needs Triton; `kernels.py` decides whether it is there. TRITON_INTERPRET=1 runs them on a CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import triton  # type: ignore[import-not-found,import-untyped,unused-ignore]
import triton.language as tl  # type: ignore[import-not-found,import-untyped,unused-ignore]
from torch import Tensor

__all__ = ["norm_modulate", "norm_rotate"]

_kernel: Callable[[Callable[..., None]], Any] = triton.jit


@_kernel
def _norm_modulate(
    x_ptr: Any,
    shift_ptr: Any,
    scale_ptr: Any,
    out_ptr: Any,
    rows_per_sample: Any,
    width: Any,
    eps: Any,
    BLOCK: tl.constexpr,
) -> None:
    row = tl.program_id(0)
    sample = row // rows_per_sample
    at = tl.arange(0, BLOCK)
    inside = at < width
    x = tl.load(x_ptr + row * width + at, mask=inside, other=0.0).to(tl.float32)
    centred = tl.where(inside, x - tl.sum(x, 0) / width, 0.0)
    normed = centred / tl.sqrt(tl.sum(centred * centred, 0) / width + eps)
    shift = tl.load(shift_ptr + sample * width + at, mask=inside, other=0.0).to(tl.float32)
    scale = tl.load(scale_ptr + sample * width + at, mask=inside, other=0.0).to(tl.float32)
    tl.store(out_ptr + row * width + at, normed * (1.0 + scale) + shift, mask=inside)


@_kernel
def _norm_rotate(
    x_ptr: Any,
    gain_ptr: Any,
    cos_ptr: Any,
    sin_ptr: Any,
    out_ptr: Any,
    tokens: Any,
    heads: Any,
    token_stride: Any,
    head_stride: Any,
    eps: Any,
    HEADS: tl.constexpr,
    HALF: tl.constexpr,
) -> None:
    token = tl.program_id(0)
    h = tl.arange(0, HEADS)[:, None]
    i = tl.arange(0, HALF)[None, :]
    inside = (h < heads) & (i < HALF)
    source = x_ptr + token * token_stride + h * head_stride + i
    a = tl.load(source, mask=inside, other=0.0).to(tl.float32)
    b = tl.load(source + HALF, mask=inside, other=0.0).to(tl.float32)
    size = tl.sqrt((tl.sum(a * a, 1) + tl.sum(b * b, 1)) / (2 * HALF) + eps)[:, None]
    a = a / size * tl.load(gain_ptr + i).to(tl.float32)
    b = b / size * tl.load(gain_ptr + HALF + i).to(tl.float32)
    place = (token % tokens) * HALF + i
    cos, sin = tl.load(cos_ptr + place), tl.load(sin_ptr + place)
    target = out_ptr + (token * heads + h) * 2 * HALF + i
    tl.store(target, a * cos - b * sin, mask=inside)
    tl.store(target + HALF, a * sin + b * cos, mask=inside)


def norm_modulate(x_BXD: Tensor, shift_BD: Tensor, scale_BD: Tensor, eps: float) -> Tensor:
    """Layer norm without weights, then scale and shift per sample."""
    batch, rows, width = x_BXD.shape
    x, out = x_BXD.contiguous(), torch.empty_like(x_BXD, memory_format=torch.contiguous_format)
    block = triton.next_power_of_2(width)
    warps = max(min(block // 256, 16), 1)
    grid = (batch * rows,)
    _norm_modulate[grid](
        x, shift_BD.contiguous(), scale_BD.contiguous(), out, rows, width, eps, BLOCK=block, num_warps=warps
    )
    return out


def norm_rotate(x_BNHK: Tensor, gain_K: Tensor, cos: Tensor, sin: Tensor, eps: float) -> Tensor:
    """RMS norm of every head, then rotation by `cos` and `sin` [N, K / 2]; `x` may be a part of a wider tensor."""
    batch, tokens, heads, head_dim = x_BNHK.shape
    x = x_BNHK if x_BNHK.stride(-1) == 1 and x_BNHK.stride(0) == tokens * x_BNHK.stride(1) else x_BNHK.contiguous()
    out = torch.empty((batch, tokens, heads, head_dim), device=x.device, dtype=x.dtype)
    _norm_rotate[(batch * tokens,)](
        x,
        gain_K,
        cos.contiguous(),
        sin.contiguous(),
        out,
        tokens,
        heads,
        x.stride(1),
        x.stride(2),
        eps,
        HEADS=triton.next_power_of_2(heads),
        HALF=head_dim // 2,
        num_warps=4,
    )
    return out
