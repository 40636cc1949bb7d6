"""Shapes and schedules of published streaming generators, as far as their speed depends on them.

All run through our own block and decoder with seeded random weights: the pictures are noise, the work is theirs in
parameters, tokens, passes and chunk. A chunk of c latent frames is laid out as a picture c times as high, which costs
the same. The number of blocks is set so that the parameters which a pass computes are as many as published.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nodegraph.generator.config import SPACE_FACTOR, GeneratorConfig, TextConfig, TransformerConfig, VAEConfig
from nodegraph.values import FRAMES_PER_TICK

__all__ = ["METHODS", "Method", "shrunk"]

_SMALLEST_WIDTH = 32


@dataclass(frozen=True, kw_only=True)
class Method:
    """A generator and what its paper reports."""

    name: str
    source: str
    published_on: str
    published_latency_s: float
    published_fps: float
    width: int
    height: int
    passes: int
    """Network passes per chunk."""
    chunk: int
    """Latent frames made together."""
    frames: int
    """Video frames that a chunk gives."""
    past_chunks: int
    """Chunks that a chunk attends to, besides itself."""
    shape: TransformerConfig
    vae: VAEConfig = field(default_factory=VAEConfig)

    @property
    def config(self) -> GeneratorConfig:
        """The network's configuration: a chunk as one tall picture. The cache's sink is one of the past chunks."""
        return GeneratorConfig(
            name=self.name,
            width=self.width,
            height=self.height * self.chunk,
            vae=self.vae,
            text=TextConfig(max_tokens=256),
            transformer=replace(self.shape, window=max(self.past_chunks - 1, 1)),
        )


METHODS = {
    "apt2": Method(
        name="apt2",
        source="arXiv 2506.09350: 8 B, 1 pass, window of 30 latent frames and the first",
        published_on="1 H100",
        published_latency_s=0.16,
        published_fps=24.8,
        width=736,
        height=416,
        passes=1,
        chunk=1,
        frames=FRAMES_PER_TICK,
        past_chunks=31,
        shape=TransformerConfig(),
    ),
    "causvid": Method(
        name="causvid",
        source="arXiv 2412.07772: 5 B, 4 passes, chunks of 5 latent frames (16 frames), 10 s",
        published_on="1 H100",
        published_latency_s=1.30,
        published_fps=9.4,
        width=640,
        height=352,
        passes=4,
        chunk=5,
        frames=16,
        past_chunks=7,
        shape=TransformerConfig(width=3072, heads=48, blocks=44, text_width=256),
    ),
    "magi1": Method(
        name="magi1",
        source="arXiv 2505.13211: 24 B, 8 passes, chunks of 6 latent frames (24 frames), 4 past chunks",
        published_on="8 H100",
        published_latency_s=7.00,
        published_fps=3.43,
        width=736,
        height=416,
        passes=8,
        chunk=6,
        frames=24,
        past_chunks=4,
        shape=TransformerConfig(width=6144, heads=48, blocks=53, text_width=256),
    ),
}
"""Published figures as in the table of arXiv 2506.09350, section 5; heads and widths of the others from their releases.
CausVid's extra pass that writes clean keys and MAGI-1's overlapping chunks are left out, which favours both."""


def shrunk(method: Method, factor: int) -> Method:
    """The method with widths, blocks and picture divided by `factor`, for machines without a GPU; chunk and passes
    stay."""
    if factor <= 1:
        return method
    cell = SPACE_FACTOR * method.shape.patch
    heads = max(method.shape.heads // factor, 2)
    shape = replace(
        method.shape,
        heads=heads,
        width=max(method.shape.width // factor // heads, _SMALLEST_WIDTH // 2) * heads // 2 * 2,
        blocks=max(method.shape.blocks // factor, 1),
        text_width=_SMALLEST_WIDTH,
    )
    return replace(
        method,
        shape=shape,
        width=max(method.width // factor // cell, 1) * cell,
        height=max(method.height // factor // cell, 1) * cell,
        vae=VAEConfig(patch=4, encoder_widths=(16, 24, 32), decoder_widths=(16, 24, 32), taps=(1, 2, 2)),
    )
