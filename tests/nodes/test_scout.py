"""Which picture of a place is drawn next."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from nodegraph.values import Camera, Pose
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph_nodes._scout import Scout, Shot


def at(x_m: float = 0.0, z_m: float = 4.5, *, left_deg: float = 0.0, fov_deg: float = 55.0) -> Camera:
    a = np.radians(left_deg)
    c2w = np.eye(4)
    c2w[:3, :3] = [[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]]
    c2w[:3, 3] = x_m, 1.5, z_m
    return Camera(c2w=c2w, fov_y_deg=fov_deg)


def left_deg(camera: Camera) -> float:
    return float(np.degrees(np.arctan2(camera.c2w[0, 2], camera.c2w[2, 2])))


def all_shots(scout: Scout, camera: Camera, pose: Pose | None) -> tuple[Scout, list[Shot]]:
    shots = []
    for _ in range(30):
        scout, shot = scout.next(camera, camera, pose)
        if shot is None:
            return scout, shots
        shots.append(shot)
    raise AssertionError("it never ends")


def facing(heading_rad: float) -> Pose:
    return Pose(keypoints=keypoints(BodyState(x_m=1.0, z_m=-1.0, heading_rad=heading_rad)))


def test_first_what_is_seen_then_all_around_nearest_first_then_nothing() -> None:
    _, shots = all_shots(Scout(), at(), None)
    assert [round(left_deg(shot.camera)) for shot in shots] == [0, 60, -60, 120, -120, 180]
    assert all(np.allclose(shot.camera.c2w[:3, 3], at().c2w[:3, 3]) for shot in shots)


def test_a_turning_camera_is_drawn_for_ahead_of_itself() -> None:
    scout, _ = Scout().next(at(), at(), None)
    _, shot = scout.next(at(left_deg=20.0), at(left_deg=30.0), None)
    assert shot is not None and 60 <= left_deg(shot.camera) <= 80


def test_a_camera_that_flies_on_is_never_far_from_a_picture() -> None:
    scout, drawn = Scout(), []
    path = [at(z_m=4.5 - 0.4 * tick) for tick in range(40)]
    for tick, (before, now) in enumerate(pairwise(path)):
        if tick % 3 == 0:
            scout, shot = scout.next(before, now, None)
            drawn += [] if shot is None else [shot.camera]
        nearest = min(float(np.linalg.norm(camera.c2w[:3, 3] - now.c2w[:3, 3])) for camera in drawn)
        assert nearest < 3.0, tick


def test_where_the_camera_comes_to_rest_it_is_drawn_exactly() -> None:
    scout, _ = all_shots(Scout(), at(), None)
    there = at(0.9, 3.7, left_deg=10.0)
    _, shot = scout.next(there, there, None)
    assert shot is not None and np.array_equal(shot.camera.c2w, there.c2w)


def test_a_longer_lens_wants_a_larger_picture() -> None:
    scout, _ = all_shots(Scout(), at(), None)
    _, shot = scout.next(at(fov_deg=30.0), at(fov_deg=30.0), None)
    assert shot is not None and shot.camera.fov_y_deg == 30.0
    wide, none = all_shots(scout, at(), None)
    assert wide is scout and not none


def test_the_character_is_drawn_from_the_side_that_is_seen_then_from_the_others() -> None:
    pose = facing(0.6)
    scout, shots = all_shots(Scout(), at(1.0, 4.0), pose)
    assert [shot.stand is not None for shot in shots] == [False, True, *[False] * 5, *[True] * 3]
    sides = [shot for shot in shots if shot.stand is not None]
    for shot in sides:
        assert np.allclose(shot.stand, (1.0, -1.0, 0.6), atol=0.02)
        eye, ahead = shot.camera.c2w[:3, 3], -shot.camera.c2w[:3, 2]
        to_body = np.array([1.0, 1.1, -1.0]) - eye
        assert np.allclose(to_body / np.linalg.norm(to_body), ahead, atol=0.05), "it looks at the body"
    faced = -sides[0].camera.c2w[:3, 2] @ np.array([np.sin(0.6), 0.0, np.cos(0.6)])
    assert faced < -0.95, "the first is its face, which this camera sees"
    turned = facing(0.6 + np.pi)
    _, again = scout.next(at(1.0, 4.0), at(1.0, 4.0), turned)
    assert again is None, "its back has been drawn"
