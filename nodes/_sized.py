"""A model at another size of the picture: the same weights in memory, other shapes around them."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nodegraph.generator.pool import Model

__all__ = ["MAX_SIDE", "sized"]

MAX_SIDE = 4096
"""The longest side of a picture in pixels."""


def sized(model: Model, width: int, height: int) -> Model:
    """Return the model with pictures of another size in pixels; 0 leaves a side as it is.

    Attention and convolutions take any number of cells, and positions are relative to the picture. Nothing was trained
    at the new size, so the picture differs in more than its sharpness. Both models take turns on the device.

    Raises:
        NodegraphError: out_of_range for a size that does not divide into patches.
    """
    # Here and not above: importing torch takes seconds, and the editor's node list must not wait for it.
    import torch

    from nodegraph.generator.checkpoint import Weights
    from nodegraph.generator.pool import Model

    config = replace(model.config, width=width or model.width, height=height or model.height)
    if (config.width, config.height) == (model.width, model.height):
        return model
    with torch.device("meta"):  # the shapes alone; the tensors are those of the model
        weights = Weights(config)
    weights.load_state_dict(model.weights.state_dict(), assign=True)

    class Sized(Model):
        def turn(self, live: bool) -> AbstractAsyncContextManager[None]:
            return model.turn(live)

    return Sized(weights, preset=model.preset, model_hash=model.model_hash, device=model.device, dtype=model.dtype)
