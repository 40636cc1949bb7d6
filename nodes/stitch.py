"""Long video in overlapping segments."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from nodegraph.graph import Choice, Context, Live, Number, Seed, node
from nodegraph.values import Camera, Frames, Generator, Pose, Prompt
from nodegraph_nodes._segments import JOINS, SPACES, make_plan, make_stitch
from nodegraph_nodes.apt2 import FramesOut

__all__ = ["apt2_stitch"]


@node(id="apt2.stitch", version=1, name="Overlap stitch", category="generator", hidden_state=True)
async def apt2_stitch(
    *,
    ctx: Context,
    tick: AsyncIterator[int],
    generator: Annotated[Generator, "The model to use."],
    prompt: Live[Annotated[Prompt, "What to show."]],
    camera: Live[Annotated[Camera | None, "Where it is seen from; without one the view stays put."]] = Live(None),
    pose: Live[Annotated[Pose | None, "The character's pose; without one there is no character."]] = Live(None),
    seed: Annotated[int, Seed(), "The same seed gives the same video."] = 0,
    segment_ticks: Annotated[int, Number(ge=2, le=3600, step=1, unit="ticks"), "Length of a segment; 6 a second."] = 24,
    overlap_ticks: Annotated[int, Number(ge=1, le=1800, step=1, unit="ticks"), "How far two segments overlap."] = 4,
    join: Annotated[
        str,
        Choice(options=JOINS),
        "cut: change over after the overlap; cross_fade: blend; regenerate: go on from the last ticks.",
    ] = "regenerate",
    space: Annotated[str, Choice(options=SPACES), "Join latents (smoother) or decoded pixels (exact)."] = "latent",
) -> AsyncIterator[FramesOut]:
    """Generate long video as segments that overlap, so that errors do not add up without end.

    Each segment starts a fresh memory. cut and cross_fade run the next segment beside the old one during the overlap;
    regenerate gives the next one the last ticks as its past. Every tick gives four frames (one at the very first),
    whatever the joining rule.
    """
    from nodegraph.generator.session import Controls  # torch

    model = generator.handle
    plan = make_plan(segment_ticks, overlap_ticks, join)
    async with model.turn(ctx.live):
        video = await ctx.compute(model.device, lambda: make_stitch(model, plan, seed, join=join, space=space))
    async for t in tick:
        controls = Controls(prompt=prompt.value, camera=camera.value, pose=pose.value)
        async with model.turn(ctx.live):
            made = await ctx.compute(model.device, video.step, controls)
        ctx.timing("step", made.step_ms)
        ctx.timing("decode", made.decode_ms)
        ctx.progress(t + 1, ctx.ticks)
        yield FramesOut(Frames(tick=t, pixels=made.pixels))
