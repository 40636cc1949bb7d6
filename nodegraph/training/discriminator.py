"""The discriminator: the generator's backbone, looking at clean frames (APT2 section 4.3).

`frame`: causal, one logit per frame, as in the paper. `clip`: bidirectional, one logit per clip (AAD-1, 2606.03972,
found that causal per-frame logits can let the video freeze).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor, nn

from nodegraph.generator.transformer import APT2Transformer

__all__ = ["Discriminator", "approximate_penalty", "recycle"]


def recycle(x_BTCRQ: Tensor, first: Tensor | None = None) -> Tensor:
    """Shift by one frame: what each frame is recycled from; `first` [B, C, R, Q] stands before frame 0 (else zeros)."""
    head = torch.zeros_like(x_BTCRQ[:, :1]) if first is None else first[:, None]
    return torch.cat([head, x_BTCRQ[:, :-1]], dim=1)


class Discriminator(nn.Module):
    """Logits [B, T] ("frame") or [B, 1] ("clip") of clean latents under their conditions."""

    def __init__(self, source: APT2Transformer, *, kind: Literal["frame", "clip"], blocks: int) -> None:
        super().__init__()
        self.kind = kind
        config = replace(source.config, transformer=replace(source.config.transformer, blocks=blocks))
        self.backbone = APT2Transformer(config)
        # From the diffusion-trained weights: it already knows what frames under these conditions look like.
        own = self.backbone.state_dict()
        self.backbone.load_state_dict({name: value for name, value in source.state_dict().items() if name in own})
        for unused in (self.backbone.head, self.backbone.skip, *_way_out(self.backbone)):
            if unused is not None:
                unused.requires_grad_(False)
        self.backbone.last_modulation.requires_grad_(False)
        # The last text block's output is never read.
        last = self.backbone.text_blocks[-1]
        for part in ("out", "mlp", "mlp_norm", "q_norm"):
            getattr(last, part).requires_grad_(False)
        self.norm = nn.LayerNorm(config.transformer.width)
        self.logit = nn.Linear(config.transformer.width, 1)
        nn.init.zeros_(self.logit.weight)
        nn.init.zeros_(self.logit.bias)
        self._trained = [p for p in self.parameters() if p.requires_grad]

    def freeze(self) -> None:
        """Stop collecting gradients of the weights, while the generator is updated through them."""
        for p in self._trained:
            p.requires_grad_(False)

    def unfreeze(self) -> None:
        """Collect gradients again."""
        for p in self._trained:
            p.requires_grad_(True)

    def forward(
        self, x_BTCRQ: Tensor, planes_BTURQ: Tensor, tokens_BL: Tensor, t_B: Tensor, *, late_BT: Tensor | None = None
    ) -> Tensor:
        """`t_B` is drawn uniformly: the backbone was trained at all times, and clean frames are shown at each."""
        features = self.backbone(
            x_BTCRQ,
            recycle(x_BTCRQ),
            planes_BTURQ,
            tokens_BL,
            t_B,
            late_BT=late_BT,
            causal=self.kind == "frame",
            features=True,
        )
        logits: Tensor = self.logit(self.norm(features)).mean(dim=2)[..., 0].float()
        return logits if self.kind == "frame" else logits.mean(dim=1, keepdim=True)


def approximate_penalty(logits: Tensor, disturbed: Tensor) -> Tensor:
    """Approximated R1/R2: |D(x) - D(x + sigma n)|^2 (APT, 2501.08316, section 3.3)."""
    return (logits - disturbed).square().mean()


def _way_out(net: APT2Transformer) -> list[nn.Module]:
    """The parts between the last hidden state and the picture, which a judge never uses."""
    pyramid = net.pyramid
    if pyramid is None:
        return []
    return [pyramid.widen, pyramid.coming_out, pyramid.leave, pyramid.skip, *([pyramid.trust] if pyramid.trust else [])]
