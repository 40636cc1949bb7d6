"""The nodes that draw pictures of a place."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest

from nodegraph.graph import Live
from nodegraph.values import Camera, Generator, Image, Pose, Prompt
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.place import place_picture
from nodegraph.worlds.reading import read_attributes
from nodegraph_nodes.scene import SceneViews, scene_picture
from tests.fakes_nodes import each

CORALS = "a robot in an underwater city with glowing corals by day"
STANDING = Pose(keypoints=keypoints(BodyState()))


class _Here:
    """Does work at once."""

    live = True

    async def compute(self, device, function, *args):
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


class _Turns:
    """A model that notes whether those who ask for its device make live frames."""

    remembers = True

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def turn(self, live: bool) -> Any:
        self.asked.append(live)
        return nullcontext()


def picture_of(words: str) -> Image:
    mark = np.frombuffer(words.encode(), np.uint8).reshape(1, -1, 1).repeat(3, axis=2)
    return Image(pixels=mark, at_place=True, place=read_attributes(words), camera=Camera(), pose=STANDING)


class _Run:
    """One node at work; its inputs may be changed between two ticks."""

    def __init__(self, node: SceneViews, ticks: range, every: int = 2, words: str = CORALS) -> None:
        self.model = _Turns()
        generator = Generator(handle=self.model, preset="fake", width=64, height=40)
        self.image, self.camera, self.pose = Live(picture_of(words)), Live(Camera()), Live(STANDING)
        self.stream = node.run(
            ctx=_Here(), tick=each(ticks), generator=generator, image=self.image, camera=self.camera, pose=self.pose,
            every=every,
        )  # fmt: skip

    async def images(self, count: int) -> list[Image | None]:
        return [(await anext(self.stream)).image for _ in range(count)]


async def test_the_place_is_drawn_a_picture_at_a_time_as_it_looks_from_there() -> None:
    run = _Run(SceneViews(), range(40))
    images = await run.images(28)
    assert images[:2] == [None, None], "the first is drawn while the stream begins"
    drawn = [image for image in images[2::2] if image is not None]
    assert all(one is two for one, two in zip(images[2::2], images[3::2], strict=True)), "a new one every other tick"
    different = {id(image): image for image in drawn}
    assert len(different) == 10, "here, five directions around, four sides of the character"
    alone = place_picture(read_attributes(CORALS), Camera(), None, 64, 40)
    assert np.array_equal(drawn[0].pixels, alone) and drawn[0].pose is None
    assert all(image.at_place and image.camera is not None for image in drawn)
    for image in drawn:
        assert image.nearness is not None and image.body is not None and image.nearness.shape == (40, 64)
        assert bool(image.body.any()) is (image.pose is not None), "its outline is where it is drawn"
    assert sum(image.pose is not None for image in different.values()) == 4
    assert not any(run.model.asked) and len(run.model.asked) > 40, "frames go first, and may come between its parts"


async def test_another_picture_is_drawn_around_anew_and_an_equal_one_is_not() -> None:
    run, city = _Run(SceneViews(), range(40), every=3), "a robot in a neon city at night"
    (*_, first) = await run.images(5)
    run.image.value = picture_of(CORALS)
    assert (await run.images(1))[0] is first is not None
    run.image.value = picture_of(city)
    *none, after = await run.images(4)
    assert none == [None] * 3 and after is not None and after.camera is not None
    assert np.array_equal(after.pixels, place_picture(read_attributes(city), after.camera, None, 64, 40))


async def test_nothing_is_drawn_around_a_picture_of_ones_own_or_for_a_model_that_remembers_nothing() -> None:
    own, blind = _Run(SceneViews(), range(40), every=1), _Run(SceneViews(), range(40), every=1)
    own.image.value = Image(pixels=np.zeros((4, 4, 3), np.uint8))
    blind.model.remembers = False
    assert await own.images(6) == await blind.images(6) == [None] * 6
    assert not own.model.asked and not blind.model.asked


async def test_a_state_goes_on_as_if_it_had_never_been_left() -> None:
    node, again = SceneViews(), SceneViews()
    run = _Run(node, range(40))
    await run.images(5)
    again.restore(node.snapshot())
    other = _Run(again, range(5, 40))
    for one, two in zip(await run.images(12), await other.images(12), strict=True):
        assert one is not None and two is not None and np.array_equal(one.pixels, two.pixels)


@pytest.mark.parametrize("pose", [None, Pose(keypoints=np.zeros((17, 3)), space="image")], ids=["none", "webcam"])
async def test_without_a_place_to_stand_only_the_place_is_drawn(pose: Pose | None) -> None:
    run = _Run(SceneViews(), range(40), every=1)
    run.pose.value = pose
    images = [image for image in await run.images(12) if image is not None]
    assert all(image.pose is None for image in images) and len({id(image) for image in images}) == 6


async def test_a_run_that_ends_gives_up_what_is_being_drawn() -> None:
    node = SceneViews()
    run = _Run(node, range(40))
    await run.images(1)
    await run.stream.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}
