"""Pictures survive the trip to bytes and back, and carry their workflow."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image as Pil

from nodegraph.errors import NodegraphError
from nodegraph.media.images import FORMATS, decode_image, encode_image, fit_image, read_image_metadata


def gradient(height: int = 24, width: int = 40) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_picture_comes_back_nearly_as_it_was(kind: str) -> None:
    error = np.abs(decode_image(encode_image(gradient(), kind, 95)).astype(int) - gradient())
    assert error.mean() < (0.01 if kind == "png" else 6)


@pytest.mark.parametrize("kind", FORMATS)
def test_the_workflow_comes_back_out_of_a_picture(kind: str) -> None:
    stored = {"workflow": json.dumps({"name": "r\u00f6bot: one"}), "prompt": json.dumps({"1": {}})}
    assert read_image_metadata(encode_image(gradient(), kind, 80, stored)) == stored


def test_a_lower_quality_makes_a_smaller_file() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    assert len(encode_image(noise, "jpeg", 20)) < len(encode_image(noise, "jpeg", 90)) / 2


@pytest.mark.parametrize(("kind", "quality"), [("bmp", 80), ("jpeg", 0), ("webp", 101)])
def test_an_unknown_format_or_quality_is_refused(kind: str, quality: int) -> None:
    with pytest.raises(NodegraphError) as caught:
        encode_image(gradient(), kind, quality)
    assert caught.value.code == "out_of_range" and caught.value.expected


@pytest.mark.parametrize("data", [b"", b"not a picture", encode_image(gradient(), "png")[:60]])
def test_a_broken_picture_is_a_bad_file(data: bytes) -> None:
    with pytest.raises(NodegraphError) as caught:
        decode_image(data)
    assert caught.value.code == "bad_file"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_too_large_to_unpack_is_refused_unread() -> None:
    out = io.BytesIO()
    Pil.new("1", (16_000, 8_000)).save(out, "PNG")
    with pytest.raises(NodegraphError) as caught:
        decode_image(out.getvalue())
    assert caught.value.code == "too_large"


def test_transparency_lies_on_black_and_grey_becomes_three_channels() -> None:
    out = io.BytesIO()
    Pil.new("RGBA", (2, 2), (200, 100, 50, 0)).save(out, "PNG")
    assert decode_image(out.getvalue()).max() == 0
    out = io.BytesIO()
    Pil.new("L", (2, 2), 77).save(out, "PNG")
    assert (decode_image(out.getvalue()) == 77).all()


def test_fitting_fills_the_size_without_distortion() -> None:
    tall = np.zeros((80, 40, 3), np.uint8)
    tall[30:50] = 255
    fitted = fit_image(tall, 40, 20)
    assert fitted.shape == (20, 40, 3) and fitted.min() > 200
    assert fit_image(fitted, 40, 20) is fitted


def test_a_workflow_too_long_for_the_format_says_what_to_do() -> None:
    long = {"workflow": "x" * 70_000}
    with pytest.raises(NodegraphError) as caught:
        encode_image(gradient(), "jpeg", 80, long)
    assert caught.value.code == "too_large" and caught.value.remedy == "Save as png."
    assert read_image_metadata(encode_image(gradient(), "png", 80, long)) == long
