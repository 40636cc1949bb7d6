"""Losses, each with its source."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["huber", "near", "picture_loss", "relativistic_d", "relativistic_g", "shifted_time"]


def shifted_time(u: Tensor, shift: float) -> Tensor:
    """Flow time t = s u / (1 + (s - 1) u) of uniform u (APT2 section 4.1; SD3 2403.03206 section 5.3.2)."""
    return shift * u / (1 + (shift - 1) * u)


def huber(a: Tensor, b: Tensor) -> Tensor:
    """Pseudo-Huber distance per sample [B]: sqrt(mean square + c^2) - c (improved consistency training 2310.14189)."""
    c = 0.03
    return (((a - b).float() ** 2).flatten(1).mean(1) + c**2).sqrt() - c


def near(a: Tensor, b: Tensor) -> Tensor:
    """Distance per sample [B] that is nearly absolute in every element: unlike a square, it does not reward blur."""
    c = 0.02
    return (((a - b).float() ** 2 + c**2).sqrt() - c).flatten(1).mean(1)


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
