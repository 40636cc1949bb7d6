"""The autoencoder's encoder in two linear steps, fitted in closed form: for what is encoded at every tick.

Around a linear path the convolutions of a small encoder add little more than what the neighbouring cells tell, so a
regression on the principal components of 3x3 cells stands for it (for `tiny`: squared error 1e-5 of a signal of 0.14)
at a fiftieth of the work.

Shapes: B ticks of 4 frames, K components, C latent channels, R rows and Q columns of the latent.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.generator.config import SPACE_FACTOR
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["QuickEncoder"]

_COMPONENTS = 64
_VALUES = FRAMES_PER_TICK * 3 * SPACE_FACTOR**2
_RIDGE = 1e-4
_FLOOR = 1e-5


class QuickEncoder(nn.Module):
    """Frames of a tick that is not a clip's first to its normalised latent. Unfitted it gives zeros."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.basis = nn.Linear(_VALUES, _COMPONENTS)
        self.mix = nn.Conv2d(_COMPONENTS, channels, 3)
        for layer in (self.basis, self.mix):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]  # both have one

    @property
    def fitted(self) -> bool:
        """Whether there is anything to encode with."""
        return bool(self.mix.weight.any())

    def forward(self, video_BT3HW: Tensor) -> Tensor:
        """[B, C, R, Q] of [B, 4, 3, H, W] in -1..1."""
        out: Tensor = self.mix(self._components(video_BT3HW))
        return out

    def _components(self, video_BT3HW: Tensor) -> Tensor:
        """[B, K, R + 2, Q + 2], the rim repeated."""
        cells = F.pixel_unshuffle(video_BT3HW.flatten(0, 1), SPACE_FACTOR).unflatten(0, (-1, FRAMES_PER_TICK))
        parts = F.conv2d(cells.flatten(1, 2), self.basis.weight[..., None, None], self.basis.bias)
        return F.pad(parts, (1, 1, 1, 1), mode="replicate")

    @torch.no_grad()
    def fit(self, samples: Iterable[tuple[Tensor, Tensor]]) -> None:
        """Set the weights by least squares from frames [B, 4, 3, H, W] and their latents [B, C, R, Q]."""
        pairs = [(video.float(), latent.float()) for video, latent in samples]
        self._fit_basis([video for video, _ in pairs])
        size = _COMPONENTS * 9 + 1
        gram, right = (
            torch.zeros(size, size, dtype=torch.float64),
            torch.zeros(size, self.mix.out_channels, dtype=torch.float64),
        )
        for video, latent in pairs:
            around = F.unfold(self._components(video), 3)
            design = torch.cat([around, torch.ones_like(around[:, :1])], dim=1).transpose(1, 2).flatten(0, 1)
            gram += (design.T @ design).double().cpu()
            right += (design.T @ latent.flatten(2).transpose(1, 2).flatten(0, 1)).double().cpu()
        held = gram + _RIDGE * gram.diagonal().mean().clamp(min=1e-9) * torch.eye(size, dtype=torch.float64)
        solved = torch.linalg.solve(held, right).float()
        self.mix.weight.copy_(solved[:-1].T.unflatten(1, (_COMPONENTS, 3, 3)))
        assert self.mix.bias is not None
        self.mix.bias.copy_(solved[-1])

    def _fit_basis(self, videos: list[Tensor]) -> None:
        """Principal components of cells, each scaled to unit deviation."""
        cells = torch.cat(
            [
                F.pixel_unshuffle(v.flatten(0, 1), SPACE_FACTOR).unflatten(0, (-1, FRAMES_PER_TICK)).flatten(1, 2)
                .permute(0, 2, 3, 1).flatten(0, 2)
                for v in videos
            ]
        )  # fmt: skip
        centre = cells.mean(0)
        values, vectors = torch.linalg.eigh(((cells - centre).T @ (cells - centre) / len(cells)).double())
        # What hardly varies in the samples must not be blown up in other pictures.
        spread = (values[-_COMPONENTS:] + _FLOOR * values[-1]).clamp(min=1e-9).sqrt()
        basis = (vectors[:, -_COMPONENTS:] / spread).float()
        self.basis.weight.copy_(basis.T)
        self.basis.bias.copy_(-(centre @ basis))
