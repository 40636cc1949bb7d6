"""The first frame of a stream that starts from a prompt alone.

APT2 starts from a user's image and makes every later frame in one pass. Where there is no image, the same network,
trained by flow matching on first frames at all times, samples one in a few Euler steps with classifier-free guidance
(2207.12598); the stream then starts from it as from an image.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from nodegraph.generator.transformer import APT2Transformer, TextState

__all__ = ["sample_first_frame", "sampling_times"]


def sampling_times(steps: int, shift: float) -> list[float]:
    """Flow times from 1 to 0, `steps` + 1 of them, denser where it is noisy."""
    grid = [1 - i / steps for i in range(steps + 1)]
    return [shift * u / (1 + (shift - 1) * u) for u in grid]


def sample_first_frame(
    net: APT2Transformer, z_BCRQ: Tensor, planes_BURQ: Tensor, text: TextState, no_text: TextState
) -> Tensor:
    """Integrate dz/dt = v from noise at t = 1 to x0 [B, C, R, Q] at t = 0, in float32.

    v = v(no text) + guidance (v(text) - v(no text)), v = (z - x0) / t.
    """
    shape = net.config.transformer
    cache = net.make_cache(z_BCRQ.shape[0])
    empty = torch.zeros_like(z_BCRQ, dtype=net.embed.weight.dtype)
    dtype = net.embed.weight.dtype
    z = z_BCRQ.float()
    times = sampling_times(shape.first_frame_steps, shape.first_frame_shift)
    for t, after in pairwise(times):
        z_in = z.to(dtype)
        x0 = net.step(z_in, empty, planes_BURQ, text, cache, t=t, commit=False).float()
        if shape.first_frame_guidance != 1.0:
            free = net.step(z_in, empty, planes_BURQ, no_text, cache, t=t, commit=False).float()
            x0 = free + shape.first_frame_guidance * (x0 - free)
        z = z + (after - t) * (z - x0) / t
    return z
