"""Curves pass through their keyframes, stay between them, and agree with what the editor draws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodegraph.errors import NodegraphError
from nodegraph.media.camera import CameraKeyframe, CameraSpline, yaw_pitch
from nodegraph.media.curve import INTERPOLATIONS, Curve, CurveKeyframe

FIXTURES = Path(__file__).parents[2] / "web" / "src" / "test" / "fixtures"
VALUES = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=8)


def curve(*values: float, interpolation: str = "smooth", loop: bool = False, apart: int = 6) -> Curve:
    keys = [CurveKeyframe(tick=i * apart, value=value) for i, value in enumerate(values)]
    return Curve(keys, interpolation=interpolation, loop=loop)


@pytest.mark.parametrize("interpolation", INTERPOLATIONS)
@given(values=VALUES)
def test_a_curve_meets_its_keyframes_and_waits_outside(interpolation: str, values: list[float]) -> None:
    drawn = curve(*values, interpolation=interpolation)
    assert [drawn.at(6 * i) for i in range(len(values))] == pytest.approx(values, abs=1e-9)
    assert drawn.at(-5) == values[0] and drawn.at(1e6) == values[-1]


@pytest.mark.parametrize("loop", [False, True])
@given(values=VALUES)
def test_a_smooth_curve_never_leaves_the_range_of_its_neighbours(loop: bool, values: list[float]) -> None:
    drawn = curve(*values, loop=loop)
    for tick in range(6 * (len(values) - 1)):
        low, high = sorted(values[tick // 6 : tick // 6 + 2])
        assert low - 1e-6 <= drawn.at(tick) <= high + 1e-6


def test_between_two_keyframes_it_runs_as_it_is_called() -> None:
    at_a_quarter = [curve(0, 1, interpolation=name, apart=4).at(1) for name in INTERPOLATIONS]
    assert at_a_quarter == [0.25, 0.15625, 0.0]


def test_a_loop_starts_again_at_its_last_keyframe() -> None:
    drawn = curve(0, 2, 1, interpolation="linear", loop=True)
    assert [drawn.at(tick) for tick in (0, 3, 6, 9, 12, 15, 18)] == [0, 1, 2, 1.5, 0, 1, 2]


def test_a_smooth_loop_runs_through_its_join() -> None:
    drawn = curve(0, 1, -1, 0, loop=True)
    assert drawn.at(18 - 1e-4) == pytest.approx(-drawn.at(18 + 1e-4), abs=1e-9) != 0


@pytest.mark.parametrize(
    ("keys", "interpolation", "code"),
    [
        ([], "smooth", "missing_input"),
        ([CurveKeyframe(tick=3, value=0.0)] * 2, "smooth", "out_of_range"),
        ([CurveKeyframe(tick=3, value=0.0)], "wobbly", "out_of_range"),
    ],
)
def test_a_broken_curve_says_why(keys: list[CurveKeyframe], interpolation: str, code: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        Curve(keys, interpolation=interpolation)
    assert caught.value.code == code


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("case", fixture("curves"), ids=lambda case: str(case["name"]))
def test_the_editor_draws_the_same_curve(case: dict[str, Any]) -> None:
    """The editor's own tests hold its mathematics to the same file."""
    keys = [CurveKeyframe(**key) for key in case["keyframes"]]
    drawn = Curve(keys, interpolation=case["interpolation"], loop=case["loop"])
    assert [drawn.at(tick) for tick, _ in case["samples"]] == pytest.approx([v for _, v in case["samples"]], abs=1e-9)


@pytest.mark.parametrize("case", fixture("camera_paths"), ids=lambda case: str(case["name"]))
def test_the_editor_draws_the_same_camera_path(case: dict[str, Any]) -> None:
    keys = [
        CameraKeyframe(
            tick=key["tick"], position=key["position"], yaw_deg=key["yaw"], pitch_deg=key["pitch"], fov_y_deg=key["fov"]
        )
        for key in case["keyframes"]
    ]
    spline = CameraSpline(keys, loop=case["loop"])
    for tick, *expected in case["samples"]:
        camera = spline.at(tick)
        found = [*camera.c2w[:3, 3], *yaw_pitch(camera.c2w), camera.fov_y_deg]
        assert found == pytest.approx(expected, abs=1e-6)
