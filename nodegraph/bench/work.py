"""What one latent frame costs, counted: operations by running the real model on the meta device, bytes by its shapes.

Nothing is computed and no memory is taken, so the 8 B shape is counted in a second.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch.utils.flop_counter import FlopCounterMode

from nodegraph.errors import NodegraphError
from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.config import GeneratorConfig, preset
from nodegraph.generator.transformer import TextState
from nodegraph.generator.vae import CausalState

__all__ = ["Work", "count_work", "parse_size", "sized"]

_LARGE_PIXELS = 736 * 416
_LARGE_WINDOW = 15
"""The paper's window above 736x416 (section 3.2)."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Operations (a multiplication and an addition are two) and bytes of one latent frame at full cache."""

    linear_flops: int
    """Everything in a step but attention."""
    attention_flops: int
    decode_flops: int
    weight_bytes: int
    """Weights that a step reads."""
    cache_bytes: int
    """Keys and values that a step reads; also what a session holds."""
    decoder_bytes: int
    """Weights of the decoder and, once written and once read, what it leaves of each layer."""
    parameters: int
    step_parameters: int

    @property
    def step_flops(self) -> int:
        """Operations of the transformer."""
        return self.linear_flops + self.attention_flops

    @property
    def flops_per_tick(self) -> int:
        """Operations of transformer and decoder."""
        return self.step_flops + self.decode_flops

    def floor_s(self, flops_s: float, bytes_s: float, *, linear_flops_s: float | None = None) -> float:
        """Seconds below which no program goes on a device of this speed: per part, the slower of sums and memory."""
        linear_s = self.linear_flops / (linear_flops_s or flops_s)
        parts = (
            (linear_s, self.weight_bytes),
            (self.attention_flops / flops_s, self.cache_bytes),
            (self.decode_flops / flops_s, self.decoder_bytes),
        )
        return sum(max(seconds, read / bytes_s) for seconds, read in parts)


def parse_size(text: str | None) -> tuple[int, int] | None:
    """`WxH` in pixels."""
    if text is None:
        return None
    width, by, height = text.lower().partition("x")
    if not by or not width.isdigit() or not height.isdigit():
        raise NodegraphError(
            "out_of_range", "The size is not understood.", got=text, expected="WIDTHxHEIGHT, as 736x416"
        )
    return int(width), int(height)


def sized(name: str, size: tuple[int, int] | None = None, window: int | None = None) -> GeneratorConfig:
    """A preset at another size or window. The paper's shape takes a window of 15 above 736x416."""
    config = preset(name)
    width, height = size or (config.width, config.height)
    if window is None:
        window = config.transformer.window
        if name == "8b" and width * height > _LARGE_PIXELS:
            window = _LARGE_WINDOW
    if window < 1:
        raise NodegraphError("out_of_range", "The window holds no frame.", got=str(window), expected="1 or more")
    return replace(config, width=width, height=height, transformer=replace(config.transformer, window=window))


@torch.no_grad()
def count_work(config: GeneratorConfig, *, weight_bytes: float = 2.0, cache_bytes: float = 2.0) -> Work:
    """Count a steady step and a steady decoding. `weight_bytes` and `cache_bytes` are per number: 2 in bf16."""
    with torch.device("meta"):
        weights = Weights(config)
        step_flops = _step_flops(weights)
        decode_flops, decoded = _decode(weights)
    shape = config.transformer
    keys = config.text.max_tokens + (shape.window + 2) * config.tokens
    attention = 4 * config.tokens * keys * shape.width * shape.blocks
    net, vae = weights.transformer, weights.vae
    text = sum(p.numel() for p in net.text_blocks.parameters()) + net.word.weight.numel()
    total = sum(p.numel() for p in weights.parameters())
    step = sum(p.numel() for p in net.parameters()) - text
    decoder = sum(p.numel() for name, p in vae.named_parameters() if not name.startswith(("enter", "encoder", "to_")))
    return Work(
        linear_flops=step_flops - attention,
        attention_flops=attention,
        decode_flops=decode_flops,
        weight_bytes=int(step * weight_bytes),
        cache_bytes=int(2 * keys * shape.width * shape.blocks * cache_bytes),
        decoder_bytes=int((decoder + 2 * decoded) * weight_bytes),
        parameters=total,
        step_parameters=step,
    )


def _step_flops(weights: Weights) -> int:
    net, config = weights.transformer, weights.config
    shape, (channels, rows, columns) = config.transformer, config.latent_shape
    length = config.text.max_tokens
    keys = tuple(torch.empty(1, length, shape.heads, net.head_dim) for _ in range(shape.blocks))
    text = TextState(keys=keys, values=keys, mask=torch.ones(1, length, dtype=torch.bool, device="cpu"))
    # Only the number of frames that are held matters; on the meta device the cache takes no room.
    cache = net.make_cache()
    cache.frames = shape.window + 1
    z, planes = torch.empty(1, channels, rows, columns), torch.empty(1, config.condition_channels, rows, columns)
    with FlopCounterMode(display=False) as counter:
        net.step(z, z, planes, text, cache, commit=False)
    return int(counter.get_total_flops())


def _decode(weights: Weights) -> tuple[int, int]:
    """Operations of a steady decoding, and how many numbers its convolutions leave."""
    state = CausalState()
    latent = torch.empty(1, 1, *weights.config.latent_shape)
    weights.vae.decode(latent, state)
    made = 0

    def note(_module: object, _inputs: object, output: object) -> None:
        nonlocal made
        made += output.numel() if isinstance(output, torch.Tensor) else 0

    hooks = [m.register_forward_hook(note) for m in weights.vae.modules() if isinstance(m, torch.nn.Conv2d)]
    with FlopCounterMode(display=False) as counter:
        weights.vae.decode(latent, state)
    for hook in hooks:
        hook.remove()
    return int(counter.get_total_flops()), made
