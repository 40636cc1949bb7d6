"""The fast twin of the transformer's `step`, over the same weights and with the same face.

`accelerate` wraps weights from outside; a `Session` runs on the result as on the plain ones. Everything is computed by
the model's own layers, in the same order; what differs is where keys lie (`cache.py`), how positions are kept
(`rotation.py`), and, by choice, 8-bit products, compilation and recorded graphs.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn

from nodegraph.generator.checkpoint import Weights
from nodegraph.generator.fast.attention import choose_attention, named_attention
from nodegraph.generator.fast.block import after, before, fused_after, fused_before, fusible
from nodegraph.generator.fast.cache import FastCache
from nodegraph.generator.fast.fp8 import eight_bit
from nodegraph.generator.fast.options import AttentionName, FastOptions
from nodegraph.generator.fast.rotation import Phases
from nodegraph.generator.kv_cache import KVCache
from nodegraph.generator.layers import VideoBlock
from nodegraph.generator.transformer import APT2Transformer, TextState

__all__ = ["FastTransformer", "accelerate", "twin_of"]

M = TypeVar("M", bound=nn.Module)
_Projected = tuple[Tensor, Tensor, Tensor]
_TIMES_KEPT = 64


def accelerate(weights: Weights, options: FastOptions | None = None) -> Weights:
    """Weights whose transformer steps fast; parameters are shared, not copied. For inference only."""
    twin = twin_of(weights)
    twin.transformer = FastTransformer(weights.transformer, options or FastOptions())
    return twin


def twin_of(module: M) -> M:
    """Another module over the same parameters and children, whose own children can be exchanged."""
    other = copy.copy(module)
    for name in ("_modules", "_parameters", "_buffers"):
        other.__dict__[name] = dict(module.__dict__[name])
    return other


def _eight_bit(block: nn.Module) -> nn.Module:
    """The block with its four large products in 8 bits."""
    twin = twin_of(block)
    mlp = block.mlp
    assert isinstance(mlp, nn.Sequential) and isinstance(block.qkv, nn.Module) and isinstance(block.out, nn.Module)
    twin.qkv, twin.out = eight_bit(block.qkv), eight_bit(block.out)
    twin.mlp = nn.Sequential(eight_bit(mlp[0]), mlp[1], eight_bit(mlp[2]))
    return twin


class FastTransformer(APT2Transformer):
    """Shares the parameters of `plain`, which must stay on its device and in its precision."""

    def __init__(self, plain: APT2Transformer, options: FastOptions) -> None:
        nn.Module.__init__(self)
        self.__dict__.update(twin_of(plain).__dict__)
        self.options = options
        if options.fp8:
            self.blocks = nn.ModuleList(_eight_bit(block) for block in plain.blocks)
        self._before, self._after = _halves(options, fusible(plain.embed.weight.device, plain.head_dim))
        first = self.blocks[0]
        assert isinstance(first, VideoBlock)
        self.heads = self._attention_heads(first.heads)
        weight = self.embed.weight
        self.phases = Phases(self.grid, self.head_dim, weight.device)
        self.attention_name, self.attention_ms = options.attention, dict[str, float]()
        if options.attention == "auto":
            self.attention_name, self.attention_ms = self._fastest_attention(weight)
        self._attend = named_attention(self.attention_name)
        self._times: dict[tuple[float, int], Tensor] = {}

    def _fastest_attention(self, weight: Tensor) -> tuple[AttentionName, dict[str, float]]:
        shape, text = self.config.transformer, self.config.text
        return choose_attention(
            queries=self.config.tokens,
            keys=text.max_tokens + (shape.window + 2) * self.config.tokens,
            heads=self.heads,
            head_dim=self.head_dim,
            device=weight.device,
            dtype=weight.dtype,
        )

    def _attention_heads(self, heads: int) -> int:
        """Of the model's heads, those that this device attends with."""
        return heads

    def make_cache(self, batch: int = 1) -> FastCache:
        """An empty cache on this model's device and in its precision."""
        return self._cache(batch)

    def _cache(self, batch: int, first_head: int = 0) -> FastCache:
        weight = self.embed.weight
        return FastCache(
            blocks=len(self.blocks),
            batch=batch,
            window=self.config.transformer.window,
            tokens=self.config.tokens,
            text_tokens=self.config.text.max_tokens,
            heads=self.heads,
            head_dim=self.head_dim,
            phases=self.phases,
            device=weight.device,
            dtype=weight.dtype,
            first_head=first_head,
        )

    def step(
        self,
        z_BCRQ: Tensor,
        recycled_BCRQ: Tensor,
        condition_BURQ: Tensor,
        text: TextState,
        cache: KVCache,
        *,
        t: float = 1.0,
        commit: bool = True,
    ) -> Tensor:
        """Make the next latent frame x0 [B, C, R, Q], as the plain step does.

        `cache` comes from `make_cache`. Steady steps on CUDA are recorded and replayed.
        """
        assert isinstance(cache, FastCache)
        cache.use(text)
        inputs = (z_BCRQ, recycled_BCRQ, condition_BURQ.to(z_BCRQ.dtype))
        shared = self._shared(t, z_BCRQ.shape[0])
        if commit and self.options.graphs and z_BCRQ.is_cuda and t == 1.0 and cache.full():
            x0 = self._replayed(inputs, shared, cache)
        else:
            x0 = self._body(*inputs, shared, t, cache)
            if commit:
                cache.advance_device()
        if commit:
            cache.advance_host()
        return x0

    def _replayed(self, inputs: tuple[Tensor, ...], shared: Tensor, cache: FastCache) -> Tensor:
        held = cache.graph_inputs(inputs)
        for mine, given in zip(held, inputs, strict=True):
            mine.copy_(given, non_blocking=True)

        def steady() -> Tensor:
            x0 = self._body(held[0], held[1], held[2], shared, 1.0, cache)
            cache.advance_device()
            return x0

        return cache.graphs.run(cache.span(), steady).clone()

    def _shared(self, t: float, batch: int) -> Tensor:
        """The modulation of a flow time [B, 6, D]; nearly always that of t = 1, so the last ones are kept."""
        key = (t, batch)
        if key not in self._times:
            if len(self._times) >= _TIMES_KEPT:
                # Recorded steps read the one of t = 1: it stays.
                self._times = {known: value for known, value in self._times.items() if known[0] == 1.0}
            self._times[key] = self.time(torch.full((batch,), t, device=self.embed.weight.device))
        return self._times[key]

    def _body(
        self, z: Tensor, recycled: Tensor, condition: Tensor, shared: Tensor, t: float, cache: FastCache
    ) -> Tensor:
        """One pass. Reads and writes static buffers only, and never asks the device for a value."""
        x, entered = self.enter(z[:, None], recycled[:, None], condition[:, None], shared)
        rows, turn = cache.begin()
        x, turn = self._split(x), (self._split(turn[0][None])[0], self._split(turn[1][None])[0])
        first, end = cache.span()
        for index, block in enumerate(self.blocks):
            assert isinstance(block, VideoBlock)
            roles = block.roles(shared)
            q, k, v = self._to_heads(*self._before(block, x, roles[0], roles[1], turn))
            cache.write(index, rows, k, v)
            mixed = self._attend(q, cache.k[index, :, first:end], cache.v[index, :, first:end])
            x = self._after(block, x, self._to_tokens(mixed), roles)
        x = self._join(x)
        t_B = torch.full((z.shape[0],), t, device=z.device)
        return self.to_x0(self.leave(x, entered, shared, 1), z[:, None], t_B)[:, 0]

    # Where several devices share the tokens of a frame, these move them about; see `nodegraph.generator.parallel`.

    def _split(self, x_BND: Tensor) -> Tensor:
        """This device's tokens of a frame."""
        return x_BND

    def _to_heads(self, q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """From all heads of this device's tokens to its heads of all tokens."""
        return q, k, v

    def _to_tokens(self, mixed: Tensor) -> Tensor:
        """From this device's heads of all tokens to all heads of its tokens."""
        return mixed

    def _join(self, x_BnD: Tensor) -> Tensor:
        """All tokens from every device's."""
        return x_BnD


def _halves(options: FastOptions, fused: bool) -> tuple[Callable[..., _Projected], Callable[..., Tensor]]:
    """The two halves of a block: compiled, with our own kernels, or as the block has them."""
    if options.compile:
        return torch.compile(before), torch.compile(after)
    return (fused_before, fused_after) if options.kernels and fused else (before, after)
