"""Linear layers in 8-bit floats (e4m3): a scale per row of the weight and per token of the input.

CUDA multiplies them in hardware through torch._scaled_mm; elsewhere the same roundings are followed by a product in
float32, so that their error can be stated without such a device.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["FP8Linear", "LinearLike", "Wrapping", "eight_bit", "quantise_rows"]

_LARGEST = 448.0
"""Largest number of float8_e4m3fn."""
_SMALLEST_SCALE = 1e-12


class LinearLike(Protocol):
    """What is needed of a layer to make it 8-bit."""

    weight: Tensor
    bias: Tensor | None


@runtime_checkable
class Wrapping(Protocol):
    """A layer that does something more around a linear one, such as a sum over devices."""

    inner: nn.Module

    def around(self, inner: nn.Module) -> nn.Module:
        """The same around another layer."""


def eight_bit(layer: nn.Module) -> nn.Module:
    """The layer with its product in 8 bits."""
    if isinstance(layer, Wrapping):
        return layer.around(FP8Linear(layer.inner))  # type: ignore[arg-type]
    return FP8Linear(layer)  # type: ignore[arg-type]


def quantise_rows(x_MD: Tensor) -> tuple[Tensor, Tensor]:
    """Rows in e4m3 and the scale [M, 1] (float32) that brings each back."""
    scale = (x_MD.abs().amax(dim=-1, keepdim=True).float() / _LARGEST).clamp(min=_SMALLEST_SCALE)
    return (x_MD.float() / scale).to(torch.float8_e4m3fn), scale


class FP8Linear(nn.Module):
    """Stands in for a linear layer: the same input and output, 8-bit inside. For inference only."""

    weight: Tensor
    scale: Tensor
    bias: Tensor | None

    def __init__(self, linear: LinearLike) -> None:
        super().__init__()
        weight, scale = quantise_rows(linear.weight.detach())
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        self.register_buffer("bias", None if linear.bias is None else linear.bias.detach())

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] to [..., out] in the input's precision."""
        rows, scale = quantise_rows(x.flatten(0, -2))
        if x.is_cuda:
            out = torch._scaled_mm(
                rows,
                self.weight.t(),
                scale_a=scale,
                scale_b=self.scale.t(),
                bias=self.bias,
                out_dtype=x.dtype,
                use_fast_accum=True,
            )
        else:
            bias = None if self.bias is None else self.bias.float()
            out = F.linear(rows.float() * scale, self.weight.float() * self.scale, bias).to(x.dtype)
        return out.unflatten(0, x.shape[:-1])
