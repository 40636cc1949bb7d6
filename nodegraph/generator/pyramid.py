"""A convolutional way into and out of the token grid, for small models.

The paper's model cuts the latent into patches by one linear layer (APT2, arXiv 2506.09350v2, section 3). A small model
gains by coarser tokens with convolutions around them, as in hybrid U-Nets (simple diffusion, 2301.11093; U-ViT): the
convolutions move and draw detail inside a token and across its edges, attention carries what is far in space and time.
They see one frame at a time, so causality and the KV cache are untouched.

Shape suffixes: F frames (batch times time), C latent channels, R rows and Q columns, D width of the transformer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.config import MEMORY_CHANNELS

__all__ = ["Pyramid"]

_TRUST = 1.5


def _normed(x_FCRQ: Tensor) -> Tensor:
    """Root-mean-square norm over the channels of every cell."""
    return x_FCRQ * torch.rsqrt(x_FCRQ.square().mean(1, keepdim=True) + 1e-5)


def _activated(x_FCRQ: Tensor) -> Tensor:
    return F.silu(_normed(x_FCRQ))


def _modulated(x_FCRQ: Tensor, scale_FC11: Tensor, shift_FC11: Tensor) -> Tensor:
    return F.silu(_normed(x_FCRQ) * (1 + scale_FC11) + shift_FC11)


@cache
def _fused() -> tuple[Callable[..., Tensor], Callable[..., Tensor]]:
    return torch.compile(_activated, dynamic=False), torch.compile(_modulated, dynamic=False)


class _Residual(nn.Module):
    """Two convolutions around a scale and shift by flow time."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.time = nn.Linear(width, 2 * channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.activate: Callable[..., Tensor] = _activated
        self.modulate: Callable[..., Tensor] = _modulated

    def forward(self, x_FCRQ: Tensor, time_FD: Tensor) -> Tensor:
        scale, shift = self.time(time_FD)[:, :, None, None].chunk(2, dim=1)
        hidden = self.modulate(self.first(self.activate(x_FCRQ)), scale, shift)
        out: Tensor = x_FCRQ + self.second(hidden)
        return out


class Pyramid(nn.Module):
    """Levels of halved resolution between the latent and the tokens.

    Args:
        entering: channels of all inputs together.
        leaving: latent channels.
        widths: channels per level from the latent inwards; tokens lie one halving below the last.
        blocks: residual blocks per level and direction.
        width: of the transformer, whose time embedding is used.
        memory: where among the inputs the scene memory's planes begin, its latent after them; None without.
    """

    def __init__(
        self,
        *,
        entering: int,
        leaving: int,
        widths: tuple[int, ...],
        blocks: int,
        width: int,
        memory: int | None = None,
    ) -> None:
        super().__init__()
        self.enter = nn.Conv2d(entering, widths[0], 3, padding=1)
        self.narrow = nn.ModuleList(nn.Conv2d(a, b, 2, stride=2) for a, b in pairwise(widths))
        self.widen = nn.ModuleList(nn.Conv2d(b, 4 * a, 1) for a, b in pairwise(widths))
        self.going_in = nn.ModuleList(nn.ModuleList(_Residual(c, width) for _ in range(blocks)) for c in widths)
        self.coming_out = nn.ModuleList(nn.ModuleList(_Residual(c, width) for _ in range(blocks)) for c in widths)
        self.leave = nn.Conv2d(widths[0], leaving, 3, padding=1)
        self.skip = nn.Conv2d(entering, leaving, 5, padding=2, bias=False)
        self.memory = memory
        self.trust = None if memory is None else nn.Conv2d(widths[0], 1, 3, padding=1)
        """How far each cell is taken from the scene memory rather than from the recycled frame."""

    def fuse(self) -> None:
        """Compile norms and gates between the convolutions: for training on CPUs, where each costs a pass over memory.

        Five times faster there; the convolutions themselves are better left to the library.
        """
        for module in self.modules():
            if isinstance(module, _Residual):
                module.activate, module.modulate = _fused()

    def start(self) -> None:
        """Initial weights: the output is the recycled frame (the second block of latent channels), as it came in."""
        for module in self.modules():
            if isinstance(module, _Residual):
                nn.init.zeros_(module.second.weight)
                nn.init.zeros_(module.time.weight)
        for last in (self.leave, self.skip):
            nn.init.zeros_(last.weight)
        channels = self.skip.out_channels
        with torch.no_grad():
            for c in range(channels):
                self.skip.weight[c, channels + c, 2, 2] = 1.0
            if self.trust is not None:
                nn.init.zeros_(self.trust.weight)
                nn.init.constant_(self.trust.bias, _TRUST)  # type: ignore[arg-type]  # the convolution has a bias

    def down(self, x_FCRQ: Tensor, time_FD: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Return features of the last level [F, C', R', Q'] and what `up` needs again, per level."""
        x = self.enter(x_FCRQ.contiguous(memory_format=torch.channels_last))
        levels = []
        for index, residuals in enumerate(self.going_in):
            x = self.narrow[index - 1](x) if index else x
            for block in cast(nn.ModuleList, residuals):
                x = block(x, time_FD)
            levels.append(x)
        return x, levels

    def up(self, x_FCRQ: Tensor, levels: list[Tensor], inputs_FCRQ: Tensor, time_FD: Tensor) -> Tensor:
        """Return the network's output [F, C, R, Q] from features of the last level."""
        x = x_FCRQ
        for index in reversed(range(len(levels))):
            # Unfolding leaves channels first; convolutions and norms over channels are fast with channels last.
            x = (x + levels[index]).contiguous(memory_format=torch.channels_last)
            for block in cast(nn.ModuleList, self.coming_out[index]):
                x = block(x, time_FD)
            if index:
                x = F.pixel_shuffle(self.widen[index - 1](x), 2)
        hidden = _activated(x)
        out: Tensor = self.leave(hidden) + self.skip(inputs_FCRQ)
        return out if self.trust is None else out + self._remembered(self.trust(hidden), inputs_FCRQ)

    def _remembered(self, trust_F1RQ: Tensor, inputs_FCRQ: Tensor) -> Tensor:
        """What the memory shows beyond the recycled frame, as far as it is trusted and knows the cell."""
        assert self.memory is not None
        channels = self.skip.out_channels
        latent = self.memory + MEMORY_CHANNELS
        beyond = inputs_FCRQ[:, latent : latent + channels] - inputs_FCRQ[:, channels : 2 * channels]
        known = inputs_FCRQ[:, self.memory : latent].amax(1, keepdim=True)
        return torch.sigmoid(trust_F1RQ) * known * beyond
