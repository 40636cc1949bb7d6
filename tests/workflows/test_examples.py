"""Every shipped workflow is well laid out and runs, live or as a render, on the debug model."""

from __future__ import annotations

import asyncio
import copy
import json
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nodegraph_workflows
from nodegraph.engine import Control, LocalEngine, RunRequest
from nodegraph.engine.events import Outcome, RunFinished, TickDone
from nodegraph.graph import NodeSpec, load_registry, validate
from nodegraph.media.metadata import read_workflow_metadata
from nodegraph.media.video import read_frames
from nodegraph.values import Frames

REGISTRY = load_registry(["nodegraph_nodes"])
FOLDER = Path(str(nodegraph_workflows.__file__)).parent
NAMES = ("batch", "camera_path", "character", "curves", "hello", "long_video", "prompt_only", "prompt_travel")
TICKS = 8
FRAMES = 1 + 4 * (TICKS - 1)
NODE_WIDTH = 280


def load(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return document


def on_debug(document: dict[str, Any]) -> dict[str, Any]:
    """The same workflow on the small model, with segments short enough to be joined within a test."""
    small = copy.deepcopy(document)
    for node in small["nodes"]:
        if node["type"] == "generator.load":
            node["inputs"]["preset"] = "debug"
        if node["type"] == "apt2.stitch":
            node["inputs"] |= {"segment_ticks": 4, "overlap_ticks": 1}
    return small


class Watcher:
    """A preview sink that keeps every frame."""

    def __init__(self) -> None:
        self.frames: list[np.ndarray] = []

    def offer(self, run_id: str, node_id: str, frames: Frames, *, format: str, quality: int) -> None:
        self.frames.extend(frames.pixels)


async def run(
    document: dict[str, Any], folder: Path, *, live: bool = False, seed: int | None = None, **settings: Any
) -> tuple[Outcome, list[np.ndarray]]:
    watcher, events = Watcher(), []
    engine = LocalEngine(REGISTRY, data_dir=folder, preview=watcher)
    request = RunRequest(run_id="r", document=document, live=live, ticks=TICKS, seed=seed, **settings)
    outcome = await engine.start(request, events.append).wait()
    assert isinstance(events[-1], RunFinished)
    return outcome, watcher.frames


def test_these_are_the_shipped_workflows() -> None:
    assert tuple(sorted(path.stem for path in FOLDER.glob("*.json"))) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_has_no_problems_and_says_what_it_is(name: str) -> None:
    document = load(name)
    assert validate(document, REGISTRY) == []
    assert document["id"] == name and document["name"] and len(document["description"]) > 40
    assert [node["version"] for node in document["nodes"]] == [spec(node).version for node in document["nodes"]]


def spec(node: dict[str, Any]) -> NodeSpec:
    found = REGISTRY.get(node["type"])
    assert found is not None
    return found


def box(node: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom as the editor draws a node, estimated generously."""
    widgets = [port.as_dict()["widget"] or {} for port in spec(node).inputs]
    rows = len(spec(node).inputs) + len(spec(node).outputs)
    tall = sum(60 for w in widgets if w.get("multiline")) + sum(100 for w in widgets if w.get("kind") == "json")
    height = node["size"][1] if "size" in node else 55 + 28 * rows + tall + 180 * (node["type"] == "view.preview")
    x, y = node["pos"]
    return x, y, x + NODE_WIDTH, y + height


@pytest.mark.parametrize("name", NAMES)
def test_no_two_nodes_overlap_and_wires_run_to_the_right(name: str) -> None:
    document = load(name)
    boxes = {node["id"]: box(node) for node in document["nodes"]}
    for (a, p), (b, q) in combinations(boxes.items(), 2):
        apart = p[2] <= q[0] or q[2] <= p[0] or p[3] <= q[1] or q[3] <= p[1]
        assert apart, f"nodes {a} and {b} overlap"
    for edge in document["edges"]:
        source, target = boxes[edge["from"][0]], boxes[edge["to"][0]]
        assert source[0] <= target[0], f"the wire {edge} runs to the left"


@pytest.mark.parametrize("name", NAMES)
def test_every_node_lies_in_one_titled_coloured_group(name: str) -> None:
    document = load(name)
    for group in document["groups"]:
        assert group["title"] and group["color"].startswith("#")
    for node in document["nodes"]:
        x, y = node["pos"]
        homes = [
            group["id"]
            for group in document["groups"]
            if group["bounds"][0] <= x
            and x + NODE_WIDTH <= group["bounds"][0] + group["bounds"][2]
            and group["bounds"][1] <= y < group["bounds"][1] + group["bounds"][3]
        ]
        assert len(homes) == 1, f"node {node['id']} lies in {homes}"


@pytest.mark.parametrize("name", NAMES)
async def test_a_workflow_runs(name: str, tmp_path: Path) -> None:
    document = on_debug(load(name))
    outcome, shown = await run(document, tmp_path, live=document["run"]["mode"] == "live")
    assert outcome.status == "succeeded" and outcome.error is None and outcome.ticks_done == TICKS
    types = {node["type"] for node in document["nodes"]}
    assert len(shown) == (FRAMES if "view.preview" in types else 0)
    films = [file for files in outcome.results.values() for file in files if file.media_type.startswith("video/")]
    assert len(films) == ("save.video" in types)
    for film in films:
        assert len(list(read_frames(film.path))) == FRAMES
        found = read_workflow_metadata(film.path)
        assert found["workflow"]["id"] == name and found["prompt"]


async def test_two_renders_with_one_seed_are_identical_and_another_seed_differs(tmp_path: Path) -> None:
    async def film(folder: str, seed: int) -> str:
        outcome, _ = await run(on_debug(load("batch")), tmp_path / folder, seed=seed)
        return sha256(b"".join(frame.tobytes() for frame in read_frames(outcome.results["8"][0].path))).hexdigest()

    one, two, other = await film("a", 7), await film("b", 7), await film("c", 8)
    assert one == two and one != other


async def test_the_seed_of_the_run_stands_in_the_file(tmp_path: Path) -> None:
    outcome, _ = await run(on_debug(load("batch")), tmp_path, seed=4321)
    stored = read_workflow_metadata(outcome.results["9"][0].path)["workflow"]
    assert next(node for node in stored["nodes"] if node["type"] == "value.seed")["inputs"]["seed"] == 4321


async def test_a_file_opens_as_the_workflow_that_made_it(tmp_path: Path) -> None:
    outcome, _ = await run(on_debug(load("batch")), tmp_path / "a")
    again = read_workflow_metadata(outcome.results["8"][0].path)["workflow"]
    repeated, _ = await run(again, tmp_path / "b")
    frames = [list(read_frames(found.results["8"][0].path)) for found in (outcome, repeated)]
    assert all(np.array_equal(a, b) for a, b in zip(*frames, strict=True))


async def test_a_live_run_equals_its_replay_as_a_render(tmp_path: Path) -> None:
    document = on_debug(load("hello"))
    controls = (
        Control(id="a", node="4", input="forward", value=1.0, tick=2),
        Control(id="b", node="1", input="text", value="an astronaut in a neon city at night", tick=4),
        Control(id="c", node="5", input="action", value="wave", tick=5),
    )
    _, live = await run(document, tmp_path / "live", live=True, controls=controls)
    _, replayed = await run(document, tmp_path / "render", controls=controls)
    _, still = await run(document, tmp_path / "still")
    assert len(live) == FRAMES and all(np.array_equal(a, b) for a, b in zip(live, replayed, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(live, still, strict=True))


async def test_a_stopped_render_keeps_the_film_so_far(tmp_path: Path) -> None:
    engine = LocalEngine(REGISTRY, data_dir=tmp_path)
    request = RunRequest(run_id="r", document=on_debug(load("batch")), live=False, ticks=5000)
    begun = asyncio.Event()
    running = engine.start(request, lambda event: begun.set() if isinstance(event, TickDone) else None)
    await begun.wait()
    running.stop()
    outcome = await running.wait()
    assert outcome.status == "cancelled" and outcome.error is None
    (film,) = outcome.results["8"]
    frames = len(list(read_frames(film.path)))
    assert 0 < frames < 1 + 4 * 4999 and frames % 4 == 1
    assert [path.name for path in film.path.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(("type_name", "code"), [("pose.clip", "missing_input"), ("image.load", "missing_input")])
async def test_a_source_without_its_file_fails_with_a_remedy_on_the_node(
    type_name: str, code: str, tmp_path: Path
) -> None:
    document = on_debug(load("character"))
    source = next(node for node in document["nodes"] if node["type"] == type_name)
    source["mode"] = "active"
    output, target = ("pose", ("6", "value")) if type_name == "pose.clip" else ("image", ("7", "image"))
    document["edges"] = [edge for edge in document["edges"] if tuple(edge["to"]) != target]
    document["edges"].append({"from": [source["id"], output], "to": list(target)})
    outcome, _ = await run(document, tmp_path)
    assert outcome.status == "failed" and outcome.error is not None
    assert (outcome.error.code, outcome.error.node, outcome.error.port) == (code, source["id"], "file")
    assert outcome.error.remedy
