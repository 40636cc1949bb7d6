"""Clips are exact, deterministic and varied; shards hold them whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from nodegraph.errors import UserInputError
from nodegraph.worlds import ACTIONS, LIGHTS, MOVES, SETTINGS, dataset, load_shard, render_shard, sample_clip, sheet
from nodegraph.worlds.clip import ClipPlan, act, plan_clip

SIZE: dict[str, Any] = {"frames": 3, "width": 48, "height": 32}


def test_shapes_and_types() -> None:
    clip = sample_clip(3, **SIZE)
    assert clip.video_u8.shape == (3, 32, 48, 3)
    assert clip.video_u8.dtype == torch.uint8
    assert clip.c2w.shape == (3, 4, 4)
    assert clip.c2w.dtype == clip.fov_y_deg.dtype == clip.keypoints.dtype == torch.float32
    assert clip.keypoints.shape == (3, 17, 3)
    assert clip.visible.shape == clip.fov_y_deg.shape == (3,)
    assert clip.visible.dtype == torch.bool
    assert set(clip.attributes) == {"setting", "light", "character", "action", "move"}


def test_a_seed_gives_the_same_clip_again() -> None:
    first, second = sample_clip(11, **SIZE), sample_clip(11, **SIZE)
    for name in ("video_u8", "c2w", "fov_y_deg", "keypoints", "visible"):
        assert torch.equal(getattr(first, name), getattr(second, name))
    assert (first.caption, first.attributes) == (second.caption, second.attributes)


def test_what_is_asked_for_is_what_comes() -> None:
    wanted = {"setting": "neon_city", "light": "night", "character": "robot", "action": "dance", "move": "orbit"}
    assert sample_clip(5, **SIZE, **wanted).attributes == wanted


def test_other_choices_leave_the_layout_alone() -> None:
    """The camera's and the body's randomness do not depend on the scene's."""
    day, night = (sample_clip(5, **SIZE, setting="green_hills", light=light, move="pan") for light in ("day", "night"))
    assert torch.equal(day.c2w, night.c2w)
    assert torch.equal(day.keypoints, night.keypoints)


def test_no_frames_are_refused() -> None:
    with pytest.raises(UserInputError, match="frames"):
        sample_clip(0, frames=0, width=48, height=32)


@pytest.fixture(scope="module")
def many() -> list[ClipPlan]:
    return [plan_clip(seed, frames=49, aspect=5 / 3) for seed in range(80)]


def test_the_character_is_in_view_at_first_and_sometimes_lost(many: list[ClipPlan]) -> None:
    assert np.mean([bool(c.visible[0]) for c in many]) > 0.9
    assert 0.02 <= np.mean([not bool(c.visible[-1]) for c in many]) <= 0.3


def test_clips_cover_settings_lights_actions_and_moves(many: list[ClipPlan]) -> None:
    for name, values in (("setting", SETTINGS), ("light", LIGHTS), ("action", ACTIONS), ("move", MOVES)):
        assert {c.attributes[name] for c in many} >= set(values) - {"tilt", "crane", "zoom"}


def test_cameras_keep_off_the_ground_and_out_of_the_character(many: list[ClipPlan]) -> None:
    for clip in many:
        place = clip.path.c2w[:, :3, 3]
        assert place[:, 1].min() >= 0.3
        assert np.linalg.norm(place - clip.keypoints[:, 11], axis=1).min() > 0.8


def test_runners_run_and_dancers_stay() -> None:
    rng = np.random.default_rng(1)
    travel = {
        action: np.median(
            [np.linalg.norm(np.diff(act(rng, action, 49)[:, 11], axis=0), axis=1).sum() for _ in range(9)]
        )
        for action in ("run", "walk", "stand")
    }
    assert travel["run"] > 1.5 * travel["walk"] > 1.5 * travel["stand"]


def test_visibility_is_what_projection_says() -> None:
    plan = plan_clip(46, frames=49, aspect=1.6)
    for c2w, fov, body, visible in zip(plan.path.c2w, plan.path.fov_y_deg, plan.keypoints, plan.visible, strict=True):
        local = np.linalg.inv(c2w) @ np.c_[body, np.ones(17)].T
        seen = [z < 0 and max(abs(x) / 1.6, abs(y)) < -z * np.tan(np.radians(fov / 2)) for x, y, z, _ in local.T]
        assert any(seen) == visible


def test_a_shard_gives_back_its_clips(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "shard.npz"
    assert render_shard(path, seeds=[4, 9], **SIZE)
    shard = load_shard(path)
    for i, seed in enumerate((4, 9)):
        clip = sample_clip(seed, **SIZE)
        assert np.array_equal(shard.video[i], clip.video_u8.numpy())
        assert np.array_equal(shard.c2w[i], clip.c2w.numpy())
        assert np.array_equal(shard.keypoints[i], clip.keypoints.numpy())
        assert shard.captions[i] == clip.caption
        assert shard.attributes[i] == clip.attributes
    assert shard.seeds.tolist() == [4, 9]


def test_an_existing_shard_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "shard.npz"
    path.write_bytes(b"kept")
    assert not render_shard(path, seeds=[1], **SIZE)
    assert path.read_bytes() == b"kept"


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UserInputError):
        render_shard(tmp_path / "shard.npz", seeds=[1], frames=0, width=48, height=32)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_shard_is_named_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "shard.npz"
    path.write_bytes(b"PK not a zip")
    with pytest.raises(UserInputError) as caught:
        load_shard(path)
    assert caught.value.code == "bad_file"
    assert "shard.npz" in (caught.value.got or "")


def test_pickled_objects_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "shard.npz"
    np.savez(path, video=np.array([{"not": "data"}], dtype=object))
    with pytest.raises(UserInputError):
        load_shard(path)


def test_the_command_renders_missing_shards_only(tmp_path: Path) -> None:
    command = ["--out", str(tmp_path), "--clips", "3", "--shard", "2", "--workers", "1", "--plain"]
    command += ["--frames", "1", "--width", "32", "--height", "16"]
    assert dataset.main(command) == 0
    shards = sorted(tmp_path.glob("*.npz"))
    assert [len(load_shard(path).seeds) for path in shards] == [2, 1]
    stamp = shards[0].stat().st_mtime_ns
    shards[1].unlink()
    assert dataset.main(command) == 0
    assert shards[0].stat().st_mtime_ns == stamp
    assert load_shard(shards[1]).seeds.tolist() == [2]


def test_the_contact_sheet_shows_settings_down_and_lights_across(tmp_path: Path) -> None:
    command = ["--out", str(tmp_path / "sheet.png"), "--clips", str(tmp_path / "clips"), "--frames", "2"]
    assert sheet.main([*command, "--width", "32", "--height", "16"]) == 0
    with Image.open(tmp_path / "sheet.png") as image:
        assert image.size == (32 * len(LIGHTS), 16 * len(SETTINGS))
    clips = sorted(path.name for path in (tmp_path / "clips").iterdir())
    assert clips == sorted(f"{s}_{light}.webp" for s in SETTINGS for light in LIGHTS)
    with Image.open(tmp_path / "clips" / clips[0]) as image:
        assert image.n_frames == 2
