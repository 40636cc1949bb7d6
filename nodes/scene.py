"""Pictures of the places of the training worlds, drawn by the renderer that makes the training data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, NamedTuple

import numpy as np

from nodegraph.graph import Choice, Context, Live, Number, node
from nodegraph.values import Camera, Generator, Image, Pose, Prompt
from nodegraph.worlds.figure import CHARACTERS
from nodegraph.worlds.props import PROPS
from nodegraph.worlds.reading import read_attributes
from nodegraph.worlds.scene import LIGHTS, SETTINGS
from nodegraph.worlds.weather import WEATHERS
from nodegraph_nodes._scout import Scout, Shot
from nodegraph_nodes.image import ImageOut, picture_digest

__all__ = ["SceneViews", "scene_picture"]

_WIDTH, _HEIGHT = 256, 160


def _draw(attributes: dict[str, str], camera: Camera, pose: Pose) -> Image:
    # Here and not above: importing torch takes seconds, and the editor's node list must not wait for it.
    from nodegraph.worlds.place import place_picture

    pixels = place_picture(attributes, camera, pose.keypoints, _WIDTH, _HEIGHT)
    return Image(pixels=pixels, at_place=True, place=attributes, camera=camera, pose=pose)


def _standing(x_m: float = 0.0, z_m: float = 0.0, heading_rad: float = 0.0) -> Pose:
    from nodegraph.worlds.body import BodyState, keypoints

    return Pose(keypoints=keypoints(BodyState(x_m=x_m, z_m=z_m, heading_rad=heading_rad)))


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
    if pose is None or pose.space != "world":  # a webcam's keypoints have no depth
        pose = _standing()
    return ImageOut(await ctx.compute("cpu", _draw, attributes, camera or Camera(), pose))


class ViewOut(NamedTuple):
    """What the views give: a picture, or None as long as there is none."""

    image: Image | None


@dataclass(frozen=True)
class _Drawing:
    """State of the views around a picture with the digest `around`: the last `image` made, and the `shot` that is drawn
    for tick `due`."""

    around: str = ""
    place: Mapping[str, str] | None = None
    scout: Scout = field(default_factory=Scout)
    before: Camera = field(default_factory=Camera)
    shot: Shot | None = None
    due: int = 0
    image: Image | None = None


@node(id="scene.views", version=1, name="Scene views", category="image")
class SceneViews:
    """Draw the place of a scene picture all around, a picture at a time, for the step to remember: what the camera is
    about to see, what lies beside and behind, and the character from its four sides.

    Wire it into the views of the step, with the same picture, camera and pose as there: a camera that turns or flies
    away then finds the place, and a character that turns has a back. Drawn by the 3-D renderer, not by the model.
    Without it, or with a picture of your own, the model makes up what no picture shows.
    """

    def __init__(self) -> None:
        self._state = _Drawing()
        self._task: asyncio.Task[Image] | None = None

    async def run(
        self,
        *,
        ctx: Context,
        tick: AsyncIterator[int],
        generator: Annotated[Generator, "The model that will remember the pictures: they have its size."],
        image: Live[Annotated[Image | None, "The scene picture whose place is drawn."]] = Live(None),
        camera: Live[
            Annotated[Camera | None, "Where it is seen from; without one from the live camera's home."]
        ] = Live(None),
        pose: Live[Annotated[Pose | None, "The character's pose, which says where it stands."]] = Live(None),
        every: Annotated[
            int, Number(ge=1, le=60, unit="ticks"), "From one picture to the next; fewer is sooner, and more work."
        ] = 3,
    ) -> AsyncIterator[ViewOut]:
        """Yield the newest picture at each tick; one is drawn while the ticks go on, and shown when it is due."""

        shown: Image | None = None
        try:
            async for t in tick:
                state, now = self._state, camera.value or Camera()
                if self._task is None:  # as after a restore
                    self._begin(ctx, generator)
                if image.value is not shown:
                    shown = image.value
                    if (around := picture_digest(shown)) != state.around:
                        await self._give_up()
                        place = shown.place if shown is not None and generator.handle.remembers else None
                        state = _Drawing(around=around, place=place, before=now, due=t)
                if t >= state.due:
                    picture = state.image if self._task is None else await self._task
                    self._task = None
                    scout, shot = state.scout, None
                    if state.place is not None:
                        scout, shot = scout.next(state.before, now, pose.value)
                    state = replace(state, scout=scout, shot=shot, due=t + every, image=picture)
                self._state = replace(state, before=now)
                if self._task is None:
                    self._begin(ctx, generator)
                yield ViewOut(state.image)
        finally:
            await self._give_up()

    def _begin(self, ctx: Context, generator: Generator) -> None:
        place, shot = self._state.place, self._state.shot
        if place is not None and shot is not None:
            self._task = asyncio.ensure_future(_painted(ctx, generator, place, shot))

    async def _give_up(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def snapshot(self) -> dict[str, Any]:
        """Return what has been drawn, what is to be drawn, and the newest picture."""
        return {"drawing": self._state}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a snapshot; what was being drawn is begun again."""
        self._state = state["drawing"]


async def _painted(ctx: Context, generator: Generator, place: Mapping[str, str], shot: Shot) -> Image:
    """Draw a picture in parts; between them whoever makes frames has the device first."""
    from nodegraph.worlds.place import place_in_parts  # torch

    pose = None if shot.stand is None else _standing(*shot.stand)
    parts = place_in_parts(
        place,
        shot.camera,
        None if pose is None else pose.keypoints,
        generator.width,
        generator.height,
    )
    layers = None
    while layers is None:
        async with generator.handle.turn(False):
            layers = await ctx.compute("cpu", next, parts)
    return Image(
        pixels=np.ascontiguousarray(layers.video[0].numpy()),
        at_place=True,
        place=place,
        camera=shot.camera,
        pose=pose,
        nearness=layers.nearness[0].numpy(),
        body=layers.body[0].numpy(),
    )
