"""The two halves of a video block around its attention: by its own layers, or with norms and rotations fused.

Both compute the same; a test holds them equal.
"""

from __future__ import annotations

import importlib.util

import torch
from torch import Tensor

from nodegraph.generator.layers import VideoBlock
from nodegraph.generator.rope import Rotation, rotate

__all__ = ["after", "before", "fused_after", "fused_before", "fusible"]

_LAYER_NORM_EPS = 1e-5
_HEAD_NORM_EPS = 1e-6


def fusible(device: torch.device, head_dim: int) -> bool:
    """Whether the fused halves work here: CUDA and Triton, and a power of two to cut heads by."""
    half = head_dim // 2
    return device.type == "cuda" and not half & (half - 1) and importlib.util.find_spec("triton") is not None


def before(block: VideoBlock, x: Tensor, shift: Tensor, scale: Tensor, turn: Rotation) -> tuple[Tensor, Tensor, Tensor]:
    """Turned queries and keys, and values, each [B, N, H, K]."""
    q, k, v = block.project(x, shift, scale)
    return rotate(q, turn), rotate(k, turn), v


def after(block: VideoBlock, x: Tensor, mixed: Tensor, roles: tuple[Tensor, ...]) -> Tensor:
    """The hidden state with attention's result and the MLP added."""
    return block.finish(x, mixed, roles)


def fused_before(
    block: VideoBlock, x: Tensor, shift: Tensor, scale: Tensor, turn: Rotation
) -> tuple[Tensor, Tensor, Tensor]:
    """`before` with three kernels around one product."""
    from nodegraph.generator.fast.triton_kernels import norm_modulate, norm_rotate

    made = block.qkv(norm_modulate(x, shift, scale, _LAYER_NORM_EPS))
    q, k, v = made.unflatten(-1, (3, block.heads, -1)).unbind(2)
    q = norm_rotate(q, block.q_norm.weight, *turn, _HEAD_NORM_EPS)
    return q, norm_rotate(k, block.k_norm.weight, *turn, _HEAD_NORM_EPS), v


def fused_after(block: VideoBlock, x: Tensor, mixed: Tensor, roles: tuple[Tensor, ...]) -> Tensor:
    """`after` with its norm and modulation in one kernel."""
    from nodegraph.generator.fast.triton_kernels import norm_modulate

    _, _, gate_a, shift_m, scale_m, gate_m = roles
    x = torch.addcmul(x, gate_a[:, None], block.out(mixed.flatten(2)))
    return torch.addcmul(x, gate_m[:, None], block.mlp(norm_modulate(x, shift_m, scale_m, _LAYER_NORM_EPS)))
