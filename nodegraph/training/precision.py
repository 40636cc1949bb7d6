"""Mixed precision: float32 master weights, computation in bf16.

The weights are cast once per call and gradients arrive in float32. Compared with autocast nothing is promoted on the
way, which on a CPU halves the memory traffic of norms, gates and activations.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.distributed.fsdp import FSDPModule

from nodegraph.generator.pyramid import Pyramid
from nodegraph.generator.transformer import APT2Transformer
from nodegraph.training.settings import StageSettings
from nodegraph.training.sharded import whole

__all__ = ["Student", "caster"]


def caster(net: nn.Module, settings: StageSettings) -> Callable[..., Any]:
    """Return `net` as a function in the stage's precision, compiled where the settings ask for it.

    On a CPU a network with convolutions around its tokens is compiled between them only.
    """
    if isinstance(net, FSDPModule):  # casts its weights by itself
        if settings.precision == "fp32":
            return net
        return lambda *args, **kwargs: net(*(_cast(a) for a in args), **kwargs)
    pyramids = [module for module in net.modules() if isinstance(module, Pyramid)]
    whole = settings.compile and (not pyramids or next(net.parameters()).is_cuda)
    if settings.compile and not whole:
        for pyramid in pyramids:
            pyramid.fuse()
    called: nn.Module = torch.compile(net, dynamic=False) if whole else net  # type: ignore[assignment]  # it is a Module
    if settings.precision == "fp32":
        return called
    prefix = "_orig_mod." if whole else ""

    def call(*args: Any, **kwargs: Any) -> Any:
        weights = {prefix + name: p.to(torch.bfloat16) for name, p in net.named_parameters()}
        return torch.func.functional_call(called, weights, tuple(_cast(a) for a in args), kwargs)

    return call


def _cast(value: Any) -> Any:
    """Pictures and latents to bf16; flow times, tokens and flags as they are."""
    if isinstance(value, Tensor) and value.is_floating_point() and value.ndim > 1:
        return value.to(torch.bfloat16)
    return value


class Student:
    """A copy of the network in the stage's precision for rollouts without gradient."""

    def __init__(self, net: APT2Transformer, settings: StageSettings) -> None:
        self._net, self._fp32 = net, settings.precision == "fp32" and not isinstance(net, FSDPModule)
        dtype = torch.float32 if settings.precision == "fp32" else torch.bfloat16
        self._copy = None if self._fp32 else APT2Transformer(net.config).to(net.embed.weight.device, dtype)

    @torch.no_grad()
    def current(self) -> APT2Transformer:
        """The network as it is now."""
        if self._copy is None:
            return self._net
        for mine, trained in zip(self._copy.parameters(), self._net.parameters(), strict=True):
            mine.copy_(whole(trained))
        return self._copy
