"""A contact sheet of what a model makes: one prompt a row, moments of one continuous stream along it; or all of them
side by side, moving."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nodegraph.generator.pool import Model, load
from nodegraph.generator.session import Controls
from nodegraph.media.steering import CameraRig, Stick
from nodegraph.values import FPS, FRAMES_PER_TICK, TICK_S, Pose, Prompt
from nodegraph.worlds import body
from nodegraph.worlds.place import place_picture
from nodegraph.worlds.reading import read_attributes

__all__ = ["PROMPTS", "bench_sheet"]

PROMPTS = (
    ("a robot exploring an underwater city with glowing corals", "walk"),
    ("an explorer in orange waving in old desert ruins at sunset", "wave"),
    ("an astronaut dancing in a neon city at night", "dance"),
    ("a robot walking through a snowy forest by day", "walk"),
    ("an explorer jumping on green hills on a sunny day", "jump"),
    ("a wizard waving in an autumn village at sunset", "wave"),
)
_GAP = 3
_ACROSS = 3
_KEPT_FRAME = 3
"""Of this many frames a moving sheet keeps one."""
_QUALITY = 60
_TICKS_PER_MOMENT = 6


def bench_sheet(out: Path, preset: str, seed: int, moments: int, *, pictures: bool = True) -> dict[str, Any]:
    """Write the sheet and say what is on it. The moments are one second apart; the first is the first frame: a picture
    drawn for the words, as in the default workflow, or made from the words alone.

    While the body moves, the camera turns right, comes nearer, and turns back: what the picture must follow. A file
    that ends with .webp shows the streams whole, moving, eight pictures a second.
    """
    model = load(preset)
    moving = out.suffix == ".webp"
    rows = [_row(model, prompt, action, seed, moments, pictures) for prompt, action in PROMPTS]
    out.parent.mkdir(parents=True, exist_ok=True)
    if moving:
        grids = [_grid([row[i] for row in rows], _ACROSS) for i in range(0, len(rows[0]), _KEPT_FRAME)]
        first, *others = [Image.fromarray(grid) for grid in grids]
        first.save(
            out, save_all=True, append_images=others, duration=round(1000 * _KEPT_FRAME / FPS), loop=0,
            quality=_QUALITY, method=6,
        )  # fmt: skip
    else:
        step = _TICKS_PER_MOMENT * FRAMES_PER_TICK
        Image.fromarray(_grid([picture for row in rows for picture in row[::step]], moments)).save(out)
    return {
        "file": str(out),
        "preset": preset,
        "model_hash": model.model_hash,
        "seed": seed,
        "pictures": pictures,
        "prompts": [prompt for prompt, _ in PROMPTS],
        "seconds": (moments - 1) * _TICKS_PER_MOMENT * TICK_S,
    }


def _grid(pictures: list[NDArray[np.uint8]], across: int) -> NDArray[np.uint8]:
    """Pictures of one size beside and below each other."""
    height, width = pictures[0].shape[:2]
    down = -(-len(pictures) // across)
    sheet = np.full((down * (height + _GAP) - _GAP, across * (width + _GAP) - _GAP, 3), 18, np.uint8)
    for i, picture in enumerate(pictures):
        r, c = divmod(i, across)
        sheet[r * (height + _GAP) :, c * (width + _GAP) :][:height, :width] = picture
    return sheet


def _row(model: Model, prompt: str, action: str, seed: int, moments: int, drawn: bool) -> list[NDArray[np.uint8]]:
    """All frames of one stream."""
    rig, state = CameraRig(), body.BodyState(action=action)
    image = None
    if drawn:
        attributes, points = read_attributes(prompt), body.keypoints(state)
        image = np.ascontiguousarray(place_picture(attributes, rig.camera(), points, model.width, model.height))
    session, decoder = model.session(seed, image, at_place=drawn), model.decoder()
    pictures: list[NDArray[np.uint8]] = []
    last = (moments - 1) * _TICKS_PER_MOMENT
    for tick in range(last + 1):
        controls = Controls(prompt=Prompt(text=prompt), camera=rig.camera(), pose=Pose(keypoints=body.keypoints(state)))
        pictures.extend(decoder.decode(session.step(controls)))
        third = 3 * tick // (last + 1)
        stick = (Stick(yaw=0.4), Stick(forward=0.5), Stick(yaw=-0.4))[third]
        rig = rig.step(stick, speed_m_s=1.5, turn_deg_s=30.0)
        state = body.advance(state, TICK_S, forward=0.0, turn=0.0, action=action)
    return pictures
