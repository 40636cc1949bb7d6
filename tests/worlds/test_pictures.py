"""Pictures follow from the seed and the camera, show the character where its keypoints are, and differ by setting."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch

from nodegraph.errors import UserInputError
from nodegraph.values import Camera
from nodegraph.worlds import CHARACTERS, LIGHTS, SETTINGS, render, sample_scene
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.camera import c2w_from
from nodegraph.worlds.scene import build_world, ground_height_m, is_clear

WIDTH, HEIGHT = 80, 48
BODY = keypoints(BodyState(action="wave", time_s=0.2))


def picture(setting: str, light: str, seed: int = 4, *, character: str = "robot", **options: bool) -> np.ndarray:
    home = Camera()
    scene = sample_scene(seed, setting=setting, light=light, character=character)
    return render(scene, home.c2w[None], [home.fov_y_deg], BODY[None], [0.0], WIDTH, HEIGHT, **options)[0].numpy()


def test_every_setting_and_light_has_a_mean_colour_of_its_own() -> None:
    """Ten of 255 apart, averaged over two layouts."""
    means = {
        pair: np.mean([picture(*pair, seed=seed).mean(axis=(0, 1)) for seed in range(2)], axis=0)
        for pair in itertools.product(SETTINGS, LIGHTS)
    }
    for (a, colour_a), (b, colour_b) in itertools.combinations(means.items(), 2):
        assert np.linalg.norm(colour_a - colour_b) > 10, (a, b)


def test_the_same_seed_gives_the_same_picture_and_another_seed_another_one() -> None:
    first = picture("snow_forest", "day")
    assert np.array_equal(first, picture("snow_forest", "day"))
    assert np.abs(first.astype(int) - picture("snow_forest", "day", seed=5)).mean() > 3


@pytest.mark.parametrize("setting", SETTINGS)
def test_out_and_back_ends_in_the_picture_it_began_with(setting: str) -> None:
    scene = sample_scene(8, setting=setting, light="day")
    yaw = np.array([0.0, 20.0, 40.0, 20.0, 0.0])
    places = np.array([0.0, 1.0, 2.0, 1.0, 0.0])[:, None] * (1.0, 0.1, -1.0) + (0.0, 1.5, 5.0)
    cameras = c2w_from(places, yaw, 0.0)
    pictures = render(scene, cameras, np.full(5, 55.0), np.repeat(BODY[None], 5, 0), np.zeros(5), WIDTH, HEIGHT).numpy()
    assert np.array_equal(pictures[0], pictures[4])
    assert np.array_equal(pictures[1], pictures[3])
    assert np.abs(pictures[0].astype(int) - pictures[2]).mean() > 4


def test_a_path_shows_the_same_as_its_pictures_one_by_one() -> None:
    scene = sample_scene(8, setting="desert_ruins", light="day")
    cameras = c2w_from([(0.0, 1.5, 5.0), (0.0, 1.5, 2.0), (0.0, 1.5, -12.0)], [0.0, 10.0, 20.0], 0.0)
    bodies, lenses = np.repeat(BODY[None], 3, 0), np.full(3, 55.0)
    together = render(scene, cameras, lenses, bodies, np.zeros(3), WIDTH, HEIGHT)
    for i in range(3):
        alone = render(scene, cameras[i : i + 1], lenses[:1], bodies[:1], [0.0], WIDTH, HEIGHT)
        assert torch.equal(together[i], alone[0])


@pytest.mark.parametrize("yaw_deg", [0.0, 12.0, -15.0])
def test_the_character_is_drawn_where_its_keypoints_are(yaw_deg: float) -> None:
    scene = sample_scene(4, setting="green_hills", light="day", character="explorer")
    camera = c2w_from((0.5, 1.5, 5.0), yaw_deg, -3.0)
    away = BODY - np.array([0.0, 0.0, 500.0])
    size = (WIDTH * 2, HEIGHT * 2)
    with_it, without = (
        render(scene, camera, [55.0], body[None], [0.0], *size)[0].numpy().astype(int) for body in (BODY, away)
    )
    changed = np.abs(with_it - without).max(axis=2) > 12
    local = (BODY - camera[0, :3, 3]) @ camera[0, :3, :3]
    half = np.tan(np.radians(27.5)) * -local[:, 2]
    column = (local[:, 0] / (half * WIDTH / HEIGHT) + 1) / 2 * size[0]
    row = (1 - local[:, 1] / half) / 2 * size[1]
    # A keypoint lies inside a limb, a few pixels thick; the nose, eyes and ears may peep out of the mask.
    for x, y in zip(column[5:], row[5:], strict=True):
        assert changed[int(y), int(x)], (x, y)
    x, y = column[[5, 6, 11, 12]].mean(), row[[5, 6, 11, 12]].mean()
    red, green, blue = with_it[int(y), int(x)]
    assert red > 1.3 * green > 1.3 * blue
    above_shadow = changed[: int(row[11:13].mean())]
    assert above_shadow[:, : int(column.min()) - 8].sum() == 0
    assert above_shadow[:, int(column.max()) + 8 :].sum() == 0


@pytest.mark.parametrize("character", CHARACTERS)
def test_characters_look_different(character: str) -> None:
    other = CHARACTERS[CHARACTERS.index(character) - 1]
    a, b = (picture("desert_ruins", "day", character=name).astype(int) for name in (character, other))
    assert (np.abs(a - b).max(axis=2) > 20).sum() > 25


def test_edges_are_smooth() -> None:
    """A pixel on the edge of a thing mixes both sides: between sky and tower there are in-between values."""
    gray = picture("coral_city", "day").astype(float).mean(axis=2)
    jump = np.abs(np.diff(gray, axis=1))
    row, at = np.unravel_index(jump[:, 1:-1].argmax(), jump[:, 1:-1].shape)
    assert jump[row, at] + jump[row, at + 2] > 2


def test_only_time_moves_the_light_on_the_sea_floor() -> None:
    home = Camera()
    for setting, moves in (("coral_city", True), ("green_hills", False)):
        scene = sample_scene(3, setting=setting, light="day")
        cameras, bodies = np.repeat(home.c2w[None], 2, 0), np.repeat(BODY[None], 2, 0)
        first, second = render(scene, cameras, [55.0, 55.0], bodies, [0.0, 1.0], WIDTH, HEIGHT)
        assert torch.equal(first, second) is not moves


def test_flying_on_never_ends_in_an_empty_plane() -> None:
    for setting in SETTINGS:
        scene = sample_scene(2, setting=setting)
        far = build_world(scene, np.array([[400.0, 1.5, -900.0]]), 30.0)
        assert len(far.kinds) > 30


def test_things_keep_away_from_the_origin_and_from_one_another() -> None:
    for setting in SETTINGS:
        world = build_world(sample_scene(6, setting=setting), np.zeros((1, 3)), 30.0)
        near = np.hypot(world.shadows[:, 0], world.shadows[:, 1]) - world.shadows[:, 2]
        assert near.min() > 2.8
        assert is_clear(world, np.array([[0.0, 1.0, 0.0], [1.5, 1.0, 1.5]]))


def test_a_camera_inside_a_tower_is_not_clear() -> None:
    world = build_world(sample_scene(1, setting="neon_city"), np.zeros((1, 3)), 30.0)
    tower = world.rows[np.flatnonzero(world.rows[:, 4] > 3)[0]]
    assert not is_clear(world, np.array([[tower[0], 1.5, tower[2]]]))


def test_hills_leave_the_origin_flat() -> None:
    scene = sample_scene(1, setting="green_hills")
    heights = [ground_height_m(scene, x, z) for x in range(-60, 61, 4) for z in range(-60, 61, 4)]
    assert max(heights) > 1.0
    assert all(ground_height_m(scene, x, z) == 0.0 for x in range(-5, 6) for z in range(-5, 6))


@pytest.mark.parametrize(("width", "height"), [(160, 96), (64, 64), (50, 30), (37, 21)])
def test_any_size_renders(width: int, height: int) -> None:
    scene = sample_scene(0)
    home = Camera()
    out = render(scene, home.c2w[None], [55.0], BODY[None], [0.0], width, height)
    assert out.shape == (1, height, width, 3)
    assert out.dtype == torch.uint8


def test_an_unknown_name_is_refused_with_the_choices() -> None:
    with pytest.raises(UserInputError) as caught:
        sample_scene(0, setting="moon")
    assert "green_hills" in (caught.value.expected or "")


def test_arrays_of_different_lengths_are_refused_by_name() -> None:
    with pytest.raises(UserInputError, match="keypoints"):
        render(sample_scene(0), np.eye(4)[None], [55.0], BODY, [0.0], WIDTH, HEIGHT)


def test_the_character_of_a_scene_can_be_changed() -> None:
    scene = sample_scene(4, setting="desert_ruins", light="day", character="robot")
    same = replace(scene, character="astronaut")
    assert same == sample_scene(4, setting="desert_ruins", light="day", character="astronaut")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_compiled_kernels_draw_what_the_plain_ones_draw() -> None:
    for setting in ("desert_ruins", "neon_city"):
        plain = picture(setting, "day").astype(int)
        fast = picture(setting, "day", compiled=True).astype(int)
        off = np.abs(plain - fast).max(axis=2)
        assert off.mean() < 0.1
        assert (off > 3).mean() < 0.01


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_draws_what_the_cpu_draws() -> None:
    home = Camera()
    scene = sample_scene(4, setting="coral_city", light="night")
    on_cpu, on_gpu = (
        render(scene, home.c2w[None], [55.0], BODY[None], [0.0], WIDTH, HEIGHT, device).cpu().numpy().astype(int)
        for device in ("cpu", "cuda")
    )
    assert np.abs(on_cpu - on_gpu).mean() < 0.1
