"""Pictures of the shipped workflows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.WebPImagePlugin import WebPImageFile

import nodegraph_workflows
from nodegraph.bench.thumbnails import MAX_WIDTH, bench_thumbnails, shown_by, steering, write_moving
from nodegraph.errors import UserInputError
from nodegraph.graph import load_registry, migrate_document

HELLO = Path(str(nodegraph_workflows.__file__)).parent / "hello.json"


def test_a_workflow_becomes_a_moving_and_a_still_picture(tmp_path: Path) -> None:
    begun: list[str] = []
    sizes = bench_thumbnails(tmp_path, seconds=1.0, preset="debug", only=["hello"], tell=begun.append)
    assert begun == ["hello"] == list(sizes)
    with Image.open(tmp_path / "hello.webp") as moving, Image.open(tmp_path / "hello.still.webp") as still:
        assert isinstance(moving, WebPImageFile) and moving.n_frames == 8, "a second at eight pictures"
        assert moving.size == still.size and moving.width <= MAX_WIDTH
        first = np.asarray(moving.convert("RGB")).astype(int)
        moving.seek(7)
        assert np.abs(np.asarray(moving.convert("RGB")).astype(int) - first).mean() > 0.1, "it moves"
    assert sizes["hello"]["moving"] == (tmp_path / "hello.webp").stat().st_size


def test_the_hand_steers_what_the_stage_would(tmp_path: Path) -> None:
    document = json.loads(HELLO.read_text("utf-8"))
    controls = steering(document, load_registry(), 0, 12)
    assert {control.input for control in controls} >= {"forward", "yaw"}
    assert [control.tick for control in controls] == sorted(control.tick or 0 for control in controls)
    assert {control.tick for control in controls} == {0, 4, 5}
    document["nodes"] = [node for node in document["nodes"] if not node["type"].endswith(".live")]
    assert steering(document, load_registry(), 0, 12) == ()


def test_every_shipped_workflow_has_a_picture_to_take() -> None:
    registry = load_registry()
    for path in HELLO.parent.glob("*.json"):
        document = migrate_document(json.loads(path.read_text("utf-8")))
        types = {node["id"]: node["type"] for node in document["nodes"]}
        assert types.get(shown_by(document, registry) or "") in ("apt2.decode", "apt2.stitch"), path.stem


def test_large_pictures_are_made_small(tmp_path: Path) -> None:
    pictures = [np.full((300, 2 * MAX_WIDTH, 3), grey, np.uint8) for grey in (20, 120, 220)]
    write_moving(tmp_path / "a.webp", pictures)
    with Image.open(tmp_path / "a.webp") as found:
        assert found.size == (MAX_WIDTH, 150)


def test_an_unknown_name_is_refused_and_the_known_ones_are_listed(tmp_path: Path) -> None:
    with pytest.raises(UserInputError, match="nonsense") as caught:
        bench_thumbnails(tmp_path, seconds=1, only=["nonsense"], tell=lambda name: None)
    assert caught.value.expected is not None and "hello" in caught.value.expected
