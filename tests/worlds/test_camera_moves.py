"""Camera moves stay within the limits of the live controls and cover them."""

from __future__ import annotations

import numpy as np
import pytest

from nodegraph.errors import UserInputError
from nodegraph.values import FPS, Camera
from nodegraph.worlds.camera import (
    FOV_LIMITS_DEG,
    LOWEST_M,
    MOVES,
    PITCH_LIMIT_DEG,
    SPEED_LIMITS,
    Start,
    c2w_from,
    integrate,
    move_rates,
    sample_path,
    sample_start,
    view_angles,
)

FRAMES = 49


def pitch_deg(c2w: np.ndarray) -> np.ndarray:
    return np.degrees(np.arcsin(-c2w[:, 1, 2]))


@pytest.mark.parametrize("move", MOVES)
def test_every_path_is_rigid_and_within_its_limits(move: str) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        path = sample_path(rng, move, FRAMES, FPS, sample_start(rng))
        turns = path.c2w[:, :3, :3]
        assert np.allclose(turns @ turns.transpose(0, 2, 1), np.eye(3), atol=1e-9)
        assert path.c2w.shape == (FRAMES, 4, 4)
        assert (path.c2w[:, 1, 3] >= LOWEST_M).all()
        assert (path.fov_y_deg >= FOV_LIMITS_DEG[0]).all()
        assert (path.fov_y_deg <= FOV_LIMITS_DEG[1]).all()
        assert (np.abs(pitch_deg(path.c2w)) <= PITCH_LIMIT_DEG + 1e-6).all()


@pytest.mark.parametrize("axis", SPEED_LIMITS)
def test_training_covers_the_speed_of_the_live_controls(axis: str) -> None:
    """Some path reaches four fifths of each limit in the directions the live controls know; up and pitch reach half."""
    top = max(
        float(np.abs(move_rates(np.random.default_rng(seed), move, FRAMES, FPS)[axis]).max())
        for move in MOVES
        for seed in range(40)
    )
    share = 0.5 if axis in ("up", "pitch") else 0.8
    assert share * SPEED_LIMITS[axis] <= top <= 2.0 * SPEED_LIMITS[axis]


def test_some_paths_start_at_the_live_views_home() -> None:
    home = Camera()
    starts = [sample_start(np.random.default_rng(seed)) for seed in range(60)]
    at_home = [s for s in starts if np.array_equal(s.position, home.c2w[:3, 3]) and s.yaw_deg == 0 == s.pitch_deg]
    assert 20 <= len(at_home) <= 40
    assert np.allclose(c2w_from(at_home[0].position, 0.0, 0.0)[0], home.c2w)


def test_a_camera_looks_at_its_target() -> None:
    eye, target = np.array([3.0, 1.5, 4.0]), np.array([0.2, 1.0, -0.3])
    forward = -c2w_from(eye, *view_angles(eye, target))[0, :3, 2]
    assert np.allclose(forward, (target - eye) / np.linalg.norm(target - eye))


def test_forward_goes_where_the_camera_looks_and_right_to_its_right() -> None:
    start = Start(position=np.array([0.0, 1.5, 5.0]), yaw_deg=90.0, pitch_deg=0.0, fov_y_deg=55.0)
    rates = {name: np.zeros(24) for name in (*SPEED_LIMITS, "roll")}
    ahead = integrate(start, rates | {"forward": np.ones(24)}, FPS).c2w[-1, :3, 3]
    assert np.allclose(ahead, (-1.0, 1.5, 5.0))
    beside = integrate(start, rates | {"right": np.ones(24)}, FPS).c2w[-1, :3, 3]
    assert np.allclose(beside, (0.0, 1.5, 4.0))


def test_an_unknown_move_is_refused() -> None:
    with pytest.raises(UserInputError, match="move"):
        move_rates(np.random.default_rng(0), "teleport", FRAMES, FPS)
