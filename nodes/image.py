"""Pictures from files."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph import Color, Context, File, Json, Number, node
from nodegraph.media.images import CropBox, backdrop, crop_image, decode_image
from nodegraph.values import Image

__all__ = ["ImageOut", "image_backdrop", "image_load", "picture_digest"]

_BACKDROP_WIDTH, _BACKDROP_HEIGHT = 480, 288
_ROUNDING = 1e-6


class ImageOut(NamedTuple):
    """What the loader gives."""

    image: Image


def picture_digest(image: Image | None) -> str:
    """Return what tells pictures of different pixels apart; empty for none."""
    return "" if image is None else sha256(image.pixels.tobytes()).hexdigest()


def _read(path: Path, box: CropBox | None) -> Image:
    pixels = decode_image(path.read_bytes())
    return Image(pixels=pixels if box is None else crop_image(pixels, box))


def _crop_box(crop: Any) -> CropBox | None:
    """Check the widget's value; None stays None."""
    if crop is None:
        return None
    if not isinstance(crop, dict) or set(crop) != {"x", "y", "width", "height"}:
        raise _bad_crop(crop, "type_mismatch")
    parts = [crop[name] for name in ("x", "y", "width", "height")]
    if not all(isinstance(part, int | float) and type(part) is not bool for part in parts):
        raise _bad_crop(crop, "type_mismatch")
    x, y, width, height = map(float, parts)
    inside = x >= 0 and y >= 0 and x + width <= 1 + _ROUNDING and y + height <= 1 + _ROUNDING
    if not (inside and width > 0 and height > 0):
        raise _bad_crop(crop, "out_of_range")
    return CropBox(x=x, y=y, width=width, height=height)


def _bad_crop(crop: Any, code: str) -> NodegraphError:
    return NodegraphError(
        code,
        "The crop is not a part of the picture.",
        got=repr(crop)[:80],
        expected="x, y, width and height as fractions, x + width and y + height at most 1",
        port="crop",
        remedy="Draw it again, or reset it.",
    )


@node(id="image.load", version=1, name="Load image", category="image")
async def image_load(
    *,
    ctx: Context,
    file: Annotated[str, File(kind="image"), "An uploaded picture (PNG, JPEG or WebP)."] = "",
    crop: Annotated[
        dict[str, Any] | None, Json(kind="crop"), "The part to use, as fractions of the picture; empty: all of it."
    ] = None,
) -> ImageOut:
    """Load an uploaded picture, for example as the first frame of a video.

    The crop leaves the file as it is: change it or take it away at any time.
    """
    if not file:
        raise NodegraphError(
            "missing_input", "No picture is chosen.", port="file", remedy="Choose or upload one, or remove the wire."
        )
    return ImageOut(await ctx.work(_read, ctx.input_path(file), _crop_box(crop)))


@node(id="image.backdrop", version=1, name="Backdrop", category="image")
def image_backdrop(
    *,
    sky: Annotated[str, Color(), "The colour above."] = "#7fb2e5",
    ground: Annotated[str, Color(), "The colour below."] = "#4a5d3a",
    horizon: Annotated[float, Number(ge=0, le=1, step=0.01), "Where they meet, from the bottom up."] = 0.45,
    softness: Annotated[float, Number(ge=0, le=1, step=0.01), "How gradually one goes over into the other."] = 0.08,
) -> ImageOut:
    """Paint a first frame of two colours: a sky, a ground and the horizon between them."""
    pixels = backdrop(sky, ground, horizon=horizon, softness=softness, width=_BACKDROP_WIDTH, height=_BACKDROP_HEIGHT)
    return ImageOut(Image(pixels=pixels))
