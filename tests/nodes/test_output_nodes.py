"""Files are whole or absent, carry their workflow, and keep what was made before a stop."""

from __future__ import annotations

import asyncio
import errno
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pil

from nodegraph.errors import NodegraphError
from nodegraph.graph import Live
from nodegraph.media.metadata import read_workflow_metadata
from nodegraph.media.video import read_frames
from nodegraph.values import Frames
from nodegraph_nodes.image import image_load
from nodegraph_nodes.output import VIDEO_CHOICES, chosen_frames, save_images, save_video, view_preview
from tests.fakes_nodes import RecordingContext, each

DOCUMENT = {
    "schema": 1,
    "id": "w",
    "name": "Test",
    "nodes": [{"id": "1", "type": "value.seed", "version": 1, "inputs": {"seed": 3}, "pos": [0, 0]}],
    "edges": [],
}


def film(ticks: int) -> list[Frames]:
    def pixels(t: int) -> np.ndarray:
        return np.full((1 if t == 0 else 4, 16, 32, 3), 20 * t, np.uint8)

    return [Frames(tick=t, pixels=pixels(t)) for t in range(ticks)]


@pytest.fixture
def ctx(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path, ticks=3, workflow=DOCUMENT)


@pytest.mark.parametrize("kind", VIDEO_CHOICES)
async def test_a_film_is_written_whole_with_its_workflow(kind: str, ctx: RecordingContext) -> None:
    out = await save_video(ctx=ctx, frames=each(film(3)), prefix="clip", format=kind, crf=20)
    assert ctx.results == [out.file] and len(list(read_frames(out.file.path))) == 9
    found = read_workflow_metadata(out.file.path)
    assert found["workflow"] == DOCUMENT and found["prompt"]["1"]["class_type"] == "value.seed"
    assert [path.name for path in ctx.folder.iterdir()] == [out.file.filename]
    assert ctx.done == [1, 2, 3] and [stage for stage, _ in ctx.timings] == ["encode"] * 3


async def test_a_stopped_film_keeps_what_was_made(ctx: RecordingContext) -> None:
    written, forever = asyncio.Event(), asyncio.Event()

    async def endless():  # type: ignore[no-untyped-def]
        for item in film(4):
            yield item
        written.set()
        await forever.wait()

    task = asyncio.create_task(save_video(ctx=ctx, frames=endless(), prefix="clip", format="mp4", crf=20))
    await written.wait()
    ctx.before_work = task.cancel  # somebody loses patience while the film is being closed
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(list(read_frames(ctx.results[0].path))) == 13


async def test_a_stop_before_the_first_frame_is_written_leaves_nothing(ctx: RecordingContext) -> None:
    ctx.cancels_next_work = True
    with pytest.raises(asyncio.CancelledError):
        await save_video(ctx=ctx, frames=each(film(2)), prefix="clip", format="mp4", crf=20)
    assert list(ctx.folder.iterdir()) == [] and ctx.results == []


async def test_no_frames_make_no_file(ctx: RecordingContext) -> None:
    with pytest.raises(NodegraphError) as caught:
        await save_video(ctx=ctx, frames=each([]), prefix="clip", format="mp4", crf=20)
    assert caught.value.code == "missing_input" and list(ctx.folder.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
async def test_a_full_disk_is_named_and_leaves_nothing(ctx: RecordingContext) -> None:
    (ctx.folder / ".clip_00001.webm.part").symlink_to("/dev/full")
    with pytest.raises(NodegraphError) as caught:
        await save_video(ctx=ctx, frames=each(film(12)), prefix="clip", format="webm_vp9", crf=0)
    assert caught.value.code == "disk_full"
    assert list(ctx.folder.iterdir()) == [] and ctx.results == []


@pytest.mark.parametrize("kind", ["png", "webp"])
async def test_pictures_carry_the_workflow(kind: str, ctx: RecordingContext) -> None:
    await save_images(ctx=ctx, frames=each(film(3)), prefix="still", every=4, format=kind)
    assert len(ctx.results) == 3
    assert read_workflow_metadata(ctx.results[1].path)["workflow"] == DOCUMENT
    assert len(list(ctx.folder.iterdir())) == 3


@pytest.mark.parametrize(("every", "count"), [(1, 41), (3, 14), (24, 2), (100, 1)])
def test_one_of_every_so_many_frames_is_saved(every: int, count: int) -> None:
    assert sum(len(chosen_frames(t, 1 if t == 0 else 4, every)) for t in range(11)) == count


async def test_the_preview_gets_every_tick(ctx: RecordingContext) -> None:
    await view_preview(ctx=ctx, frames=each(film(2)), format=Live("webp"), quality=Live(70))
    assert [(item.tick, kind, quality) for item, kind, quality in ctx.previews] == [(0, "webp", 70), (1, "webp", 70)]


async def test_a_picture_is_loaded_from_the_input_folder(ctx: RecordingContext) -> None:
    data = io.BytesIO()
    Pil.new("RGB", (4, 2), (9, 8, 7)).save(data, "PNG")
    (ctx.folder / "a.png").write_bytes(data.getvalue())
    assert (await image_load(ctx=ctx, file="a.png")).image.pixels.shape == (2, 4, 3)


@pytest.mark.parametrize(("name", "code"), [("", "missing_input"), ("no.png", "not_found"), ("bad.png", "bad_file")])
async def test_a_picture_that_cannot_be_loaded_says_why(name: str, code: str, ctx: RecordingContext) -> None:
    (ctx.folder / "bad.png").write_bytes(b"no")
    with pytest.raises(NodegraphError) as caught:
        await image_load(ctx=ctx, file=name)
    assert caught.value.code == code


def test_no_space_left_is_the_only_error_called_disk_full() -> None:
    from nodegraph.media.disk import named_disk_errors

    with pytest.raises(PermissionError), named_disk_errors():
        raise PermissionError(errno.EACCES, "no")
