"""Seeded weights made where they will be used, without a file: 8 billion of them in seconds on a GPU.

The shape is built on the meta device, given memory, and filled parameter by parameter from (seed, name), so that the
same seed on the same kind of device gives the same weights however the model is put together.
"""

from __future__ import annotations

import zlib

import torch
from torch import Tensor, nn

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import GeneratorConfig

__all__ = ["count_parameters", "seeded_weights"]

_GATES = (2, 5)
_GATE = 0.2
"""As in training: a shallow residual network at the start."""
_WORD_STD = 0.3
_POSITION_STD = 0.02


def count_parameters(config: GeneratorConfig) -> dict[str, int]:
    """Parameters of the transformer, of the half of it that a step computes, and of the VAE; nothing is allocated."""
    with torch.device("meta"):
        weights = Weights(config)
    text = sum(p.numel() for p in weights.transformer.text_blocks.parameters())
    transformer = sum(p.numel() for p in weights.transformer.parameters())
    vae = sum(p.numel() for p in weights.vae.parameters())
    return {"transformer": transformer, "step": transformer - text, "vae": vae, "all": transformer + vae}


@torch.no_grad()
def seeded_weights(
    config: GeneratorConfig, *, seed: int = 0, device: str | torch.device = "cpu", dtype: torch.dtype = torch.bfloat16
) -> Weights:
    """Random weights of a shape, on the device and in the precision asked for, ready for inference."""
    with torch.device("meta"):
        weights = Weights(config)
    # The precision goes first: memory is then taken once, at its final size.
    weights = weights.to(dtype).to_empty(device=device)
    for name, parameter in weights.named_parameters():
        _fill(name, parameter, torch.Generator(device).manual_seed(zlib.crc32(f"{seed}/{name}".encode())))
    for name, module in weights.named_modules():
        _restore_buffers(name, module)
    vae = weights.vae
    vae.latent_mean, vae.latent_std = vae.latent_mean.float(), vae.latent_std.float()
    return weights.eval().requires_grad_(False)


def _fill(name: str, parameter: Tensor, generator: torch.Generator) -> None:
    if name.endswith("modulation"):
        parameter.zero_()
        for row in _GATES if len(parameter) > max(_GATES) else ():
            parameter[row] = _GATE
    elif parameter.ndim < 2:
        parameter.fill_(0.0 if name.endswith("bias") else 1.0)
    elif name.endswith("word_position"):
        parameter.normal_(std=_POSITION_STD, generator=generator)
    elif name.endswith("word.weight"):
        parameter.normal_(std=_WORD_STD, generator=generator)
    else:
        parameter.normal_(std=parameter[0].numel() ** -0.5, generator=generator)


def _restore_buffers(name: str, module: nn.Module) -> None:
    """Buffers hold no noise: what their module computes when it is built."""
    for key, buffer in module.named_buffers(recurse=False):
        if key in ("latent_mean", "latent_std"):
            buffer.fill_(float(key == "latent_std"))
        else:
            raise AssertionError(f"the buffer {name}.{key} has no rule")
