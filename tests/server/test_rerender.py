"""A take goes through the queue to a finished film: the same frames, or others where that was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from nodegraph.bench.kill import first_workflow
from nodegraph.engine import Event, Item, LocalEngine, Run, RunRequest
from nodegraph.graph import load_registry
from nodegraph.media.video import read_frames, read_video_metadata
from nodegraph.takes import TakeReader
from nodegraph.takes.hashes import digest
from nodegraph.takes.latents import as_float32
from nodegraph.values import Frames, Latent
from tests.server.conftest import ServerMaker
from tests.server.test_branches import Director
from tests.server.test_live import connected, message

TICKS = 7


class WatchedEngine(LocalEngine):
    """Keeps what renders and live runs made, before anything is encoded: hashes of latents, and frames, by tick."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.latents: dict[bool, dict[int, str]] = {True: {}, False: {}}
        self.frames: dict[bool, dict[int, NDArray[np.uint8]]] = {True: {}, False: {}}

    def start(self, request: RunRequest, on_event: Callable[[Event], None]) -> Run:  # type: ignore[override]
        recorder, live = request.tap, request.live
        self.latents[live].clear()
        self.frames[live].clear()

        def tap(item: Item) -> None:
            for value in item.outputs.values():
                if isinstance(value, Latent):
                    self.latents[live][item.tick] = digest([as_float32(value.data)])
                elif isinstance(value, Frames):
                    self.frames[live][item.tick] = value.pixels
            if recorder is not None:
                recorder(item)

        return super().start(replace(request, tap=tap), on_event)


@pytest.fixture
async def watched(start_server: ServerMaker):
    made: list[WatchedEngine] = []

    def engine(registry: Any, config: Any, preview: Any) -> WatchedEngine:
        made.append(WatchedEngine(registry, data_dir=config.data_dir, preview=preview))
        return made[0]

    async with start_server(registry=load_registry(), engine=engine) as server, connected(server) as ws:
        yield Director(server, ws), made[0]


async def performed(director: Director) -> TakeReader:
    """Record a steered run of the debug model."""
    document = first_workflow("debug")
    camera = next(node["id"] for node in document["nodes"] if node["type"] == "camera.live")
    begun = await director.post("/api/runs", workflow=document, ticks=TICKS, seed=11)
    data = {"run_id": begun["run_id"], "id": "c", "node": camera, "input": "forward", "value": 1.0}
    await director.ws.send_json({"type": "control", "data": data})
    await message(director.ws, "run_finished")
    return await director.take(begun["take_id"])


async def rendered(director: Director, take: TakeReader, **body: Any) -> tuple[Any, Path]:
    """Queue a render of the take and follow it to its file; return the answer and the file."""
    answer = await director.post(f"/api/takes/{take.header.take_id}/render", **body)
    while (await message(director.ws, "run_finished"))["run_id"] != answer["prompt_id"]:
        pass
    job = (await director.server.call("GET", f"/api/jobs/{answer['prompt_id']}")).json
    assert job["status"] == "succeeded", job
    (output,) = job["outputs"]
    path = director.server.config.data_dir / "output" / output["subfolder"] / output["filename"]
    assert (await director.server.call("GET", output["url"])).status == 200
    return answer, path


@pytest.mark.timeout(600)
async def test_at_the_same_size_every_frame_is_that_of_the_take(watched: tuple[Director, WatchedEngine]) -> None:
    director, engine = watched
    take = await performed(director)
    answer, path = await rendered(director, take, name="again")
    assert answer["warnings"] == []
    recorded = {record.tick: next(iter(record.hashes.values())) for record in take.ticks()}
    assert engine.latents[False] == recorded and len(recorded) == TICKS
    assert engine.frames[False].keys() == engine.frames[True].keys()
    assert all(np.array_equal(engine.frames[False][tick], shown) for tick, shown in engine.frames[True].items())
    notes = read_video_metadata(path)
    workflow = json.loads(notes["workflow"])
    assert workflow["meta"]["take"]["take_id"] == take.header.take_id
    assert {node["type"] for node in workflow["nodes"]} >= {"generator.load", "apt2.step", "save.video"}
    assert path.name.startswith("again") and len(list(read_frames(path))) == 1 + 4 * (TICKS - 1)


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("settings", "suffix", "told"),
    [
        ({"format": "webm_vp9", "crf": 40, "ticks": 3}, ".webm", None),
        ({"seed": 5, "ticks": 3}, ".mp4", "another seed"),
        ({"stitch": True, "ticks": 4}, ".mp4", "segments"),
        ({"preset": "tiny", "ticks": 2}, ".mp4", "model tiny instead of debug"),
        ({"width": 96, "height": 64, "ticks": 3}, ".mp4", "96x64 pixels instead of"),
    ],
)
async def test_with_other_settings_it_runs_and_says_why_frames_differ(
    watched: tuple[Director, WatchedEngine], settings: dict[str, Any], suffix: str, told: str | None
) -> None:
    director, engine = watched
    take = await performed(director)
    answer, path = await rendered(director, take, settings=settings)
    assert (told is None and answer["warnings"] == []) or any(told in text for text in answer["warnings"] if told)
    assert path.suffix == suffix and len(list(read_frames(path))) == 1 + 4 * (settings["ticks"] - 1)
    workflow = json.loads(read_video_metadata(path)["workflow"])
    note = workflow["meta"]["take"]
    assert (note["take_id"], note["settings"]) == (take.header.take_id, settings)
    if "width" in settings:
        assert {pixels.shape[1:3] for pixels in engine.frames[False].values()} == {(64, 96)}
    if told is None:
        assert engine.latents[False] == {t.tick: next(iter(t.hashes.values())) for t in take.ticks()[:3]}
    elif "seed" in settings:
        assert engine.latents[False][2] not in take.ticks()[2].hashes.values()


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("settings", "code", "port", "told"),
    [
        ({"preset": "8b"}, "not_found", "preset", "model.safetensors in generator/weights/8b"),
        ({"preset": "nothing"}, "unknown_preset", "preset", "tiny, debug, 8b"),
        ({"width": 100, "height": 64}, "out_of_range", "width", "multiples of 16"),
        ({"width": 96}, "bad_request", "height", "both"),
        ({"width": 96, "height": 10**6}, "out_of_range", "height", "1 to 4096"),
        ({"format": "gif"}, "out_of_range", "format", "mp4"),
        ({"crf": 52}, "out_of_range", "crf", "0 to 51"),
    ],
)
async def test_what_cannot_be_rendered_is_refused_at_once_and_says_what_can(
    watched: tuple[Director, WatchedEngine], settings: dict[str, Any], code: str, port: str, told: str
) -> None:
    director, _ = watched
    take = await performed(director)
    path = f"/api/takes/{take.header.take_id}/render"
    answer = await director.server.call("POST", path, {"settings": settings})
    error = answer.json["error"]
    assert (answer.status, error["code"], error["port"]) == (400 if code != "not_found" else 404, code, port)
    assert told in error["expected"] and error["got"] and error["message"]
    assert (await director.server.call("GET", "/api/jobs")).json["jobs"] == [], "nothing waits"
