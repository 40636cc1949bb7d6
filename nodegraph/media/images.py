"""Pictures to and from bytes. Arrays are uint8 [H, W, 3], sRGB.

Metadata goes where ComfyUI puts it, so that its page and ours open each other's files: PNG text chunks named by
the key; in WebP and JPEG the EXIF fields Make and Model, as `key:value`.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageOps, PngImagePlugin

from nodegraph.errors import NodegraphError

__all__ = [
    "FORMATS",
    "MAX_PIXELS",
    "CropBox",
    "backdrop",
    "crop_image",
    "decode_image",
    "encode_image",
    "fit_image",
    "read_image_metadata",
]

FORMATS = ("jpeg", "webp", "png")
MAX_PIXELS = 64_000_000
"""Larger pictures are refused before they are unpacked: 192 MB as an array."""

_EXIF_MODEL, _EXIF_MAKE = 0x0110, 0x010F
_EXIF_FIELDS = {"prompt": _EXIF_MODEL, "workflow": _EXIF_MAKE}
_MAX_EXIF_BYTES = 65_000
_OPENABLE = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")


def encode_image(
    pixels: NDArray[np.uint8],
    format: str,
    quality: int = 85,
    metadata: Mapping[str, str] | None = None,
) -> bytes:
    """Pack one picture.

    Args:
        pixels: uint8 [H, W, 3].
        format: "jpeg", "webp" or "png". PNG is lossless and ignores `quality`.
        quality: 1 (smallest) to 100 (best).
        metadata: text stored in the file; PNG takes any key, the others "workflow" and "prompt".

    Raises:
        NodegraphError: out_of_range for an unknown format or quality, too_large for metadata beyond what WebP and JPEG
            hold (65 kB).
    """
    if format not in FORMATS:
        raise NodegraphError("out_of_range", "There is no such image format.", got=format, expected=", ".join(FORMATS))
    if not 1 <= quality <= 100:
        raise NodegraphError("out_of_range", "Image quality is out of range.", got=str(quality), expected="1 to 100")
    assert pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3, (pixels.dtype, pixels.shape)
    picture, out = Pil.fromarray(np.ascontiguousarray(pixels)), io.BytesIO()
    notes = dict(metadata or {})
    if format == "png":
        picture.save(out, "PNG", compress_level=4, pnginfo=_png_info(notes))
    elif format == "webp":
        # method 0 is the only one fast enough for a live stream; the others save about a tenth of the bytes
        picture.save(out, "WEBP", quality=quality, method=0 if metadata is None else 4, **_exif(notes))
    else:
        picture.save(out, "JPEG", quality=quality, **_exif(notes))
    return out.getvalue()


def decode_image(data: bytes) -> NDArray[np.uint8]:
    """Unpack a picture to uint8 [H, W, 3], turned upright by its EXIF and laid on black where it is transparent.

    Raises:
        NodegraphError: bad_file when it is no picture, too_large above `MAX_PIXELS`.
    """
    with _opened(data) as picture:
        try:
            upright = ImageOps.exif_transpose(picture)
            if upright.mode in ("RGBA", "LA", "PA", "P"):
                black = Pil.new("RGBA", upright.size, (0, 0, 0, 255))
                upright = Pil.alpha_composite(black, upright.convert("RGBA"))
            return np.array(upright.convert("RGB"), dtype=np.uint8)
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _not_a_picture(type(error).__name__) from error


def fit_image(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Scale and crop about the centre so that the picture fills exactly [height, width, 3]."""
    if pixels.shape[:2] == (height, width):
        return pixels
    fitted = ImageOps.fit(Pil.fromarray(pixels), (width, height), method=Pil.Resampling.LANCZOS)
    return np.array(fitted, dtype=np.uint8)


@dataclass(frozen=True, kw_only=True)
class CropBox:
    """A part of a picture as fractions of its width and height, from the top left; x + width and y + height <= 1."""

    x: float
    y: float
    width: float
    height: float


def crop_image(pixels: NDArray[np.uint8], box: CropBox) -> NDArray[np.uint8]:
    """Return the part inside the box, rounded to whole pixels, at least one by one."""
    rows, columns = pixels.shape[:2]
    left, right = _edges(box.x, box.width, columns)
    top, bottom = _edges(box.y, box.height, rows)
    return pixels[top:bottom, left:right]


def _edges(start: float, length: float, size: int) -> tuple[int, int]:
    first = min(max(round(start * size), 0), size - 1)
    return first, min(max(round((start + length) * size), first + 1), size)


def backdrop(sky: str, ground: str, *, horizon: float, softness: float, width: int, height: int) -> NDArray[np.uint8]:
    """Paint two colours ("#rrggbb"), one above the other, uint8 [height, width, 3].

    Args:
        sky: above.
        ground: below.
        horizon: where they meet, as a fraction of the height from the bottom.
        softness: height of the transition as a fraction of the picture's height; 0 is a sharp edge.
        width: pixels.
        height: pixels.
    """
    above, below = (np.array(list(bytes.fromhex(color[1:])), dtype=np.float64) for color in (sky, ground))
    depth = (np.arange(height) + 0.5) / height - (1.0 - horizon)
    share = np.clip(depth / max(softness, 1e-9) + 0.5, 0.0, 1.0)[:, None, None]
    row = np.round(above + (below - above) * share).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(row, (height, width, 3)))


def read_image_metadata(data: bytes) -> dict[str, str]:
    """Return the texts stored in a PNG, WebP or JPEG by key; empty when there are none.

    Raises:
        NodegraphError: bad_file when it is no picture.
    """
    with _opened(data) as picture:
        try:
            if isinstance(picture, PngImagePlugin.PngImageFile):
                return dict(picture.text)
            texts = (picture.getexif().get(field) for field in _EXIF_FIELDS.values())
            pairs = (text.split(":", 1) for text in texts if isinstance(text, str) and ":" in text)
            return {key: value for key, value in pairs if key in _EXIF_FIELDS}
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            raise _not_a_picture(type(error).__name__) from error


def _opened(data: bytes) -> Pil.Image:
    try:
        picture = Pil.open(io.BytesIO(data), formats=_OPENABLE)
    except (OSError, ValueError, SyntaxError, Pil.DecompressionBombError) as error:
        raise _not_a_picture(type(error).__name__) from error
    if picture.width * picture.height > MAX_PIXELS:
        size = f"{picture.width} x {picture.height}"
        raise NodegraphError("too_large", "The picture has too many pixels.", got=size, expected=f"<= {MAX_PIXELS}")
    return picture


def _not_a_picture(got: str) -> NodegraphError:
    return NodegraphError(
        "bad_file",
        "The file is not a picture that can be read.",
        got=got,
        expected="PNG, JPEG or WebP",
        remedy="Export it again as PNG or JPEG.",
    )


def _png_info(notes: Mapping[str, str]) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for key, value in notes.items():
        info.add_itxt(key, value)
    return info


def _exif(notes: Mapping[str, str]) -> dict[str, bytes]:
    if not notes:
        return {}
    exif = Pil.Exif()
    for key, value in notes.items():
        assert key in _EXIF_FIELDS, f"no EXIF field for {key!r}"
        exif[_EXIF_FIELDS[key]] = f"{key}:{value}"
    packed = exif.tobytes()
    if len(packed) > _MAX_EXIF_BYTES:
        raise NodegraphError(
            "too_large",
            "The workflow is too long for this image format.",
            got=f"{len(packed)} bytes",
            expected=f"at most {_MAX_EXIF_BYTES}",
            remedy="Save as png.",
        )
    return {"exif": packed}
