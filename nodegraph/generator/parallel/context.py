"""Context parallelism over attention (DeepSpeed-Ulysses, arXiv 2309.14509): devices share a frame's tokens.

Every device holds all weights and computes its part of the tokens. Around attention two exchanges turn "all heads of
my tokens" into "my heads of all tokens" and back, so that each device attends with its heads alone and its cache holds
only their keys. Nothing else is exchanged but the finished tokens, once per step.

Sent by each of P devices per block: 4 N D (P - 1) / P^2 numbers (queries, keys, values, results), which shrinks with P.

Shapes: B batch, N tokens of a frame, n = ceil(N / P) of one device, H heads, h = H / P, K head width, D width.
"""

from __future__ import annotations

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor
from torch.distributed.device_mesh import DeviceMesh

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.cache import FastCache
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.transformer import FastTransformer, twin_of
from nodegraph.generator.transformer import APT2Transformer

__all__ = ["ContextParallelTransformer", "check_heads", "context_parallel"]


def context_parallel(weights: Weights, mesh: DeviceMesh, options: FastOptions | None = None) -> Weights:
    """Weights whose transformer steps on all devices of a 1-D mesh; every device must be given the same calls.

    Raises `out_of_range` where the heads do not divide among the devices.
    """
    twin = twin_of(weights)
    twin.transformer = ContextParallelTransformer(weights.transformer, mesh, options or FastOptions())
    return twin


def check_heads(heads: int, devices: int) -> int:
    """Heads of one device."""
    if heads % devices:
        raise NodegraphError(
            "out_of_range",
            f"{heads} heads do not divide among {devices} devices.",
            expected="a number of devices that divides the heads",
            remedy="Try " + ", ".join(str(n) for n in range(2, heads + 1) if heads % n == 0) + " devices.",
        )
    return heads // devices


class ContextParallelTransformer(FastTransformer):
    """A fast transformer that shares the tokens of each frame with the other devices of the mesh."""

    def __init__(self, plain: APT2Transformer, mesh: DeviceMesh, options: FastOptions) -> None:
        self.devices = mesh.size()
        self.rank = mesh.get_local_rank()
        self.group = mesh.get_group()
        super().__init__(plain, options)
        self.share = -(-self.config.tokens // self.devices)
        """Tokens of one device; the last ones of the last device may be padding."""

    def _attention_heads(self, heads: int) -> int:
        return check_heads(heads, self.devices)

    def make_cache(self, batch: int = 1) -> FastCache:
        """An empty cache for this device's heads."""
        return self._cache(batch, first_head=self.rank * self.heads)

    def _split(self, x_BND: Tensor) -> Tensor:
        mine = x_BND[:, self.rank * self.share : (self.rank + 1) * self.share]
        return F.pad(mine, (0, 0, 0, self.share - mine.shape[1]))

    def _exchange(self, x: Tensor) -> Tensor:
        """Give part p of the first axis to device p; the first axis of the result is who gave."""
        out = torch.empty_like(x)
        dist.all_to_all_single(out, x, group=self.group)
        return out

    def _to_heads(self, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mine = torch.stack([q, k, v]).unflatten(3, (self.devices, self.heads))  # 3 B n P h K
        theirs = self._exchange(mine.permute(3, 0, 1, 2, 4, 5).contiguous())  # P 3 B n h K
        whole = theirs.permute(1, 2, 0, 3, 4, 5).flatten(2, 3)[:, :, : self.config.tokens]
        q, k, v = whole.unbind(0)
        return q, k, v

    def _to_tokens(self, mixed: Tensor) -> Tensor:
        missing = self.devices * self.share - mixed.shape[1]
        parts = F.pad(mixed, (0, 0, 0, 0, 0, missing)).unflatten(1, (self.devices, self.share))  # B P n h K
        given = self._exchange(parts.transpose(0, 1).contiguous())  # P B n h K
        return given.permute(1, 2, 0, 3, 4).flatten(2, 3)

    def _join(self, x_BnD: Tensor) -> Tensor:
        all_PBnD = x_BnD.new_empty(self.devices, *x_BnD.shape)
        dist.all_gather_into_tensor(all_PBnD, x_BnD.contiguous()[None], group=self.group)
        return all_PBnD.transpose(0, 1).flatten(1, 2)[:, : self.config.tokens]
