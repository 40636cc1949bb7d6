"""Pictures from files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph import Context, File, node
from nodegraph.media.images import decode_image
from nodegraph.values import Image

__all__ = ["ImageOut", "image_load"]


class ImageOut(NamedTuple):
    """What the loader gives."""

    image: Image


def _read(path: Path) -> Image:
    return Image(pixels=decode_image(path.read_bytes()))


@node(id="image.load", version=1, name="Load image", category="image")
async def image_load(
    *, ctx: Context, file: Annotated[str, File(kind="image"), "An uploaded picture (PNG, JPEG or WebP)."] = ""
) -> ImageOut:
    """Load an uploaded picture, for example as the first frame of a video."""
    if not file:
        raise NodegraphError(
            "missing_input", "No picture is chosen.", port="file", remedy="Choose or upload one, or remove the wire."
        )
    return ImageOut(await ctx.work(_read, ctx.input_path(file)))
