"""Cameras look where they are told, paths pass through their keyframes, steering is smooth and held in bounds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodegraph.errors import NodegraphError
from nodegraph.media.camera import CameraKeyframe, CameraSpline, from_yaw_pitch, look_at, orbit, slerp, yaw_pitch
from nodegraph.media.steering import FOV_LIMITS_DEG, HEIGHT_LIMITS_M, PITCH_LIMIT_DEG, CameraRig, Stick
from nodegraph.values import Camera

ANGLE = st.floats(-179, 179)
SLOPE = st.floats(-85, 85)
ZERO = np.zeros(3)


def is_rigid(c2w: np.ndarray) -> bool:
    turn = c2w[:3, :3]
    return np.allclose(turn @ turn.T, np.eye(3), atol=1e-9) and np.isclose(np.linalg.det(turn), 1.0)


@given(ANGLE, SLOPE)
def test_yaw_and_pitch_come_back(yaw: float, pitch: float) -> None:
    c2w = from_yaw_pitch(ZERO, yaw, pitch)
    assert is_rigid(c2w)
    assert np.allclose(yaw_pitch(c2w), (yaw, pitch), atol=1e-6)


def test_yaw_turns_right_and_pitch_looks_up() -> None:
    assert np.allclose(-from_yaw_pitch(ZERO, 90, 0)[:3, 2], (1, 0, 0))
    assert np.allclose(-from_yaw_pitch(ZERO, 0, 90)[:3, 2], (0, 1, 0), atol=1e-9)


@pytest.mark.parametrize("eye", [(0, 1.5, 5), (3, 4, -2), (0, 9, 0), (-1, 0.2, 0)])
def test_look_at_puts_the_target_on_the_axis_and_stays_level(eye: tuple[float, ...]) -> None:
    target = np.array([0.0, 1.0, 0.0])
    c2w = look_at(np.array(eye, dtype=float), target)
    seen = np.linalg.inv(c2w) @ np.append(target, 1.0)
    assert is_rigid(c2w) and np.allclose(seen[:2], 0, atol=1e-9) and seen[2] < 0
    assert np.isclose(c2w[1, 0], 0, atol=1e-12)


def test_an_orbit_starts_in_front_and_keeps_its_distance() -> None:
    target = np.array([1.0, 1.0, 0.0])
    for angle in (0, 33, 180, 400):
        c2w = orbit(target, radius_m=4, height_m=2, angle_deg=angle)
        assert np.isclose(np.hypot(*(c2w[:3, 3] - target)[[0, 2]]), 4) and np.isclose(c2w[1, 3], 2)
    assert np.allclose(orbit(target, radius_m=4, height_m=2, angle_deg=0)[:3, 3], (1, 2, 4))


@given(ANGLE, SLOPE, ANGLE, SLOPE, st.floats(0, 1))
def test_slerp_moves_at_constant_angular_speed(y0: float, p0: float, y1: float, p1: float, u: float) -> None:
    a, b = (from_yaw_pitch(ZERO, y, p)[:3, :3] for y, p in ((y0, p0), (y1, p1)))
    middle = slerp(a, b, u)

    def angle(m: np.ndarray, n: np.ndarray) -> float:
        return float(2 * np.arcsin(np.clip(np.linalg.norm(m - n) / np.sqrt(8), 0, 1)))

    assert np.allclose(middle @ middle.T, np.eye(3), atol=1e-6)
    assert np.isclose(angle(a, middle), u * angle(a, b), atol=1e-4)


def test_half_a_turn_has_a_way() -> None:
    a, b = (from_yaw_pitch(ZERO, yaw, 0)[:3, :3] for yaw in (0, 180))
    assert np.allclose(slerp(a, b, 1.0), b, atol=1e-6)


KEYS = [
    CameraKeyframe(tick=0, position=(0, 1.5, 4)),
    CameraKeyframe(tick=6, position=(2, 2, 4), yaw_deg=-30, pitch_deg=-5, fov_y_deg=40),
    CameraKeyframe(tick=20, position=(0, 1, 3), yaw_deg=20, pitch_deg=10),
]


@pytest.mark.parametrize("key", KEYS)
def test_a_path_passes_through_its_keyframes(key: CameraKeyframe) -> None:
    camera = CameraSpline(KEYS).at(key.tick)
    assert np.allclose(camera.c2w, from_yaw_pitch(np.array(key.position), key.yaw_deg, key.pitch_deg), atol=1e-6)
    assert np.isclose(camera.fov_y_deg, key.fov_y_deg)


def test_a_path_has_no_jump_and_no_roll_and_waits_at_its_ends() -> None:
    path = CameraSpline(KEYS)
    cameras = [path.at(t / 10) for t in range(-20, 260)]
    steps = [np.linalg.norm(b.c2w[:3, 3] - a.c2w[:3, 3]) for a, b in pairwise(cameras)]
    assert max(steps) < 0.1 and all(abs(c.c2w[1, 0]) < 1e-9 for c in cameras)
    assert np.allclose(path.at(-5).c2w, path.at(0).c2w) and np.allclose(path.at(99).c2w, path.at(20).c2w)


def test_velocity_is_continuous_at_an_inner_keyframe() -> None:
    path, h = CameraSpline(KEYS), 1e-4
    before, at, after = (path.at(6 + d).c2w[:3, 3] for d in (-h, 0, h))
    assert np.allclose((at - before) / h, (after - at) / h, atol=1e-3)


def test_a_loop_starts_again() -> None:
    closed = [*KEYS, CameraKeyframe(tick=30, position=KEYS[0].position)]
    path = CameraSpline(closed, loop=True)
    assert np.allclose(path.at(37).c2w, path.at(7).c2w) and np.allclose(path.at(30).c2w, path.at(0).c2w)


def test_one_keyframe_is_a_still_camera() -> None:
    assert np.allclose(CameraSpline(KEYS[:1], loop=True).at(50).c2w, Camera().c2w)


@pytest.mark.parametrize(("keys", "code"), [([], "missing_input"), ([KEYS[1], KEYS[0]], "out_of_range")])
def test_an_impossible_path_is_refused(keys: list[CameraKeyframe], code: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        CameraSpline(keys)
    assert caught.value.code == code


def fly(rig: CameraRig, ticks: int, **stick: float) -> CameraRig:
    for _ in range(ticks):
        rig = rig.step(Stick(**stick), speed_m_s=2.5, turn_deg_s=45)
    return rig


def test_forward_goes_where_the_camera_heads_whatever_the_pitch() -> None:
    rig = fly(CameraRig(yaw_deg=90, pitch_deg=30), 6, forward=1)
    assert rig.position[0] > 1.5 and np.isclose(rig.position[1], 1.5) and np.isclose(rig.position[2], 4)


def test_right_is_to_the_right_and_yaw_turns_to_the_right() -> None:
    assert fly(CameraRig(), 3, right=1).position[0] > 0.5
    assert fly(CameraRig(), 6, yaw=1).yaw_deg > 30


def test_starts_and_stops_are_smooth_and_over_in_two_ticks() -> None:
    rig, rates = CameraRig(), []
    for forward in [1.0] * 4 + [0.0] * 4:
        rig = rig.step(Stick(forward=forward), speed_m_s=1, turn_deg_s=45)
        rates.append(rig.rates[0])
    assert 0.5 < rates[0] < 0.7 and rates[1] > 0.9 and max(rates) <= 1.0
    assert rates[5] < 0.12 and min(rates) >= 0.0


def test_diagonal_flight_is_no_faster() -> None:
    assert np.isclose(np.hypot(*Stick(forward=1, right=1).vector()[:2]), 1.0)


@given(st.lists(st.tuples(*[st.floats(-5, 5)] * 6), max_size=40))
def test_no_steering_leaves_the_bounds(sticks: list[tuple[float, ...]]) -> None:
    rig = CameraRig()
    for values in sticks:
        stick = Stick(**dict(zip(("forward", "right", "up", "yaw", "pitch", "zoom"), values, strict=True)))
        rig = rig.step(stick, speed_m_s=2.5, turn_deg_s=45)
    assert HEIGHT_LIMITS_M[0] <= rig.position[1] <= HEIGHT_LIMITS_M[1]
    assert abs(rig.pitch_deg) <= PITCH_LIMIT_DEG
    assert FOV_LIMITS_DEG[0] <= rig.fov_y_deg <= FOV_LIMITS_DEG[1]
    assert is_rigid(rig.camera().c2w)


def test_zooming_in_narrows_the_view_and_state_survives_a_round_trip() -> None:
    rig = fly(CameraRig(), 6, zoom=1, yaw=0.3)
    assert rig.fov_y_deg < 45 and CameraRig(**rig.as_dict()) == rig
    assert np.allclose(CameraRig().camera().c2w, Camera().c2w)
