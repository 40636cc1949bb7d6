"""The judge of single pictures: names setting, light, character, weather and prop, and finds the body's keypoints.

One small convolutional network with a head per attribute and a heat map per keypoint, trained on renderings that are
softened, shifted in tone and cut into faint patches at random, so that a soft picture is judged for what it shows.

Shapes: N pictures, H rows, W columns, h = H / 4, w = W / 4, K = 17 keypoints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nodegraph.values import KEYPOINTS

__all__ = ["LookJudge", "Seen", "as_input", "look_loss", "soften"]

_STRIDE = 4
_REACH = 2
_SIGMA = 0.7


class Seen(NamedTuple):
    """What the judge says: probabilities [N, ids] per attribute, keypoints [N, K, 2] as fractions of the picture."""

    shares: dict[str, Tensor]
    points: Tensor
    features: Tensor


def as_input(pictures: Tensor) -> Tensor:
    """uint8 [N, H, W, 3] to float [N, 3, H, W] in -1..1."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1


class _Down(nn.Sequential):
    def __init__(self, before: int, after: int) -> None:
        super().__init__(
            nn.Conv2d(before, after, 3, stride=2, padding=1),
            nn.GroupNorm(8, after),
            nn.SiLU(),
            nn.Conv2d(after, after, 3, padding=1),
            nn.GroupNorm(8, after),
            nn.SiLU(),
        )


class LookJudge(nn.Module):
    """Args: `heads`: number of ids per attribute."""

    def __init__(self, heads: Mapping[str, int]) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 24, 5, stride=2, padding=2), nn.GroupNorm(8, 24), nn.SiLU())
        self.fine, self.middle, self.coarse = _Down(24, 48), _Down(48, 80), _Down(80, 112)
        self.from_coarse, self.from_middle = nn.Conv2d(112, 64, 1), nn.Conv2d(80, 64, 1)
        self.from_fine = nn.Conv2d(48, 64, 1)
        self.maps = nn.Sequential(
            nn.Conv2d(64, 64, 3, padding=1), nn.GroupNorm(8, 64), nn.SiLU(), nn.Conv2d(64, len(KEYPOINTS), 3, padding=1)
        )
        self.heads = nn.ModuleDict({name: nn.Linear(2 * 112 + 80, count) for name, count in heads.items()})

    def forward(self, x_N3HW: Tensor) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """Logits per attribute, heat-map logits [N, K, h, w], features [N, D]."""
        fine = self.fine(self.stem(x_N3HW))
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        features = torch.cat([coarse.mean((2, 3)), coarse.amax((2, 3)), middle.amax((2, 3))], dim=1)
        up = _to(self.from_coarse(coarse), middle) + self.from_middle(middle)
        up = F.silu(_to(up, fine) + self.from_fine(fine))
        return {name: head(features) for name, head in self.heads.items()}, self.maps(up), features

    @torch.no_grad()
    def look(self, pictures: Tensor, batch: int = 64) -> Seen:
        """Judge uint8 pictures [N, H, W, 3]."""
        self.eval()
        parts = [self(as_input(part)) for part in pictures.split(batch)]
        height, width = pictures.shape[1:3]
        return Seen(
            shares={name: torch.cat([p[0][name].softmax(1) for p in parts]) for name in self.heads},
            points=torch.cat([_peaks(p[1], height, width) for p in parts]),
            features=torch.cat([p[2] for p in parts]),
        )


def _to(x: Tensor, like: Tensor) -> Tensor:
    return F.interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)


def _peaks(maps_NKhw: Tensor, height: int, width: int) -> Tensor:
    """The centre of mass around each map's highest cell, as fractions of the picture [N, K, 2]."""
    n, k, h, w = maps_NKhw.shape
    best = maps_NKhw.flatten(2).argmax(2)
    row, column = best // w, best % w
    rows, columns = torch.arange(h), torch.arange(w)
    near = ((rows.view(1, 1, h, 1) - row[..., None, None]).abs() <= _REACH) & (
        (columns.view(1, 1, 1, w) - column[..., None, None]).abs() <= _REACH
    )
    share = maps_NKhw.masked_fill(~near, -torch.inf).flatten(2).softmax(2).view(n, k, h, w)
    y = (share.sum(3) * (rows + 0.5)).sum(2) * _STRIDE / height
    x = (share.sum(2) * (columns + 0.5)).sum(2) * _STRIDE / width
    return torch.stack([x, y], dim=-1)


def look_loss(
    judge: LookJudge, pictures: Tensor, labels: Mapping[str, Tensor], points: Tensor, seen: Tensor
) -> dict[str, Tensor]:
    """Cross-entropies of the heads, and of each visible keypoint's map against a Gaussian at its place.

    Args:
        judge: the network.
        pictures: [N, 3, H, W] in -1..1.
        labels: attribute -> [N].
        points: [N, K, 2] fractions. seen: [N, K].
    """
    logits, maps, _ = judge(pictures)
    losses = {name: F.cross_entropy(logits[name], label, label_smoothing=0.05) for name, label in labels.items()}
    h, w = maps.shape[-2:]
    height, width = pictures.shape[-2:]
    x = points[..., 0:1] * width / _STRIDE - 0.5
    y = points[..., 1:2] * height / _STRIDE - 0.5
    gauss_x = torch.exp(-((torch.arange(w) - x) ** 2) / (2 * _SIGMA**2))
    gauss_y = torch.exp(-((torch.arange(h) - y) ** 2) / (2 * _SIGMA**2))
    target = (gauss_y[..., :, None] * gauss_x[..., None, :]).flatten(2)
    target = target / target.sum(2, keepdim=True).clamp_min(1e-6)
    cross = -(target * maps.flatten(2).log_softmax(2)).sum(2)
    losses["points"] = (cross * seen).sum() / seen.sum().clamp_min(1)
    return losses


def soften(x_N3HW: Tensor, generator: torch.Generator) -> Tensor:
    """Make sharp pictures look like decoded ones, each batch member by its own amount: smaller and back, tone, noise,
    faint offsets of 8- or 16-pixel patches."""
    n, _, h, w = x_N3HW.shape

    def uniform(low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=generator))

    out = []
    for x in x_N3HW.split(max(1, n // 8)):
        factor = uniform(1.0, 3.5) if uniform(0, 1) < 0.7 else 1.0
        if factor > 1.1:
            small = F.interpolate(x, size=(round(h / factor), round(w / factor)), mode="area")
            x = F.interpolate(small, size=(h, w), mode="bilinear", align_corners=False)
        tone = 1 + 0.08 * torch.randn(len(x), 3, 1, 1, generator=generator)
        x = x * tone + 0.05 * torch.randn(len(x), 1, 1, 1, generator=generator)
        if uniform(0, 1) < 0.4:
            side = 8 if uniform(0, 1) < 0.5 else 16
            shape = (len(x), 3, -(-h // side), -(-w // side))
            patches = F.interpolate(0.05 * torch.randn(shape, generator=generator), scale_factor=side, mode="nearest")
            x = x + patches[..., :h, :w]
        out.append(x + uniform(0, 0.04) * torch.randn(x.shape, generator=generator))
    return torch.cat(out)
