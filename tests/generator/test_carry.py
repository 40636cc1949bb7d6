"""The recycled frame moved along camera and pose: the planes of movement, and the fitted resampling."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from nodegraph.generator.carry import Carry
from nodegraph.generator.checkpoint import random_weights
from nodegraph.generator.config import MOTION_CHANNELS, preset
from nodegraph.generator.control import condition_planes
from nodegraph.generator.motion import motion_maps
from nodegraph.generator.session import Controls, Session
from nodegraph.values import KEYPOINTS, Camera, Pose, Prompt

ROWS, COLUMNS = 12, 16


def turned(degrees: float) -> Camera:
    c2w, angle = Camera().c2w.copy(), np.radians(degrees)
    c2w[:3, :3] = [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
    return Camera(c2w=c2w)


def moved(*by: float) -> Camera:
    c2w = Camera().c2w.copy()
    c2w[:3, 3] += by
    return Camera(c2w=c2w)


def standing(x: float = 0.0) -> NDArray[np.float64]:
    """A body at the origin of the world, arms hanging, moved sideways by `x` metres."""
    heights = {"nose": 1.65, "eye": 1.7, "ear": 1.68, "shoulder": 1.4, "elbow": 1.1, "wrist": 0.85}
    heights |= {"hip": 0.9, "knee": 0.5, "ankle": 0.08}
    points = np.zeros((len(KEYPOINTS), 3))
    for index, name in enumerate(KEYPOINTS):
        side, _, part = name.rpartition("_")
        points[index] = ({"left": -0.2, "right": 0.2, "": 0.0}[side] + x, heights[part], 0.0)
    return points


def test_nothing_moves_where_camera_and_pose_stand_still() -> None:
    pose = Pose(keypoints=standing())
    planes = motion_maps(Camera(), Camera(), pose, pose, ROWS, COLUMNS)
    assert planes.shape == (MOTION_CHANNELS, ROWS, COLUMNS)
    assert not planes[:2].any() and planes[2].all()
    assert np.array_equal(planes[3], planes[4]) and 0 < planes[3].mean() < 0.4


def test_the_source_lies_where_the_camera_turned_from() -> None:
    # Rotating about +y turns the camera to the left: what it sees now lay further left in the picture.
    left = motion_maps(Camera(), turned(5.0), None, None, ROWS, COLUMNS)
    assert (left[0] < 0).all() and not left[2, :, 0].any() and left[2, :, -1].all()
    cells_per_radian = ROWS / 2 / np.tan(np.radians(Camera().fov_y_deg / 2))
    middle = left[0, ROWS // 2, COLUMNS // 2 - 1 : COLUMNS // 2 + 1]
    assert np.allclose(middle, -cells_per_radian * np.radians(5.0), rtol=0.03)
    assert np.abs(left[1, ROWS // 2 - 1 : ROWS // 2 + 1]).max() < 0.1


def test_the_ground_moves_more_than_what_stands_far_away() -> None:
    side = motion_maps(Camera(), moved(0.5, 0, 0), None, None, ROWS, COLUMNS)
    assert (side[0] > 0).all(), "the camera moved right: things stood further right before"
    assert side[0, -1].mean() > 3 * side[0, 0].mean()
    forward = motion_maps(Camera(), moved(0, 0, -0.5), None, None, ROWS, COLUMNS)
    assert (forward[1, ROWS // 2 + 1 :] < 0).all(), "the ground came nearer: it lay nearer to the horizon"


def test_the_body_moves_by_its_own_way_and_uncovers_what_was_behind() -> None:
    before, now = Pose(keypoints=standing(0.0)), Pose(keypoints=standing(0.4))
    planes = motion_maps(Camera(), Camera(), before, now, ROWS, COLUMNS)
    cells_per_metre = ROWS / 2 / np.tan(np.radians(Camera().fov_y_deg / 2)) / 4.0
    assert np.allclose(planes[0][planes[3] == 1], -0.4 * cells_per_metre, rtol=0.1)
    assert not planes[0][planes[3] == 0].any(), "the background stands"
    assert ((planes[4] > 0.9) & (planes[3] < 0.1)).any(), "somewhere the body was and is no more"


def test_keypoints_of_a_webcam_move_the_body_too() -> None:
    points = np.zeros((len(KEYPOINTS), 3))
    points[:, 0], points[:, 1] = 0.5, np.linspace(0.2, 0.8, len(KEYPOINTS))
    before, now = (Pose(keypoints=points + np.array([x, 0, 0]), space="image") for x in (0.0, 2 / COLUMNS))
    planes = motion_maps(Camera(), Camera(), before, now, ROWS, COLUMNS)
    assert np.allclose(planes[0][planes[3] == 1], -2, atol=0.1)


def texture(shift_x: float, shift_y: float, waves: Tensor) -> Tensor:
    """A smooth picture of twice the size, folded into 4 channels [1, 4, R, Q], moved by fractions of a cell."""
    y, x = torch.meshgrid(torch.arange(2 * ROWS) / 2 + shift_y, torch.arange(2 * COLUMNS) / 2 + shift_x, indexing="ij")
    picture = torch.sin(waves[:, 0, None, None] * x + waves[:, 1, None, None] * y + waves[:, 2, None, None]).sum(0)
    return torch.nn.functional.pixel_unshuffle(picture[None, None].float(), 2)


def pairs(count: int, seed: int) -> list[tuple[Tensor, Tensor, Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    found = []
    for _ in range(count):
        waves = torch.randn(3, 3, generator=generator) * torch.tensor([0.5, 0.5, 3.0])
        dx, dy = (torch.rand(2, generator=generator) * 2 - 1).tolist()
        motion = torch.zeros(1, MOTION_CHANNELS, ROWS, COLUMNS)
        motion[:, 0], motion[:, 1] = dx, dy
        found.append((texture(0, 0, waves), motion, texture(dx, dy, waves)))
    return found


def test_the_fitted_resampling_beats_blending_and_keeps_what_stands() -> None:
    carry = Carry(4).requires_grad_(False)
    carry.fit(pairs(60, 0))
    apart = blended = 0.0
    inner = (..., slice(3, -3), slice(3, -3))
    for before, motion, now in pairs(20, 1):
        y, x = torch.meshgrid(torch.arange(ROWS).float(), torch.arange(COLUMNS).float(), indexing="ij")
        at = torch.stack([(x + motion[0, 0] + 0.5) / COLUMNS, (y + motion[0, 1] + 0.5) / ROWS], -1) * 2 - 1
        bilinear = torch.nn.functional.grid_sample(before, at[None], align_corners=False)
        apart += float((carry(before, motion) - now)[inner].square().mean())
        blended += float((bilinear - now)[inner].square().mean())
    assert apart < 0.5 * blended
    still = pairs(1, 2)[0][0]
    assert torch.equal(carry(still, torch.zeros(1, MOTION_CHANNELS, ROWS, COLUMNS)), still)


def test_whole_cells_need_no_fit() -> None:
    before = torch.randn(2, 4, ROWS, COLUMNS, generator=torch.Generator().manual_seed(0))
    motion = torch.zeros(2, MOTION_CHANNELS, ROWS, COLUMNS)
    motion[:, 0], motion[:, 1] = 2.0, -1.0
    made = Carry(4)(before, motion)
    assert torch.equal(made[..., 1:, :-2], before[..., :-1, 2:])


def test_a_session_that_has_learnt_nothing_follows_the_camera() -> None:
    weights = random_weights(preset("debug"), seed=0)
    net = weights.transformer
    assert net.carry is not None and net.pyramid is not None
    net.pyramid.start()
    torch.nn.init.zeros_(net.pyramid.leave.bias)
    assert net.pyramid.trust is not None and net.pyramid.trust.bias is not None
    torch.nn.init.constant_(net.pyramid.trust.bias, -50.0)  # nothing is taken from the scene memory
    image = torch.randn(weights.config.latent_shape, generator=torch.Generator().manual_seed(1))
    session = Session(weights, 0, image)
    session.step(Controls(prompt=Prompt(text=""), camera=Camera()))
    made = session.step(Controls(prompt=Prompt(text=""), camera=turned(4.0)))
    planes = condition_planes(weights.config, Camera(), turned(4.0), None, recycled=True)
    expected = net.carry(image[None], planes[None, weights.config.motion_planes])[0]
    assert torch.allclose(made, expected, atol=1e-5) and not torch.allclose(made, image, atol=0.1)


@pytest.mark.parametrize("image", [True, False])
def test_the_pose_before_is_part_of_the_state(image: bool) -> None:
    weights = random_weights(preset("debug"), seed=0)
    with torch.no_grad():
        assert weights.transformer.carry is not None
        torch.nn.init.normal_(weights.transformer.carry.weight, std=0.1)
    given = torch.zeros(weights.config.latent_shape) if image else None
    steps = [Controls(prompt=Prompt(text="a robot"), pose=Pose(keypoints=standing(x))) for x in (0.0, 0.2, 0.5, 0.1)]
    session = Session(weights, 3, given)
    for control in steps[:2]:
        session.step(control)
    state = session.snapshot()
    ahead = [session.step(control) for control in steps[2:]]
    other = Session(weights, 3, given)
    other.restore(state)
    assert all(torch.equal(a, other.step(control)) for a, control in zip(ahead, steps[2:], strict=True))
