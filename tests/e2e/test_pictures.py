"""What the comparison of screens lets pass and what it does not."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.e2e.pictures import MEAN_AT_MOST, TILE_AT_MOST, difference, small

SIZE = (960, 600)


def screen(shift: int = 0, button: bool = True, blur: float = 0.0, dark: bool = True) -> NDArray[np.uint8]:
    """Lines of letters, a panel and a button."""
    back, ink = ("#111318", "#e6e8ec") if dark else ("#ffffff", "#16181d")
    picture = Image.new("RGB", SIZE, back)
    draw = ImageDraw.Draw(picture)
    for line in range(12):
        for letter in range(40):
            x, y = 40 + 12 * letter + shift, 40 + 24 * line
            draw.rectangle((x, y, x + 6, y + 11), outline=ink)
    draw.rectangle((600 + shift, 40, 900, 500), fill="#2a2f3a")
    if button:
        draw.rectangle((640, 430, 760, 470), fill="#ffb454")
    file = io.BytesIO()
    (picture.filter(ImageFilter.GaussianBlur(blur)) if blur else picture).save(file, "PNG")
    return small(file.getvalue())


def test_other_smoothing_of_letters_passes() -> None:
    found = difference(screen(), screen(blur=0.6))
    assert found.mean < MEAN_AT_MOST / 3 and found.worst < TILE_AT_MOST / 3


def test_a_button_that_is_gone_a_part_that_moved_and_another_theme_do_not() -> None:
    gone = difference(screen(), screen(button=False))
    assert gone.worst > TILE_AT_MOST and gone.at[0] // 8 in range(640 // 48, 760 // 48 + 1)
    moved = difference(screen(), screen(shift=40))
    assert moved.mean > MEAN_AT_MOST or moved.worst > TILE_AT_MOST
    assert difference(screen(), screen(dark=False)).mean > MEAN_AT_MOST


def test_a_screen_is_averaged_to_whole_tiles() -> None:
    assert screen().shape == (96, 160, 3)
