"""Let a model without trained weights hear its prompt, so that prompts are part of what a bench proves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import nn

from nodegraph.generator.pool import load

__all__ = ["hearing"]

LOUDNESS = 3.0
"""Standard deviation of a word's vector: ten times what training begins with, since nothing else makes text count."""


@contextmanager
def hearing(preset: str, prompts: Iterable[str], seed: int = 0) -> Iterator[None]:
    """Give the loaded model the words of these prompts, each with a seeded vector; afterwards it is as it was.

    A model that knows words already is left alone. Sessions that live meanwhile must not outlive this.
    """
    weights = load(preset).weights
    net = weights.transformer
    if weights.config.text.vocabulary:
        yield
        return
    before = weights.config, net.config, net.word
    words = tuple(sorted({word for prompt in prompts for word in prompt.lower().split()}))
    config = replace(weights.config, text=replace(weights.config.text, vocabulary=words))
    generator = torch.Generator().manual_seed(seed)
    vectors = LOUDNESS * torch.randn(len(words) + 1, net.word.embedding_dim, generator=generator)
    try:
        weights.config = net.config = config
        net.word = nn.Embedding.from_pretrained(vectors.to(net.word.weight))
        yield
    finally:
        weights.config, net.config, net.word = before
