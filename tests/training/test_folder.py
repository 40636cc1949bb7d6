"""A user's own films become training clips."""

import json
from pathlib import Path

import numpy as np
import pytest

from nodegraph.errors import UserInputError
from nodegraph.generator.config import preset
from nodegraph.media.video import VideoWriter
from nodegraph.training.data import read_shard
from nodegraph.training.folder import caption_words, import_folder

SIZE = {"frames": 9, "width": 64, "height": 48}


def film(path: Path, pictures: int) -> None:
    with VideoWriter(path, format="mp4", width=96, height=72, crf=20) as writer:
        for index in range(pictures):
            writer.write(np.full((72, 96, 3), index * 8, np.uint8)[None])


def test_films_become_clips_with_caption_and_camera(tmp_path: Path) -> None:
    film(tmp_path / "cat.mp4", 21)
    (tmp_path / "cat.txt").write_text("A grey Cat\n on a wall")
    cameras = [{"c2w": np.eye(4).tolist(), "fov_y_deg": 40.0 + i} for i in range(21)]
    (tmp_path / "cat.camera.json").write_text(json.dumps(cameras))
    assert import_folder(tmp_path, tmp_path / "data", **SIZE) == 2
    first, second = read_shard(tmp_path / "data" / "film-cat.npz")
    assert first.video.shape == (9, 48, 64, 3)
    assert abs(int(second.video[0].mean()) - 9 * 8) < 6
    assert second.caption == "A grey Cat on a wall"
    assert second.fov_y_deg[0] == 49.0
    assert {"grey", "cat", "wall"} <= caption_words(tmp_path / "data")
    planes = first.planes(preset("debug"), 4, 0)
    assert planes.isfinite().all()
    config = preset("debug")
    assert not planes[10 : config.motion_planes.start].any() and not planes[-6:].any(), (
        "neither pose nor place is known"
    )


def test_a_film_without_a_caption_is_named(tmp_path: Path) -> None:
    film(tmp_path / "dog.mp4", 12)
    with pytest.raises(UserInputError, match=r"dog\.mp4 has no caption"):
        import_folder(tmp_path, tmp_path / "data", **SIZE)


def test_films_that_are_too_short_are_refused(tmp_path: Path) -> None:
    film(tmp_path / "dog.mp4", 5)
    (tmp_path / "dog.txt").write_text("a dog")
    with pytest.raises(UserInputError, match="long enough"):
        import_folder(tmp_path, tmp_path / "data", **SIZE)


def test_a_broken_camera_file_is_named(tmp_path: Path) -> None:
    film(tmp_path / "dog.mp4", 12)
    (tmp_path / "dog.txt").write_text("a dog")
    (tmp_path / "dog.camera.json").write_text('[{"c2w": 3}]')
    with pytest.raises(UserInputError, match=r"dog\.camera\.json is no list"):
        import_folder(tmp_path, tmp_path / "data", **SIZE)
