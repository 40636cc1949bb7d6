"""Prompt, camera, pose and number nodes: one value per tick, in force at that tick."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import Live
from nodegraph.media.camera import yaw_pitch
from nodegraph.values import TICK_S, Camera
from nodegraph.worlds.body import ACTIONS
from nodegraph_nodes.camera import CameraFly, CameraLive, CameraOrbit, camera_path
from nodegraph_nodes.image import image_backdrop
from nodegraph_nodes.math import OPERATIONS, math_calculate, math_number, math_wave
from nodegraph_nodes.pose import PoseLive, PoseMotion, PoseWebcam, pose_clip
from nodegraph_nodes.prompt import prompt_schedule, prompt_text
from nodegraph_nodes.util import util_note, util_reroute
from nodegraph_nodes.value import value_curve, value_seed
from tests.fakes_nodes import RecordingContext, each

HIPS = [11, 12]


async def first(stream: AsyncIterator[Any], count: int) -> list[Any]:
    """The single output of the next `count` ticks."""
    return [(await anext(stream))[0] for _ in range(count)]


def ticks(count: int) -> AsyncIterator[int]:
    return each(range(count))


async def test_a_schedule_holds_each_prompt_until_the_next() -> None:
    keys = [{"tick": 4, "text": "b"}, {"tick": 1, "text": "a"}]
    prompts = await first(prompt_schedule(tick=ticks(6), keyframes=keys), 6)
    assert [prompt.text for prompt in prompts] == list("aaaabb")


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([], "missing_input"),
        ("x", "missing_input"),
        ([{"tick": 0}], "type_mismatch"),
        ([{"tick": -1, "text": "a"}], "type_mismatch"),
        ([{"tick": 0, "text": "a", "mood": 1}], "type_mismatch"),
        ([{"tick": 0, "text": "a"}, {"tick": 0, "text": "b"}], "out_of_range"),
    ],
)
async def test_a_broken_schedule_names_its_port(keys: Any, code: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        await first(prompt_schedule(tick=ticks(1), keyframes=keys), 1)
    assert caught.value.code == code and caught.value.port == "keyframes"


def test_plain_values_pass_on() -> None:
    assert prompt_text(text=Live("a robot")).prompt.text == "a robot"
    assert value_seed(seed=5).seed == 5 and util_reroute(value="x").value == "x"
    assert math_number(value=Live(2)).value == 2.0 and util_note(text="hi") is None


async def test_a_path_starts_at_its_first_keyframe() -> None:
    keys = [{"tick": 0, "position": [1, 2, 3]}, {"tick": 4, "position": [1, 2, 0], "yaw": 30, "fov": 40}]
    cameras = await first(camera_path(tick=ticks(6), keyframes=keys, loop=False), 6)
    assert np.allclose(cameras[0].c2w[:3, 3], (1, 2, 3)) and np.isclose(cameras[5].fov_y_deg, 40)


@pytest.mark.parametrize(
    "key", [{"position": [0, 0]}, {"position": [0, 0, float("inf")]}, {"position": [0, 0, 0], "pitch": 95}]
)
async def test_a_broken_camera_keyframe_is_named(key: dict[str, Any]) -> None:
    keys = [{"tick": 0, "position": [0, 1, 5]}, {"tick": 1, **key}]
    with pytest.raises(NodegraphError) as caught:
        await first(camera_path(tick=ticks(1), keyframes=keys, loop=False), 1)
    assert "Keyframe 2" in caught.value.message and caught.value.port == "keyframes"


async def test_an_orbit_goes_round_at_its_speed_and_looks_at_the_middle() -> None:
    speed = Live(40.0)
    stream = CameraOrbit().run(tick=ticks(9), radius_m=4.0, height_m=1.0, speed=speed, fov_deg=50.0)
    cameras = await first(stream, 4)
    assert np.allclose(cameras[0].c2w[:3, 3], (0, 1, 4))
    assert np.isclose(yaw_pitch(cameras[3].c2w)[0], -3 * 40 * TICK_S)
    speed.value = 0.0
    still = await first(stream, 2)
    assert np.allclose(still[0].c2w, still[1].c2w)


async def test_flying_starts_at_home_and_goes_forward() -> None:
    cameras = await first(CameraFly().run(tick=ticks(9), speed=Live(1.0), turn=Live(0.0)), 8)
    assert np.allclose(cameras[0].c2w, Camera().c2w)
    depths = [camera.c2w[2, 3] for camera in cameras]
    assert all(np.diff(depths) < 0) and np.isclose(depths[-2] - depths[-1], TICK_S, rtol=0.01)


def live_camera(**sticks: Live[float]) -> AsyncIterator[Any]:
    names = ("forward", "right", "up", "yaw", "pitch", "zoom")
    return CameraLive().run(
        tick=ticks(99), **{name: sticks.get(name, Live(0.0)) for name in names}, speed=2.0, turn=30.0
    )


async def test_the_live_camera_answers_a_key_at_the_same_tick_and_stops_after_it() -> None:
    forward = Live(0.0)
    stream = live_camera(forward=forward)
    (before,) = await first(stream, 1)
    forward.value = 1.0
    (during,) = await first(stream, 1)
    assert before.c2w[2, 3] - during.c2w[2, 3] > 0.15
    forward.value = 0.0
    rest = [camera.c2w[2, 3] for camera in await first(stream, 8)]
    assert abs(rest[-1] - rest[-2]) < 0.002


async def test_each_stick_moves_what_it_names() -> None:
    moved = {}
    for name in ("right", "up", "yaw", "pitch", "zoom"):
        camera = (await first(live_camera(**{name: Live(1.0)}), 4))[-1]
        moved[name] = (*camera.c2w[:3, 3], *yaw_pitch(camera.c2w), camera.fov_y_deg)
    home = np.array([0, 1.5, 4, 0, 0, 55])
    axis = {"right": 0, "up": 1, "yaw": 3, "pitch": 4, "zoom": 5}
    for name, values in moved.items():
        change = np.array(values) - home
        assert list(np.flatnonzero(np.abs(change) > 1e-9)) == [axis[name]], name
        assert (change[axis[name]] < 0) == (name == "zoom")


@pytest.mark.parametrize("kind", [CameraLive, CameraFly, CameraOrbit, PoseLive, PoseMotion, PoseWebcam])
async def test_a_snapshot_goes_on_where_it_was_taken(kind: type) -> None:
    settings: dict[type, dict[str, Any]] = {
        CameraLive: dict.fromkeys(("forward", "right", "up", "yaw", "pitch", "zoom"), Live(0.5))
        | {"speed": 1.0, "turn": 30.0},
        CameraFly: {"speed": Live(1.0), "turn": Live(20.0)},
        CameraOrbit: {"radius_m": 3.0, "height_m": 1.0, "speed": Live(30.0), "fov_deg": 50.0},
        PoseLive: {"forward": Live(1.0), "turn": Live(0.3), "action": Live("run")},
        PoseMotion: {"action": Live("dance")},
        PoseWebcam: {"keypoints": Live(None)},
    }

    def numbers(value: Any) -> np.ndarray:
        return value.c2w if isinstance(value, Camera) else value.keypoints

    one, two = kind(), kind()
    stream = one.run(tick=ticks(20), **settings[kind])
    await first(stream, 5)
    two.restore(one.snapshot())
    rest = two.run(tick=each(range(5, 20)), **settings[kind])
    for a, b in zip(await first(stream, 5), await first(rest, 5), strict=True):
        assert np.array_equal(numbers(a), numbers(b))


@pytest.mark.parametrize("action", ACTIONS)
async def test_every_motion_moves_and_stays_near(action: str) -> None:
    poses = await first(PoseMotion().run(tick=ticks(60), action=Live(action)), 60)
    points = np.stack([pose.keypoints for pose in poses])
    assert points.shape == (60, 17, 3) and np.isfinite(points).all()
    assert np.abs(np.diff(points, axis=0)).max() > 0.001
    assert np.abs(points[:, HIPS][..., [0, 2]]).max() < 4.5


async def test_the_live_character_walks_forward_and_turns_to_its_right() -> None:
    stream = PoseLive().run(tick=ticks(12), forward=Live(1.0), turn=Live(1.0), action=Live("stand"))
    hips = (await first(stream, 6))[-1].keypoints[HIPS].mean(axis=0)
    assert hips[2] > 0.3, "it faces the camera at +z"
    assert hips[0] < -0.1, "facing +z, its right is towards -x"


async def test_an_action_overrides_standing() -> None:
    action = Live("stand")
    stream = PoseLive().run(tick=ticks(40), forward=Live(0.0), turn=Live(0.0), action=action)
    wrist = [pose.keypoints[10, 1] for pose in await first(stream, 6)]
    action.value = "wave"
    waving = [pose.keypoints[10, 1] for pose in await first(stream, 6)]
    assert max(waving) > max(wrist) + 0.5


async def test_a_clip_plays_at_its_own_pace(tmp_path: Path) -> None:
    clip = {
        "kind": "pose_clip",
        "schema": 1,
        "fps": 12,
        "space": "world",
        "frames": [[[i, 0, 0]] * 17 for i in range(4)],
    }
    (tmp_path / "wave.json").write_text(json.dumps(clip))
    stream = pose_clip(ctx=RecordingContext(tmp_path), tick=ticks(3), file="wave.json", loop=True)
    assert [pose.keypoints[0, 0] for pose in await first(stream, 3)] == pytest.approx([0, 2, 0])


async def test_a_clip_that_is_not_chosen_names_its_port(tmp_path: Path) -> None:
    with pytest.raises(NodegraphError) as caught:
        await first(pose_clip(ctx=RecordingContext(tmp_path), tick=ticks(1), file="", loop=True), 1)
    assert caught.value.code == "missing_input" and caught.value.port == "file"


async def test_the_webcam_passes_points_and_stands_when_nobody_is_there() -> None:
    points = Live[Any]([[0.5, 0.4, 0.9]] * 17)
    stream = PoseWebcam().run(tick=ticks(5), keypoints=points)
    (seen,) = await first(stream, 1)
    points.value = None
    (gone,) = await first(stream, 1)
    assert seen.space == "image" and np.allclose(seen.confidence, 0.9)
    assert gone.space == "world" and gone.keypoints[0, 1] > 1.2


@pytest.mark.parametrize(
    ("a", "b", "results"), [(7.0, 2.0, dict(zip(OPERATIONS, (9, 5, 14, 3.5, 2, 7, 49, 1), strict=True)))]
)
def test_mathematics(a: float, b: float, results: dict[str, float]) -> None:
    for operation, expected in results.items():
        assert math_calculate(a=a, b=b, operation=operation).result == expected


@pytest.mark.parametrize(
    ("a", "b", "operation"),
    [(1, 0, "divide"), (1, 0, "modulo"), (-8, 0.5, "power"), (10, 1e6, "power"), (0, -1, "power")],
)
def test_a_calculation_without_result_is_refused(a: float, b: float, operation: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        math_calculate(a=a, b=b, operation=operation)
    assert caught.value.code == "out_of_range"


async def test_a_wave_swings_about_its_offset() -> None:
    stream = math_wave(tick=ticks(13), amplitude=Live(2.0), offset=Live(1.0), period_s=2.0)
    values = await first(stream, 13)
    assert values[0] == pytest.approx(1) and values[3] == pytest.approx(3) and values[9] == pytest.approx(-1)
    assert values[12] == pytest.approx(values[0])


async def test_a_curve_is_followed_and_may_be_redrawn_while_it_runs() -> None:
    keys, held = Live([{"tick": 0, "value": 0.0}, {"tick": 4, "value": 8.0}]), Live("linear")
    stream = value_curve(tick=ticks(6), keyframes=keys, interpolation=held, loop=Live(False))
    assert await first(stream, 3) == [0.0, 2.0, 4.0]
    keys.value = [{"tick": 4, "value": 1.0}, {"tick": 0, "value": 5.0}]
    held.value = "hold"
    assert await first(stream, 2) == [5.0, 1.0]


@pytest.mark.parametrize(
    ("keys", "code"),
    [([], "missing_input"), ([{"tick": 0, "value": "a"}], "type_mismatch"), ([{"tick": 0}], "type_mismatch")],
)
async def test_a_broken_curve_names_its_port(keys: Any, code: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        await first(value_curve(tick=ticks(1), keyframes=Live(keys)), 1)
    assert caught.value.code == code and caught.value.port == "keyframes"


def test_a_backdrop_is_sky_above_and_ground_below() -> None:
    pixels = image_backdrop(sky="#0000ff", ground="#00ff00", horizon=0.25, softness=0.0).image.pixels
    rows = len(pixels)
    assert pixels[: rows * 3 // 4].reshape(-1, 3).tolist() == [[0, 0, 255]] * (rows * 3 // 4 * pixels.shape[1])
    assert pixels[rows * 3 // 4 :].reshape(-1, 3).max(0).tolist() == [0, 255, 0]
