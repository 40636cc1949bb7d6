"""Pose clips are checked in every corner, and play back in time."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.media.pose import dump_pose_clip, load_pose_clip, parse_image_keypoints, parse_pose_clip

CLIP: dict[str, Any] = {
    "kind": "pose_clip",
    "schema": 1,
    "fps": 12,
    "space": "world",
    "frames": [[[float(i), 1.0, 0.5]] * 17 for i in range(4)],
}


def test_a_clip_plays_between_its_frames() -> None:
    clip = parse_pose_clip(CLIP)
    assert clip.frames.shape == (4, 17, 3) and np.isclose(clip.length_s, 4 / 12)
    assert np.allclose(clip.at(1.5 / 12, loop=False).keypoints[:, 0], 1.5)


def test_at_its_end_a_clip_stays_or_starts_again() -> None:
    clip = parse_pose_clip(CLIP)
    assert np.allclose(clip.at(100, loop=False).keypoints[:, 0], 3)
    assert np.allclose(clip.at(5 / 12, loop=True).keypoints[:, 0], 1)
    assert np.allclose(clip.at(3.5 / 12, loop=True).keypoints[:, 0], 1.5)


def test_a_clip_survives_a_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "clip.json"
    path.write_text(json.dumps(dump_pose_clip(parse_pose_clip(CLIP))))
    again = load_pose_clip(path)
    assert np.allclose(again.frames, parse_pose_clip(CLIP).frames) and again.fps == 12


def broken(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(CLIP) | changes


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "pose clip"),
        (broken(kind="song"), "pose clip"),
        (broken(schema=0), "schema"),
        (broken(schema=True), "schema"),
        (broken(fps=0), "fps"),
        (broken(fps="24"), "fps"),
        (broken(space="mars"), "space"),
        (broken(frames=[]), "frames"),
        (broken(frames=[[[0, 0, 0]] * 16]), "frames[0]"),
        (broken(frames=[[[0, 0, 0]] * 16 + [[0, "x", 0]]]), "frames[0][16]"),
        (broken(frames=[[[0, 0, float("nan")]] * 17]), "frames[0][0]"),
        (broken(confidence=[[1] * 17]), "confidence"),
        (broken(confidence=[[1] * 3] * 4), "confidence[0]"),
        (broken(colour="red"), "fields"),
    ],
)
def test_a_broken_clip_is_refused_and_the_place_is_named(data: Any, named: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        parse_pose_clip(data)
    assert caught.value.code == "bad_file" and named in caught.value.message and caught.value.remedy


def test_a_clip_of_a_newer_version_says_so() -> None:
    with pytest.raises(NodegraphError) as caught:
        parse_pose_clip(broken(schema=2))
    assert caught.value.code == "newer_schema"


def test_a_file_that_is_no_json_is_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "clip.json").write_bytes(b"\xff\xfe{")
    with pytest.raises(NodegraphError) as caught:
        load_pose_clip(tmp_path / "clip.json")
    assert caught.value.code == "bad_file"


def test_webcam_points_may_carry_confidence_in_either_form() -> None:
    rows = [[0.5, 0.25, 0.8]] * 17
    apart = {"keypoints": [row[:2] for row in rows], "confidence": [0.8] * 17}
    for value in (rows, apart):
        pose = parse_image_keypoints(value)
        assert pose is not None and pose.space == "image"
        assert np.allclose(pose.keypoints, (0.5, 0.25, 0)) and np.allclose(pose.confidence, 0.8)
    bare = parse_image_keypoints(apart["keypoints"])
    assert bare is not None and np.allclose(bare.confidence, 1)


def test_nobody_in_view_is_no_error() -> None:
    assert parse_image_keypoints(None) is None


@pytest.mark.parametrize("value", [7, "x", [], {}, [[0.5, 0.5]] * 16, {"keypoints": [[0, 0]] * 17, "confidence": [2]}])
def test_malformed_webcam_points_are_refused(value: Any) -> None:
    with pytest.raises(NodegraphError) as caught:
        parse_image_keypoints(value)
    assert caught.value.code == "type_mismatch"
