"""The node that draws a picture of a place."""

from __future__ import annotations

import numpy as np

from nodegraph.values import Camera, Image, Pose, Prompt
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph_nodes.scene import scene_picture


class _Here:
    """Does work at once."""

    async def work(self, function, *args):
        return function(*args)


async def _picture(**inputs: object) -> Image:
    return (await scene_picture(ctx=_Here(), **inputs)).image


async def test_the_prompt_decides_what_is_on_auto_and_a_choice_wins() -> None:
    read = await _picture(prompt=Prompt(text="a wizard in desert ruins at night"))
    chosen = await _picture(setting="desert_ruins", light="night", character="wizard")
    other = await _picture(prompt=Prompt(text="a wizard in desert ruins at night"), light="day")
    assert read.at_place and read.pixels.shape == (160, 256, 3)
    assert np.array_equal(read.pixels, chosen.pixels)
    assert other.pixels.mean() > read.pixels.mean() + 20, "day is brighter"


async def test_camera_and_body_are_those_of_the_wires() -> None:
    home = await _picture(setting="snow_forest")
    c2w = Camera().c2w.copy()
    c2w[2, 3] += 2.0
    back = await _picture(setting="snow_forest", camera=Camera(c2w=c2w))
    waving = await _picture(setting="snow_forest", pose=Pose(keypoints=keypoints(BodyState(action="wave", time_s=0.4))))
    seen = Pose(keypoints=np.zeros((17, 3)), space="image")
    assert np.abs(home.pixels.astype(int) - back.pixels).mean() > 2
    assert np.abs(home.pixels.astype(int) - waving.pixels).mean() > 0.1
    assert np.array_equal(home.pixels, (await _picture(setting="snow_forest", pose=seen)).pixels), (
        "a webcam has no depth"
    )
