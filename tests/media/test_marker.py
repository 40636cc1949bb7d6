"""A number in the corner of a picture is read again, through JPEG too."""

from __future__ import annotations

import numpy as np
import pytest

from nodegraph.media.images import decode_image, encode_image
from nodegraph.media.marker import burn_marker, read_marker


@pytest.mark.parametrize("number", [0, 1, 85, 128, 170, 255])
@pytest.mark.parametrize("size", [(96, 160), (144, 256), (480, 853)])
def test_every_number_comes_back(number: int, size: tuple[int, int]) -> None:
    frames = np.random.default_rng(number).integers(0, 255, (2, *size, 3), np.uint8)
    marked = burn_marker(frames, number)
    assert not np.array_equal(marked, frames) and read_marker(frames[0]) is None
    for quality in (85, 40):
        assert read_marker(decode_image(encode_image(marked[1], "jpeg", quality))) == number


def test_a_plain_picture_has_none() -> None:
    for level in (0, 128, 255):
        assert read_marker(np.full((96, 160, 3), level, np.uint8)) is None
