"""Known places: the same layout in every clip, pictures of them, and what a prompt names."""

from __future__ import annotations

import numpy as np
import pytest

from nodegraph.values import Camera
from nodegraph.worlds import PROPS, SETTINGS, sample_clip
from nodegraph.worlds.captions import caption_for
from nodegraph.worlds.choices import choose_attributes
from nodegraph.worlds.clip import plan_clip
from nodegraph.worlds.place import place_picture
from nodegraph.worlds.placing import prop_of_place
from nodegraph.worlds.reading import read_attributes
from nodegraph.worlds.scene import build_world, is_clear, sample_scene

HOME = {"setting": "green_hills", "light": "day", "weather": "clear", "character": "knight", "prop": "none"}


def test_a_place_has_the_same_things_whatever_the_seed() -> None:
    near = np.zeros((1, 3))
    one, two, other = (
        sample_scene(seed, setting="neon_city", light="day", place=place) for seed, place in ((1, 0), (2, 0), (2, 1))
    )
    assert one.look == two.look and np.array_equal(build_world(one, near).rows, build_world(two, near).rows)
    assert not np.array_equal(build_world(one, near).rows[:5], build_world(other, near).rows[:5])


@pytest.mark.parametrize("prop", PROPS)
def test_a_prop_has_one_spot_in_a_place_and_it_is_in_view_from_home(prop: str) -> None:
    scene = sample_scene(3, setting="coral_city", light="day", place=0)
    (x, y, z), _ = prop_of_place(prop, scene)
    assert prop_of_place(prop, sample_scene(9, setting="coral_city", light="day", place=0))[0] == (x, y, z)
    ahead = Camera().c2w[2, 3] - z
    assert ahead > 0 and abs(x) < ahead * np.tan(np.radians(Camera().fov_y_deg) / 2) * 1.6


def test_a_clip_fades_to_another_setting_and_says_so() -> None:
    clip = sample_clip(4, frames=25, width=48, height=32, change="setting", move="static", place=0, setting="lava_land")
    assert clip.attributes["setting"] == "lava_land" != clip.final["setting"]
    assert clip.place == 0 and len(clip.captions) == 2 and len(clip.wordings) > 1
    first, last = clip.video_u8[0].float().mean((0, 1)), clip.video_u8[-1].float().mean((0, 1))
    assert (first - last).abs().max() > 8, "another place has other colours"


def test_paths_in_a_place_keep_out_of_its_things() -> None:
    for seed in range(12):
        plan = plan_clip(seed, frames=25, aspect=1.6, place=0, change="none")
        assert is_clear(plan.world, plan.path.c2w[:, :3, 3]), seed


def test_a_picture_of_a_place_is_the_first_picture_of_a_clip_in_it() -> None:
    picture = place_picture(HOME, Camera(), None, 64, 40)
    other = place_picture({**HOME, "setting": "moon_base"}, Camera(), None, 64, 40)
    assert picture.shape == (40, 64, 3) and picture.dtype == np.uint8
    assert np.abs(picture.astype(float) - other).mean() > 20
    assert np.array_equal(picture, place_picture(HOME, Camera(), None, 64, 40))


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_caption_is_read_back(setting: str) -> None:
    wanted = dict.fromkeys(("action", "move", "prop", "weather", "change"))
    for seed in range(12):
        start, _ = choose_attributes(np.random.default_rng(seed), sample_scene(seed, setting=setting), wanted)
        caption = caption_for(start, np.random.default_rng(seed), held_out=bool(seed % 2))
        found = read_attributes(caption)
        assert found["setting"] == setting, caption
        assert found["prop"] == start["prop"], caption


def test_a_prompt_of_ones_own_words_is_read_as_far_as_it_goes() -> None:
    read = read_attributes("please show an old wizard beside a campfire, deep in the winter forest, at night!")
    assert read == {**read, "setting": "snow_forest", "light": "night", "character": "wizard", "prop": "campfire"}
    assert read_attributes("")["setting"] in SETTINGS
    assert read_attributes("an underwater city in a snowstorm")["weather"] == "clear", "it never snows there"
