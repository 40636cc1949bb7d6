"""Films play at 24 frames a second, are the same every time, and carry their workflow."""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path

import av
import numpy as np
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.media.images import encode_image
from nodegraph.media.metadata import read_workflow_metadata
from nodegraph.media.video import VIDEO_FORMATS, VideoWriter, read_frames, read_video_metadata

WORKFLOW = {"schema": 1, "name": "r\u00f6bot", "nodes": []}


def moving(frames: int, height: int = 32, width: int = 48) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    pictures = [np.stack([(x * 3 + 4 * t) % 200, y * 5 + t, np.full_like(x, 60 + t)], -1) for t in range(frames)]
    return np.stack(pictures).astype(np.uint8)


def write(path: Path, kind: str, pixels: np.ndarray, **settings: object) -> None:
    height, width = pixels.shape[1:3]
    notes = {"workflow": json.dumps(WORKFLOW), "prompt": "{}"}
    with VideoWriter(path, format=kind, width=width, height=height, metadata=notes, **settings) as film:
        film.write(pixels[:1])
        film.write(pixels[1:])


@pytest.mark.parametrize("kind", VIDEO_FORMATS)
def test_frames_come_back_in_order_and_close_to_what_was_written(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"film{VIDEO_FORMATS[kind].suffix}"
    write(path, kind, moving(13), crf=10)
    back = np.stack(list(read_frames(path)))
    assert back.shape == (13, 32, 48, 3)
    assert np.abs(back.astype(int) - moving(13)).mean() < 4
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 24 and stream.codec_context.pix_fmt == "yuv420p"


@pytest.mark.parametrize("kind", VIDEO_FORMATS)
def test_saturated_colours_keep_their_hue(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "flat"
    flat = np.broadcast_to(np.array([220, 30, 40], np.uint8), (5, 32, 32, 3))
    write(path, kind, flat, crf=5)
    assert np.abs(next(read_frames(path)).astype(int) - flat[0]).max() <= 6


@pytest.mark.parametrize("kind", VIDEO_FORMATS)
def test_the_same_frames_give_the_same_film(kind: str, tmp_path: Path) -> None:
    coarse = np.random.default_rng(0).integers(60, 200, (29, 24, 40, 3), dtype=np.uint8)
    rich, films = coarse.repeat(4, axis=1).repeat(4, axis=2), set()
    for _ in range(5):
        write(tmp_path / "film", kind, rich)
        films.add(hashlib.sha256(b"".join(frame.tobytes() for frame in read_frames(tmp_path / "film"))).hexdigest())
    assert len(films) == 1


@pytest.mark.parametrize("kind", VIDEO_FORMATS)
def test_the_workflow_comes_back_out_of_a_film(kind: str, tmp_path: Path) -> None:
    write(tmp_path / "film", kind, moving(5))
    assert read_workflow_metadata(tmp_path / "film") == {"workflow": WORKFLOW, "prompt": {}}


def test_an_mp4_can_play_before_it_is_wholly_loaded(tmp_path: Path) -> None:
    write(tmp_path / "film", "mp4", moving(9))
    data = (tmp_path / "film").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_an_odd_size_is_made_even(tmp_path: Path) -> None:
    write(tmp_path / "film", "mp4", moving(3, 31, 47))
    assert next(read_frames(tmp_path / "film")).shape == (32, 48, 3)


def test_an_error_while_writing_leaves_a_playable_film(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), VideoWriter(tmp_path / "f", format="mp4", width=48, height=32) as film:
        film.write(moving(6))
        raise RuntimeError
    assert len(list(read_frames(tmp_path / "f"))) == 6


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(NodegraphError) as caught,
        VideoWriter(Path("/dev/full"), format="webm_vp9", width=48, height=32) as film,
    ):
        film.write(moving(30))
    assert caught.value.code == "disk_full" and caught.value.remedy
    assert caught.value.__cause__ is not None and caught.value.__cause__.errno == errno.ENOSPC


@pytest.mark.parametrize(
    "data", [b"", b"#EXTM3U\n/etc/passwd", b"\0\0\0\x20ftypisom" + b"\0" * 50, b"\x1a\x45\xdf\xa3broken"]
)
def test_what_is_no_film_is_a_bad_file(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "film").write_bytes(data)
    for read in (read_video_metadata, lambda path: list(read_frames(path))):
        with pytest.raises(NodegraphError) as caught:
            read(tmp_path / "film")
        assert caught.value.code == "bad_file"


def test_a_film_that_breaks_off_is_a_bad_file_or_shorter(tmp_path: Path) -> None:
    write(tmp_path / "film", "webm_vp9", moving(9))
    data = (tmp_path / "film").read_bytes()
    (tmp_path / "film").write_bytes(data[: len(data) * 2 // 3])
    try:
        assert len(list(read_frames(tmp_path / "film"))) < 9
    except NodegraphError as error:
        assert error.code == "bad_file"


@pytest.mark.parametrize("kind", ["png", "webp", "jpeg"])
def test_pictures_are_read_by_the_same_call(kind: str, tmp_path: Path) -> None:
    notes = {"workflow": json.dumps(WORKFLOW)}
    (tmp_path / "p").write_bytes(encode_image(moving(1)[0], kind, 80, notes))
    assert read_workflow_metadata(tmp_path / "p") == {"workflow": WORKFLOW}


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_a_broken_workflow_inside_a_picture_is_a_bad_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(encode_image(moving(1)[0], "png", 80, {"workflow": text} if text else {}))
    with pytest.raises(NodegraphError) as caught:
        read_workflow_metadata(tmp_path / "p")
    assert caught.value.code == "bad_file"
