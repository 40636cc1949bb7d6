"""Where frames go: to whoever watches, and into files that carry their workflow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from time import perf_counter
from typing import Annotated, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph import Choice, Context, Hidden, Live, Number, Text, node
from nodegraph.media.marker import burn_marker
from nodegraph.values import FRAMES_PER_TICK, Frames, SavedFile
from nodegraph_nodes._files import VIDEO_SUFFIXES, Film, embedded, to_the_end, write_image

__all__ = ["FileOut", "chosen_frames", "save_images", "save_video", "view_preview"]

VIDEO_CHOICES = tuple(VIDEO_SUFFIXES)

Prefix = Annotated[
    str, Text(placeholder="nodegraph"), "Start of the file's name; it may name folders, as in films/city."
]


class FileOut(NamedTuple):
    """The file that was written."""

    file: SavedFile


@node(id="view.preview", version=1, name="Preview", category="output", output=True)
async def view_preview(
    *,
    ctx: Context,
    frames: Annotated[AsyncIterator[Frames], "The frames to show."],
    format: Live[
        Annotated[str, Choice(options=("jpeg", "webp")), "How pictures travel: jpeg is quicker, webp smaller."]
    ] = Live("jpeg"),
    quality: Live[Annotated[int, Number(ge=1, le=100, step=1), "1 is smallest, 100 is best."]] = Live(85),
    marker: Live[
        Annotated[
            int, Number(ge=0, le=255, step=1), Hidden(), "Shown in the corner as squares, to measure delays; 0 is none."
        ]
    ] = Live(0),
) -> None:
    """Show the frames on the stage and in the node while they are made.

    When the connection is slow, frames are left out, the newest is always shown. Files are written by the Save nodes.
    """
    async for item in frames:
        if marker.value:
            item = replace(item, pixels=burn_marker(item.pixels, marker.value))
        await ctx.preview(item, format=format.value, quality=quality.value)


@node(id="save.video", version=1, name="Save video", category="output", output=True)
async def save_video(
    *,
    ctx: Context,
    frames: Annotated[AsyncIterator[Frames], "The frames to write, 24 a second."],
    prefix: Prefix = "nodegraph",
    format: Annotated[
        str, Choice(options=VIDEO_CHOICES), "mp4 is H.264 and plays anywhere; WebM with VP9 or AV1 is smaller."
    ] = "mp4",
    crf: Annotated[int, Number(ge=0, le=51, step=1), "Quality: 0 is best, 18 looks lossless, 51 is worst."] = 18,
) -> FileOut:
    """Write a film. The workflow is stored inside: drop the file on the canvas to get it back.

    Frames are written as they come, so memory does not grow. If the run is stopped, the film ends there and is kept.
    """
    film: Film | None = None
    try:
        async for item in frames:
            if film is None:
                film = Film(ctx.reserve_output(prefix, VIDEO_SUFFIXES[format]), format, crf, embedded(ctx))
            started = perf_counter()
            await ctx.work(film.write, item.pixels)
            ctx.timing("encode", (perf_counter() - started) * 1000.0)
            ctx.progress(item.tick + 1, ctx.ticks)
    finally:
        if film is not None:
            await to_the_end(_keep(ctx, film))
    if film is None:
        remedy = "Look at the nodes before this one: the first error stands there."
        raise NodegraphError("missing_input", "No frame came in, so there is no film.", port="frames", remedy=remedy)
    return FileOut(film.saved)


async def _keep(ctx: Context, film: Film) -> None:
    if await ctx.work(film.finish):
        ctx.result(film.saved)


@node(id="save.images", version=1, name="Save images", category="output", output=True)
async def save_images(
    *,
    ctx: Context,
    frames: Annotated[AsyncIterator[Frames], "The frames to choose from, 24 a second."],
    prefix: Prefix = "nodegraph",
    every: Annotated[
        int, Number(ge=1, le=100_000, step=1, unit="frames"), "Save one of so many; 24: one a second."
    ] = 24,
    format: Annotated[str, Choice(options=("png", "webp")), "png is lossless, webp smaller."] = "png",
) -> None:
    """Save single frames as pictures, the first one and then one of every so many. The workflow is stored inside."""
    notes = embedded(ctx)
    async for item in frames:
        for index in chosen_frames(item.tick, len(item.pixels), every):
            saved = ctx.reserve_output(prefix, f".{format}")
            await ctx.work(write_image, saved, format, item.pixels[index], notes)
            ctx.result(saved)
        ctx.progress(item.tick + 1, ctx.ticks)


def chosen_frames(tick: int, count: int, every: int) -> list[int]:
    """Return which of a tick's `count` frames to save; tick 0 has video frame 0, tick t ends with frame 4 t."""
    first = FRAMES_PER_TICK * tick - count + 1
    return [index for index in range(count) if (first + index) % every == 0]
