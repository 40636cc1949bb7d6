"""Views seen from other cameras, held against scenes whose geometry is known exactly."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from nodegraph.generator.puppet import likeness, move_body, pose_between
from nodegraph.generator.rays import project, unit_rays
from nodegraph.generator.warp import View, between, fill, follow, gather
from nodegraph.values import KEYPOINTS, Camera, Pose
from nodegraph.worlds.body import BodyState
from nodegraph.worlds.body import keypoints as standing
from nodegraph.worlds.renderer import render_layers
from nodegraph.worlds.scene import sample_scene

WIDTH, HEIGHT = 128, 80


def camera(x_m: float = 0.0, z_m: float = 4.0, *, turned_deg: float = 0.0, rolled_deg: float = 0.0) -> Camera:
    a, r = np.radians(turned_deg), np.radians(rolled_deg)
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    roll = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    c2w = np.eye(4)
    c2w[:3, :3], c2w[:3, 3] = turn @ roll, (x_m, 1.5, z_m)
    return Camera(c2w=c2w)


def rendered(cameras: list[Camera], pose: Pose, character: str = "robot") -> list[View]:
    """The same place and body from several cameras, with true distances."""
    scene = sample_scene(3, setting="desert_ruins", light="day", character=character, place=0)
    count = len(cameras)
    layers = render_layers(
        scene, np.stack([c.c2w for c in cameras]), np.full(count, 55.0), np.repeat(pose.keypoints[None], count, 0),
        np.zeros(count), WIDTH, HEIGHT,
    )  # fmt: skip
    return [
        View(
            picture=layers.video[i].permute(2, 0, 1).float() / 127.5 - 1,
            nearness=layers.nearness[i][None],
            body=layers.body[i][None].float(),
            hem=layers.body[i][None].float(),
            camera=cameras[i],
            pose=pose,
            given=True,
        )
        for i in range(count)
    ]


def apart(a: Tensor, b: Tensor, where: Tensor) -> float:
    return float(((a - b).abs().mean(0, keepdim=True) * where).sum() / where.sum())


@pytest.mark.parametrize(
    "there",
    [camera(0.6), camera(0.0, 3.2), camera(turned_deg=8.0), camera(rolled_deg=6.0), camera(0.4, 3.6, turned_deg=-6.0)],
    ids=["truck", "dolly", "pan", "roll", "all"],
)
def test_a_view_seen_from_elsewhere_is_what_the_renderer_draws_there(there: Camera) -> None:
    here, pose = camera(), Pose(keypoints=standing(BodyState()))
    old, true = rendered([here, there], pose)
    shown = gather([old], [follow(old, here)], [follow(old, there)], (1.0,))
    known = (shown.sure[0] > 0.9).float() * (true.body < 0.5)
    assert known.mean() > 0.6
    assert apart(shown.picture[0], true.picture, known) < 0.35 * apart(old.picture, true.picture, known)


def test_a_camera_at_the_same_place_sees_the_view_itself() -> None:
    (view,) = rendered([camera()], Pose(keypoints=standing(BodyState())))
    seen = follow(view, view.camera)
    shown = gather([view], [seen], [seen], (1.0,))
    assert apart(shown.picture[0], view.picture, (shown.sure[0] > 0.9).float()) < 0.01


def test_what_was_hidden_by_something_near_is_not_known() -> None:
    """A pole before a wall: from the side, the wall behind the pole is a gap."""
    near = torch.full((1, HEIGHT, WIDTH), 1 / 10.0)
    near[..., 60:68] = 1 / 2.0
    picture = torch.zeros(3, HEIGHT, WIDTH)
    picture[..., 60:68] = 1.0
    view = View(
        picture=picture,
        nearness=near,
        body=torch.zeros_like(near),
        hem=torch.zeros_like(near),
        camera=camera(),
        pose=None,
        given=True,
    )
    aside = camera(0.5)
    seen = follow(view, aside)
    shown = gather([view], [seen], [seen], (1.0,))
    row = shown.sure[0, 0, HEIGHT // 2]
    pole = (shown.picture[0, 0, HEIGHT // 2] > 0.5).nonzero().flatten()
    assert len(pole) and int(pole.max()) < 60, "the pole moves left as the camera moves right"
    assert float(row[int(pole.max()) + 2 : 62].mean()) < 0.5, "the gap it leaves is unsure"
    assert float(row[80:120].mean()) > 0.9, "the wall is not"


def test_a_second_view_fills_what_the_first_does_not_know() -> None:
    pose = Pose(keypoints=standing(BodyState()))
    left, right, middle = rendered([camera(turned_deg=15.0), camera(turned_deg=-15.0), camera()], pose)
    alone = gather([left], [follow(left, middle.camera)], [follow(left, middle.camera)], (1.0,))
    seen = [follow(view, middle.camera) for view in (left, right)]
    both = gather([left, right], seen, seen, (1.0,))
    known = (both.sure[0] > 0.9).float() * (middle.body < 0.5)
    assert both.sure.mean() > alone.sure.mean() + 0.1
    assert apart(both.picture[0], middle.picture, known) < 0.05


def test_a_view_goes_on_beyond_its_sides_as_its_mirror_image() -> None:
    (view,) = rendered([camera()], Pose(keypoints=standing(BodyState())))
    seen = follow(view, camera(turned_deg=-40.0))
    shown = gather([view], [seen], [seen], (1.0,))
    beyond = shown.sure[0, 0] < 0.1
    assert beyond.float().mean() > 0.3 and shown.likely[0, 0][beyond].mean() > 0.7
    # The horizon goes on: sky above and ground below, as in the view.
    sky, ground = view.picture[:, 2].mean(1), view.picture[:, -3].mean(1)
    top, bottom = shown.picture[0, :, 2, -20:].mean(1), shown.picture[0, :, -3, -20:].mean(1)
    assert (top - sky).norm() < 0.3 * (top - ground).norm()
    assert (bottom - ground).norm() < 0.6 * (bottom - sky).norm()
    behind = follow(view, camera(turned_deg=180.0))
    assert not behind.sure.any() and behind.likely.mean() > 0.5 and behind.place.abs().max() <= 1.0


def test_gaps_are_filled_smoothly_from_what_is_around() -> None:
    picture = torch.zeros(1, 3, HEIGHT, WIDTH)
    picture[..., WIDTH // 2 :] = 1.0
    sure = torch.ones(1, 1, HEIGHT, WIDTH)
    sure[..., 30:50, 100:110] = 0.0
    broken = picture * sure - (1 - sure)
    mended = fill(broken, sure)
    assert torch.allclose(mended * sure, picture * sure, atol=1e-5)
    assert float((mended - picture).abs().max()) < 0.1


def test_cameras_on_the_way_turn_evenly_and_stay_cameras() -> None:
    a, b = camera(turned_deg=0.0), camera(1.0, turned_deg=10.0)
    middle = between(a, b, 0.5)
    rotation = middle.c2w[:3, :3]
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9) and np.isclose(np.linalg.det(rotation), 1)
    assert np.allclose(rotation, camera(turned_deg=5.0).c2w[:3, :3], atol=1e-3) and middle.c2w[0, 3] == 0.5
    assert np.array_equal(between(a, b, 1.0).c2w[:3, 3], b.c2w[:3, 3])


def test_a_puppet_lifts_the_arm_that_the_pose_lifts() -> None:
    before, after = standing(BodyState(action="stand")), standing(BodyState(action="stand")).copy()
    lifted = [KEYPOINTS.index(f"left_{part}") for part in ("elbow", "wrist")]
    shoulder = after[KEYPOINTS.index("left_shoulder")]
    after[lifted] = shoulder + np.array([[0.1, 0.28, 0.0], [0.15, 0.55, 0.0]])
    (view,) = rendered([camera()], Pose(keypoints=before))
    still, raised = move_body(view, [Pose(keypoints=before), Pose(keypoints=after)], [view.camera] * 2).sure
    overlap = ((still > 0.5) & (view.body > 0.5)).sum() / ((still > 0.5) | (view.body > 0.5)).sum()
    assert overlap > 0.8, "at the same pose it stands where it stood"
    at = project(after[lifted[1:]], view.camera, WIDTH / HEIGHT)[0]
    x, y = int(at[0] * WIDTH), int(at[1] * HEIGHT)
    assert raised[0, y - 1 : y + 2, x - 1 : x + 2].max() > 0.5 and still[0, y - 1 : y + 2, x - 1 : x + 2].max() < 0.1


def test_a_puppet_keeps_its_hat() -> None:
    pose = Pose(keypoints=standing(BodyState()))
    (view,) = rendered([camera()], pose, "wizard")
    still = move_body(view, [pose], [view.camera]).sure[0]
    top = int(view.body[0].any(1).nonzero().min())
    hat = view.body[:, top : top + 6] > 0.5
    assert ((still[:, top : top + 6] > 0.5) & hat).sum() > 0.7 * hat.sum()


def test_a_body_seen_from_the_same_side_serves_better_than_one_from_behind() -> None:
    front, back = (Pose(keypoints=standing(BodyState(heading_rad=h))) for h in (0.0, np.pi))
    (view,) = rendered([camera()], front)
    assert likeness(view, front, view.camera) > 0.9 > 0.3 > likeness(view, back, view.camera)
    assert likeness(view, None, view.camera) == 0.0


def test_poses_of_different_spaces_are_not_mixed() -> None:
    world, picture = Pose(keypoints=np.zeros((17, 3))), Pose(keypoints=np.ones((17, 3)), space="image")
    assert pose_between(world, picture, 0.5) is picture and pose_between(None, world, 0.5) is world
    middle = pose_between(world, Pose(keypoints=np.ones((17, 3))), 0.25)
    assert middle is not None and np.allclose(middle.keypoints, 0.25)


def test_rays_of_all_cells_have_unit_length() -> None:
    assert np.allclose(np.linalg.norm(unit_rays(55.0, 10, 16), axis=-1), 1.0)
