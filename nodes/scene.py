"""Pictures of the places of the training worlds, drawn by the renderer that makes the training data."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from nodegraph.graph import Choice, Context, node
from nodegraph.values import Camera, Image, Pose, Prompt
from nodegraph.worlds.figure import CHARACTERS
from nodegraph.worlds.props import PROPS
from nodegraph.worlds.reading import read_attributes
from nodegraph.worlds.scene import LIGHTS, SETTINGS
from nodegraph.worlds.weather import WEATHERS
from nodegraph_nodes.image import ImageOut

__all__ = ["scene_picture"]

_WIDTH, _HEIGHT = 256, 160


def _draw(attributes: dict[str, str], camera: Camera, pose: Pose | None) -> Image:
    # Here and not above: importing torch takes seconds, and the editor's node list must not wait for it.
    from nodegraph.worlds.body import BodyState
    from nodegraph.worlds.body import keypoints as standing
    from nodegraph.worlds.place import place_picture

    # A webcam's keypoints have no depth; the character stands instead.
    if pose is None or pose.space != "world":
        pose = Pose(keypoints=standing(BodyState()))
    pixels = place_picture(attributes, camera, pose.keypoints, _WIDTH, _HEIGHT)
    return Image(pixels=np.ascontiguousarray(pixels), at_place=True, camera=camera, pose=pose)


_AUTO = "auto"


@node(id="scene.picture", version=1, name="Scene picture", category="image")
async def scene_picture(
    *,
    ctx: Context,
    prompt: Annotated[Prompt | None, "Words from which all that is on auto is read."] = None,
    setting: Annotated[str, Choice(options=(_AUTO, *SETTINGS)), "The place."] = _AUTO,
    light: Annotated[str, Choice(options=(_AUTO, *LIGHTS)), "The time of day."] = _AUTO,
    weather: Annotated[str, Choice(options=(_AUTO, *WEATHERS)), "The weather."] = _AUTO,
    character: Annotated[str, Choice(options=(_AUTO, *CHARACTERS)), "Who stands in it."] = _AUTO,
    prop: Annotated[str, Choice(options=(_AUTO, "none", *PROPS)), "What else is there."] = _AUTO,
    camera: Annotated[Camera | None, "Where it is seen from; without one from the live camera's home."] = None,
    pose: Annotated[Pose | None, "The character's pose; without one it stands."] = None,
) -> ImageOut:
    """Draw a picture for a video to start from: one of nine places of the training worlds, with a character in it.

    It is drawn by the 3-D renderer, not by the model; what follows is the model's. Wire the prompt to it and to the
    step, and the picture shows what the prompt names; with new words comes a new picture, and the video turns to it.
    """
    chosen = {"setting": setting, "light": light, "weather": weather, "character": character, "prop": prop}
    attributes = read_attributes("" if prompt is None else prompt.text)
    attributes |= {name: value for name, value in chosen.items() if value != _AUTO}
    return ImageOut(await ctx.work(_draw, attributes, camera or Camera(), pose))
