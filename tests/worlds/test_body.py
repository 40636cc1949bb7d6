"""The character's motions are smooth, keep their bones, and differ from one another."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodegraph.errors import UserInputError
from nodegraph.values import FPS
from nodegraph.worlds.body import ACTIONS, RUN_MPS, TURN_DEG_S, WALK_MPS, BodyState, advance, keypoints

BONES = ((5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16))
FASTEST_MPS = 14.0
"""No point of the body moves faster: arms thrown up in a jump reach 12 m/s."""


def performance(action: str, seconds: float) -> np.ndarray:
    return np.stack([keypoints(BodyState(action=action, time_s=i / 96)) for i in range(int(seconds * 96))])


@pytest.mark.parametrize("action", ACTIONS)
def test_motion_is_continuous(action: str) -> None:
    points = performance(action, 4.0)
    assert np.abs(np.diff(points, axis=0)).max() * 96 < FASTEST_MPS
    # Feet push off in one step, which is as sharp as a motion gets: 3.1 m/s within 1/96 s.
    assert np.abs(np.diff(points, 2, axis=0)).max() < (0.05 if action == "jump" else 0.03)


@pytest.mark.parametrize("action", ACTIONS)
def test_bones_keep_their_length(action: str) -> None:
    points = performance(action, 2.0)
    for a, b in BONES:
        length_m = np.linalg.norm(points[:, a] - points[:, b], axis=1)
        assert np.allclose(length_m, length_m[0], atol=1e-9)


def test_a_standing_body_is_a_metre_seventy_five_tall_with_feet_on_the_ground() -> None:
    points = keypoints(BodyState())
    assert 1.55 < points[:5, 1].max() < 1.75
    assert 0.05 < points[15:, 1].min() < 0.12


@pytest.mark.parametrize("action", ACTIONS)
def test_feet_never_sink(action: str) -> None:
    assert performance(action, 3.0)[:, 15:17, 1].min() > 0.05


def test_a_jump_leaves_the_ground_and_nothing_else_does_as_high() -> None:
    lifts = {action: performance(action, 3.0)[:, 15:17, 1].min(axis=1).max() for action in ACTIONS}
    assert lifts["jump"] > 0.4
    assert max(lift for action, lift in lifts.items() if action != "jump") < 0.25


def test_a_wave_swings_the_right_hand_above_the_head() -> None:
    points = performance("wave", 2.0)
    assert (points[:, 10, 1] > points[:, 0, 1]).all()
    assert np.ptp(points[:, 10, 0]) > 0.15
    assert (points[:, 9, 1] < points[:, 5, 1]).all()


def test_dancing_moves_the_hips_and_walking_does_not() -> None:
    def hip_swing_m(action: str) -> float:
        return float(np.ptp(performance(action, 2.0)[:, 11:13, 0].mean(axis=1)))

    assert hip_swing_m("dance") > 0.2 > 3 * hip_swing_m("walk")


def test_the_left_side_is_at_positive_x_when_the_body_faces_plus_z() -> None:
    points = keypoints(BodyState())
    assert points[5, 0] > points[6, 0]
    assert points[0, 2] > points[3, 2]


def test_heading_turns_towards_plus_x() -> None:
    points = keypoints(BodyState(heading_rad=math.pi / 2))
    assert points[0, 0] > points[3, 0] + 0.05


@pytest.mark.parametrize(("action", "speed_mps"), [("walk", WALK_MPS), ("run", RUN_MPS)])
def test_a_moving_body_reaches_its_speed(action: str, speed_mps: float) -> None:
    state = BodyState()
    for _ in range(3 * FPS):
        before = state
        state = advance(state, 1 / FPS, forward=1.0, action=action)
    assert state.action == action
    assert (state.z_m - before.z_m) * FPS == pytest.approx(speed_mps)


def test_a_walk_stops_when_the_stick_is_let_go() -> None:
    state = BodyState()
    for _ in range(FPS):
        state = advance(state, 1 / FPS, forward=1.0)
    for _ in range(FPS):
        state = advance(state, 1 / FPS)
    assert state.action == "stand"
    assert state.speed_mps == 0.0


def test_sitting_brings_the_hips_near_the_ground_and_turning_turns() -> None:
    assert keypoints(BodyState(action="sit"))[11:13, 1].max() < 0.45
    state = BodyState(action="turn")
    for _ in range(FPS):
        state = advance(state, 1 / FPS, action="turn")
    assert math.degrees(state.heading_rad) > 45


def test_turning_takes_as_long_as_stated() -> None:
    state = BodyState()
    for _ in range(FPS):
        state = advance(state, 1 / FPS, turn=1.0)
    assert math.degrees(state.heading_rad) == pytest.approx(TURN_DEG_S)


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=12))
def test_no_sequence_of_commands_makes_the_body_leap(commands: list[tuple[str, float, float]]) -> None:
    state = BodyState()
    last = keypoints(state)
    for action, forward, turn in commands:
        for _ in range(5):
            state = advance(state, 1 / FPS, forward=forward, turn=turn, action=action)
            points = keypoints(state)
            assert np.abs(points - last).max() < 0.75
            last = points


def test_a_state_survives_json_fields() -> None:
    state = advance(BodyState(), 1 / FPS, action="dance")
    again = BodyState(**{**state.__dict__, "origin": list(state.origin or ())})
    assert np.array_equal(keypoints(again), keypoints(state))


def test_an_unknown_action_is_refused_with_the_choices() -> None:
    with pytest.raises(UserInputError) as caught:
        BodyState(action="fly")
    assert caught.value.code == "out_of_range"
    assert "dance" in (caught.value.expected or "")


def test_importing_the_body_and_the_package_loads_no_torch() -> None:
    code = (
        "import sys, nodegraph.worlds, nodegraph.worlds.body; from nodegraph.worlds import SETTINGS, MOVES, vocabulary;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
