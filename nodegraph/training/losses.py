"""Losses, each with its source."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["damaged", "huber", "near", "picture_loss", "relativistic_d", "relativistic_g", "shifted_time"]


def shifted_time(u: Tensor, shift: float) -> Tensor:
    """Flow time t = s u / (1 + (s - 1) u) of uniform u (APT2 section 4.1; SD3 2403.03206 section 5.3.2)."""
    return shift * u / (1 + (shift - 1) * u)


def huber(a: Tensor, b: Tensor) -> Tensor:
    """Pseudo-Huber distance per sample [B]: sqrt(mean square + c^2) - c (improved consistency training 2310.14189)."""
    c = 0.03
    return (((a - b).float() ** 2).flatten(1).mean(1) + c**2).sqrt() - c


def near(a: Tensor, b: Tensor, weight: Tensor | None = None) -> Tensor:
    """Distance per sample [B] that is nearly absolute in every element: unlike a square, it does not reward blur.

    `weight` says what counts more; it may have fewer channels.
    """
    c = 0.1
    distance = ((a - b).float() ** 2 + c**2).sqrt() - c
    return (distance if weight is None else distance * weight).flatten(1).mean(1)


def damaged(x_BCRQ: Tensor, level_B: Tensor, noise_BCRQ: Tensor) -> Tensor:
    """A latent as a long stream may leave it: partly blurred over neighbouring cells, partly noise. Level 0 to 1."""
    level = level_B.to(x_BCRQ)[:, None, None, None]
    soft = F.avg_pool2d(F.pad(x_BCRQ, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    return x_BCRQ + level * (soft - x_BCRQ) + 0.2 * level.square() * noise_BCRQ


def relativistic_g(real: Tensor, fake: Tensor) -> Tensor:
    """The generator's side, to be minimised: softplus(D(real) - D(fake)) (APT2 section 4.3; R3GAN 2501.05441)."""
    return F.softplus(real - fake).mean()


def relativistic_d(real: Tensor, fake: Tensor) -> Tensor:
    """The discriminator's side: softplus(D(fake) - D(real))."""
    return F.softplus(fake - real).mean()


def _edges(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 1:, :] - x[..., :-1, :], x[..., :, 1:] - x[..., :, :-1]


def picture_loss(made: Tensor, true: Tensor) -> Tensor:
    """Mean absolute error plus that of edges at three scales; frames [X, 3, H, W] in -1..1."""
    loss = (made - true).abs().mean()
    for scale in range(3):
        for a, b in zip(_edges(made), _edges(true), strict=True):
            loss = loss + (a - b).abs().mean() * 0.7
        if scale < 2:
            made, true = F.avg_pool2d(made, 2), F.avg_pool2d(true, 2)
    return loss


def mean_per_frame(x: Tensor) -> Tensor:
    """Mean over all but batch and time."""
    return torch.as_tensor(x.float().flatten(2).mean(2))
