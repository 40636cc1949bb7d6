"""What the fast path may use. Everything else is decided by the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["AttentionName", "FastOptions"]

AttentionName = Literal["auto", "flash", "cudnn", "efficient", "math"]


@dataclass(frozen=True, kw_only=True)
class FastOptions:
    """Choices of `accelerate`; the defaults change nothing but the order of rounding."""

    fp8: bool = False
    """Linear layers of the video blocks in 8-bit floats; conditioning and output layers stay as they are."""
    compile: bool = False
    """torch.compile for the parts of a block around its attention."""
    graphs: bool = True
    """Record steady steps as CUDA graphs; without CUDA this does nothing."""
    kernels: bool = True
    """Own Triton kernels for norms, rotations and modulations, where Triton and CUDA are there; compiling replaces
    them."""
    attention: AttentionName = "auto"
    """Which attention; "auto" measures those that the device offers on the model's own shape."""
