"""A loaded model whose sessions and decoders take the fast path."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.fast.decoder import FastDecoder
from nodegraph.generator.fast.options import FastOptions
from nodegraph.generator.fast.transformer import accelerate
from nodegraph.generator.pool import Model
from nodegraph.generator.session import Session, noise

__all__ = ["FastModel", "FastSession"]


class FastSession(Session):
    """A session whose noise and controls reach the device through pinned memory: no copy waits for steps in flight."""

    def _upload(self, tensor: Tensor) -> Tensor:
        weight = self._net.embed.weight
        if weight.is_cuda and not tensor.is_cuda:
            tensor = tensor.pin_memory().to(weight.device, non_blocking=True)
        return tensor

    def _noise(self, purpose: int = 0) -> Tensor:
        return self._upload(noise(self._seed, self.tick, self._config.latent_shape, purpose=purpose))

    def _disturbed(self, recycled: Tensor) -> Tensor:
        level = self._net.config.transformer.recycle_noise
        return recycled + level * self._noise(purpose=1).to(recycled) if level else recycled

    def _advance(self, planes: Tensor, *, target: Tensor | None) -> Tensor:
        weight = self._net.embed.weight
        z = self._noise().to(weight)[None]
        first = target if self.tick == 0 else self._previous
        recycled = torch.zeros_like(z) if first is None else self._disturbed(first).to(weight)[None]
        planes = self._upload(planes).to(weight)[None]
        assert self._text is not None
        x0 = self._net.step(z, recycled, planes, self._text, self._cache)[0].float()
        latent = x0 if target is None else target.float()
        self._window = [*self._window, (z, recycled, planes)][-(self._cache.window + 1) :]
        self._previous = latent
        self.tick += 1
        return latent


class FastModel(Model):
    """The same weights as `model`, on the same device; both can be used side by side."""

    def __init__(self, model: Model, options: FastOptions | None = None) -> None:
        # `Model` moves and casts weights; these are in place already, and casting would undo 8-bit layers.
        self.__dict__.update(vars(model))
        self.options = options or FastOptions()
        self.weights = accelerate(model.weights, self.options)

    def session(self, seed: int, image: NDArray[np.uint8] | None = None, **options: Any) -> Session:
        """A session; `image` uint8 [H, W, 3] of the model's size becomes its first frame; options as in `Session`."""
        latent = None if image is None else self.encode(image[None])[0]
        return FastSession(self.weights, seed, latent, **options)

    def decoder(self) -> FastDecoder:
        """A new decoder at the start of a clip."""
        return FastDecoder(self.weights)
