"""Blocks of the transformer. Single device; compile, shard and quantise from outside.

Shape suffixes: B batch, T latent frames, N video tokens of a frame, L text tokens, S keys seen by a query,
D width, E text width, H heads, K head width, C channels.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.config import TransformerConfig

__all__ = ["TextBlock", "TimeEmbedding", "VideoBlock", "modulate"]


class TimeEmbedding(nn.Module):
    """Flow time t in 0..1 to one modulation vector per sample and role (AdaLN-single, PixArt-alpha 2310.00426)."""

    def __init__(self, width: int, roles: int = 6, frequencies: int = 128) -> None:
        super().__init__()
        self.roles, self.frequencies = roles, frequencies
        self.mlp = nn.Sequential(nn.Linear(2 * frequencies, width), nn.SiLU(), nn.Linear(width, roles * width))

    def forward(self, t_B: Tensor) -> Tensor:
        """Return [B, roles, D]."""
        # Made on the spot and in float32: a buffer would follow the weights into bf16, where 1000 rad lose their phase.
        steps = torch.arange(self.frequencies, device=t_B.device, dtype=torch.float32) / self.frequencies
        angles = t_B.float()[:, None] * (torch.exp(-math.log(1e4) * steps) * 1000.0)
        waves = torch.cat([angles.cos(), angles.sin()], dim=-1).to(next(self.mlp.parameters()).dtype)
        out: Tensor = self.mlp(waves)
        return out.unflatten(-1, (self.roles, -1))


def modulate(x_BXD: Tensor, shift_BD: Tensor, scale_BD: Tensor) -> Tensor:
    """Layer norm without weights, then scale and shift per sample."""
    return torch.addcmul(shift_BD[:, None], F.layer_norm(x_BXD, x_BXD.shape[-1:]), 1 + scale_BD[:, None])


class _MLP(nn.Sequential):
    def __init__(self, width: int, ratio: int) -> None:
        super().__init__(nn.Linear(width, ratio * width), nn.GELU(approximate="tanh"), nn.Linear(ratio * width, width))


class TextBlock(nn.Module):
    """The text half of an MMDiT block. Text attends to text only, so its keys and values are made once per prompt."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm = nn.RMSNorm(config.text_width, eps=1e-6)
        self.qkv = nn.Linear(config.text_width, 3 * config.width)
        self.q_norm = nn.RMSNorm(config.width // config.heads, eps=1e-6)
        self.k_norm = nn.RMSNorm(config.width // config.heads, eps=1e-6)
        self.out = nn.Linear(config.width, config.text_width)
        self.mlp_norm = nn.RMSNorm(config.text_width, eps=1e-6)
        self.mlp = _MLP(config.text_width, config.mlp_ratio)

    def forward(self, x_BLE: Tensor, mask_BL: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the next text state [B, L, E] and this block's text keys and values [B, L, H, K]."""
        q, k, v = self.qkv(self.norm(x_BLE)).unflatten(-1, (3, self.heads, -1)).unbind(2)
        q, k = self.q_norm(q), self.k_norm(k)
        mixed = F.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), attn_mask=mask_BL[:, None, None]
        )
        x_BLE = x_BLE + self.out(mixed.transpose(1, 2).flatten(2))
        return x_BLE + self.mlp(self.mlp_norm(x_BLE)), k, v


class VideoBlock(nn.Module):
    """The video half of an MMDiT block, in three parts so that the caller owns attention and cache."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        head_dim = config.width // config.heads
        self.modulation = nn.Parameter(torch.zeros(6, config.width))
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.q_norm = nn.RMSNorm(head_dim, eps=1e-6)
        self.k_norm = nn.RMSNorm(head_dim, eps=1e-6)
        self.out = nn.Linear(config.width, config.width)
        self.mlp = _MLP(config.width, config.mlp_ratio)

    def roles(self, shared_B6D: Tensor) -> tuple[Tensor, ...]:
        """Shift, scale, gate of attention and of the MLP, each [B, D]."""
        return tuple((shared_B6D + self.modulation).unbind(1))

    def project(self, x_BXD: Tensor, shift: Tensor, scale: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values [B, X, H, K], before rotation."""
        q, k, v = self.qkv(modulate(x_BXD, shift, scale)).unflatten(-1, (3, self.heads, -1)).unbind(2)
        return self.q_norm(q), self.k_norm(k), v

    def finish(self, x_BXD: Tensor, mixed_BXHK: Tensor, roles: tuple[Tensor, ...]) -> Tensor:
        """Add the attention's result and the MLP."""
        _, _, gate_a, shift_m, scale_m, gate_m = roles
        x_BXD = torch.addcmul(x_BXD, gate_a[:, None], self.out(mixed_BXHK.flatten(2)))
        return torch.addcmul(x_BXD, gate_m[:, None], self.mlp(modulate(x_BXD, shift_m, scale_m)))
