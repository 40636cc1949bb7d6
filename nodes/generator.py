"""Weights, loaded once and shared by every run."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS
from nodegraph.graph import Choice, Context, Hidden, Number, node
from nodegraph.values import Generator
from nodegraph_nodes._sized import MAX_SIDE, sized

__all__ = ["GeneratorOut", "generator_load"]


class GeneratorOut(NamedTuple):
    """What the loader gives."""

    generator: Generator


Side = Annotated[
    int, Number(ge=0, le=MAX_SIDE, step=1, unit="px"), Hidden(), "For renders at another size; 0 is the model's own."
]


def _load(preset: str, width: int, height: int) -> Any:
    # Here and not above: importing torch takes seconds, and the editor's node list must not wait for it.
    from nodegraph.generator import pool

    return sized(pool.load(preset), width, height)


@node(id="generator.load", version=1, name="Load generator", category="generator")
async def generator_load(
    *,
    ctx: Context,
    preset: Annotated[str, Choice(options=PRESETS), "Which model: its size decides the size of the picture."] = (
        DEFAULT_PRESET
    ),
    width: Side = 0,
    height: Side = 0,
) -> GeneratorOut:
    """Load a video model; the first time takes a moment, afterwards it stays loaded.

    tiny is the shipped model, live on a processor without a GPU. debug is a very small one for trying out graphs. 8b
    has the shape of the APT2 paper and needs weights of your own and a large GPU.
    """
    model = await ctx.work(_load, preset, width, height)
    return GeneratorOut(Generator(handle=model, preset=preset, width=model.width, height=model.height))
