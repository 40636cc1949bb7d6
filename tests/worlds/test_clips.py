"""Clips are exact, deterministic and varied; shards hold them whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from nodegraph.errors import UserInputError
from nodegraph.worlds import (
    ACTIONS,
    CHANGES,
    LIGHTS,
    MOVES,
    PROPS,
    SETTINGS,
    WEATHERS,
    dataset,
    load_shard,
    render_shard,
    sample_clip,
    sheet,
)
from nodegraph.worlds.body import BodyState, keypoints
from nodegraph.worlds.camera import sample_path, sample_start
from nodegraph.worlds.clip import ClipPlan, act, plan_clip
from nodegraph.worlds.placing import place_prop
from nodegraph.worlds.props import PROP_KINDS
from nodegraph.worlds.scene import sample_scene

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
    assert set(clip.attributes) == {
        "setting", "light", "weather", "character", "action", "move", "prop", "change",
    }  # fmt: skip
    assert clip.captions[0] == (0, clip.caption)


def test_a_seed_gives_the_same_clip_again() -> None:
    first, second = sample_clip(11, **SIZE), sample_clip(11, **SIZE)
    for name in ("video_u8", "c2w", "fov_y_deg", "keypoints", "visible"):
        assert torch.equal(getattr(first, name), getattr(second, name))
    assert (first.caption, first.attributes) == (second.caption, second.attributes)


def test_what_is_asked_for_is_what_comes() -> None:
    wanted = {"setting": "neon_city", "light": "night", "character": "robot", "action": "dance", "move": "orbit"}
    wanted |= {"prop": "whale", "weather": "rain", "change": "none"}
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
        assert {c.attributes[name] for c in many} >= set(values) - {"tilt", "crane", "zoom", "roll", "fly"}
    for name, values in (("weather", WEATHERS), ("prop", ("none", *PROPS)), ("change", CHANGES)):
        assert {c.final[name] for c in many} == set(values)


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
        assert (shard.timed[i], shard.final[i]) == (clip.captions, clip.final)
    assert shard.seeds.tolist() == [4, 9]


def test_a_shard_from_before_changes_still_loads(tmp_path: Path) -> None:
    new, old = tmp_path / "new.npz", tmp_path / "old.npz"
    render_shard(new, seeds=[4], **SIZE)
    facts = {"setting": "neon_city", "light": "day", "character": "robot", "action": "run", "move": "pan"}
    with np.load(new) as data:
        arrays = {name: data[name] for name in data.files if name not in ("timed", "final", "attributes")}
    arrays["attributes"] = np.frombuffer(json.dumps([facts]).encode(), dtype=np.uint8)
    np.savez(old, **arrays)
    shard = load_shard(old)
    assert shard.timed == (((0, shard.captions[0]),),)
    assert shard.final == shard.attributes == (facts | {"weather": "clear", "prop": "none", "change": "none"},)


def test_a_change_holds_from_a_latent_boundary_and_shows() -> None:
    wanted: dict[str, Any] = {"setting": "green_hills", "light": "day", "weather": "clear", "move": "static"}
    for change, prop in (("prop", "dragon"), ("light", "none"), ("weather", "none")):
        clip = sample_clip(21, frames=33, width=64, height=40, change=change, prop=prop, action="sit", **wanted)
        (_, before), (first, after) = clip.captions
        assert first % 4 == 1
        assert before != after
        assert {name for name in clip.final if clip.final[name] != clip.attributes[name]} == {change}
        grey = clip.video_u8.float().mean(dim=3)
        still = (grey[first - 1] - grey[0]).abs()
        changed = (grey[-1] - grey[0]).abs()
        assert (changed > 12).sum() > 2 * (still > 12).sum() + 20


def test_a_clip_with_no_room_for_a_change_still_comes() -> None:
    clip = sample_clip(2, frames=1, width=32, height=16, change="prop", prop="car")
    assert len(clip.captions) == 1


@pytest.mark.parametrize("prop", PROPS)
def test_props_are_large_and_in_view(prop: str) -> None:
    """The prop covers at least an eighth of the picture's height, where nothing hides it, in nearly all clips."""
    shares = []
    kind, scene, body = PROP_KINDS[prop], sample_scene(1, setting="moon_base"), keypoints(BodyState())[None]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        path = sample_path(rng, "static", 1, 24, sample_start(rng))
        spot, _ = place_prop(rng, prop, scene, path, body, 0)
        ends = np.array([spot, (spot[0], spot[1] + kind.height_m, spot[2])])
        local = np.linalg.inv(path.c2w[0]) @ np.c_[ends, np.ones(2)].T
        half = -local[2] * np.tan(np.radians(path.fov_y_deg[0]) / 2)
        low, high = np.clip(local[1] / half, -1, 1)
        seen = (half > 0).all() and (np.abs(local[0] / half) < 16 / 9).all()
        shares.append((high - low) / 2 if seen else 0.0)
    assert np.mean(np.array(shares) > 0.12) > 0.8


def test_the_world_is_clear_where_character_camera_and_prop_are(many: list[ClipPlan]) -> None:
    for plan in many[:30]:
        near = np.hypot(*(plan.world.shadows[:, None, :2] - plan.keypoints[None, ::6, 11][..., [0, 2]]).T)
        assert (near.T - plan.world.shadows[:, 2:3]).min() > 1.0


def test_an_unknown_prop_is_refused_with_the_choices() -> None:
    with pytest.raises(UserInputError, match="prop"):
        sample_clip(1, **SIZE, prop="teapot")


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
