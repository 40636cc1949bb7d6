"""A contact sheet of what a model makes: one prompt a row, moments of one continuous stream along it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nodegraph.generator.pool import Model, load
from nodegraph.generator.session import Controls
from nodegraph.media.steering import CameraRig, Stick
from nodegraph.values import TICK_S, Pose, Prompt
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
)
_GAP = 3
_TICKS_PER_MOMENT = 6


def bench_sheet(out: Path, preset: str, seed: int, moments: int, *, pictures: bool = True) -> dict[str, Any]:
    """Write the sheet and say what is on it. The moments are one second apart; the first is the first frame: a picture
    drawn for the words, as in the default workflow, or made from the words alone.

    While the body moves, the camera turns right, comes nearer, and turns back: what the picture must follow.
    """
    model = load(preset)
    rows = [_row(model, prompt, action, seed, moments, pictures) for prompt, action in PROMPTS]
    height, width = rows[0][0].shape[:2]
    sheet = np.full((len(rows) * (height + _GAP) - _GAP, moments * (width + _GAP) - _GAP, 3), 18, np.uint8)
    for r, row in enumerate(rows):
        for c, picture in enumerate(row):
            sheet[r * (height + _GAP) :, c * (width + _GAP) :][:height, :width] = picture
    out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(out)
    return {
        "file": str(out),
        "preset": preset,
        "model_hash": model.model_hash,
        "seed": seed,
        "pictures": pictures,
        "prompts": [prompt for prompt, _ in PROMPTS],
        "seconds_apart": _TICKS_PER_MOMENT * TICK_S,
    }


def _row(model: Model, prompt: str, action: str, seed: int, moments: int, drawn: bool) -> list[NDArray[np.uint8]]:
    rig, state = CameraRig(), body.BodyState(action=action)
    image = None
    if drawn:
        attributes, points = read_attributes(prompt), body.keypoints(state)
        image = np.ascontiguousarray(place_picture(attributes, rig.camera(), points, model.width, model.height))
    session, decoder = model.session(seed, image, at_place=drawn), model.decoder()
    pictures = []
    last = (moments - 1) * _TICKS_PER_MOMENT
    for tick in range(last + 1):
        controls = Controls(prompt=Prompt(text=prompt), camera=rig.camera(), pose=Pose(keypoints=body.keypoints(state)))
        frames = decoder.decode(session.step(controls))
        if tick % _TICKS_PER_MOMENT == 0:
            pictures.append(frames[-1])
        third = 3 * tick // (last + 1)
        stick = (Stick(yaw=0.4), Stick(forward=0.5), Stick(yaw=-0.4))[third]
        rig = rig.step(stick, speed_m_s=1.5, turn_deg_s=30.0)
        state = body.advance(state, TICK_S, forward=0.0, turn=0.0, action=action)
    return pictures
