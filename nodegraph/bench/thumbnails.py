"""Pictures of the shipped workflows for the gallery: what each one shows, moving and still, made by running it."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from nodegraph.engine import Control, Event, Item, LocalEngine, RunRequest
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import Registry, flatten, load_registry, migrate_document
from nodegraph.values import FPS, FRAMES_PER_TICK, Frames

__all__ = ["bench_thumbnails", "shown_by", "steering", "write_moving"]

PACKAGE = "nodegraph_workflows"
WARM_UP_TICKS = 6
"""What comes before is left out: the first second is the quietest."""
KEPT_FRAME = 3
"""Of this many frames one is kept: eight a second."""
MAX_WIDTH = 256
QUALITY = 75

PERFORMANCE = (
    ("move.right", 0.5, 0.0),
    ("look.yaw", -0.2, 0.0),
    ("walk.turn", 0.5, 0.3),
    ("move.forward", 0.3, 0.4),
)
"""(stage control, value, from which part of the clip on): what a hand would do."""


def bench_thumbnails(
    out: Path, *, seconds: float, preset: str | None = None, only: Collection[str] = (), tell: Callable[[str], None]
) -> dict[str, Any]:
    """Write `NAME.webp` (moving) and `NAME.still.webp` for every shipped workflow; return their sizes in bytes.

    Args:
        out: folder; made where it is missing.
        seconds: length of the clips.
        preset: replaces the model of the workflows; None = the one each names.
        only: names of workflows; none = all.
        tell: is told the name of each one that begins.

    Raises:
        UserInputError: "not_found", where there is no workflow of a name.
        NodegraphError: what stopped a run.
    """
    documents = _documents()
    unknown = sorted(set(only) - documents.keys())
    if unknown:
        raise UserInputError(
            "not_found",
            f"There is no shipped workflow {unknown[0]}.",
            got=unknown[0],
            expected="one of " + ", ".join(documents),
            remedy="Leave the names out to make all.",
        )
    registry = load_registry()
    out.mkdir(parents=True, exist_ok=True)
    sizes: dict[str, Any] = {}
    for name in only or documents:
        tell(name)
        pictures = asyncio.run(_frames(documents[name], registry, seconds, preset))
        moving, still = out / f"{name}.webp", out / f"{name}.still.webp"
        write_moving(moving, pictures[::KEPT_FRAME])
        _small(pictures[len(pictures) // 2]).save(still, quality=80, method=6)
        sizes[name] = {"moving": moving.stat().st_size, "still": still.stat().st_size}
    return sizes


def write_moving(path: Path, pictures: Sequence[NDArray[np.uint8]]) -> None:
    """Write pictures [H, W, 3] as an animated WebP that goes round."""
    first, *others = [_small(picture) for picture in pictures]
    first.save(
        path, save_all=True, append_images=others, duration=round(1000 * KEPT_FRAME / FPS), loop=0,
        quality=QUALITY, method=6,
    )  # fmt: skip


def steering(document: Mapping[str, Any], registry: Registry, first: int, ticks: int) -> tuple[Control, ...]:
    """Return the performance as controls for the inputs that the stage drives in a workflow, from tick `first` on."""
    found: list[Control] = []
    for bind, value, part in PERFORMANCE:
        for node, port in _bound(document, registry, bind):
            tick = first + round(part * ticks)
            found.append(Control(id=f"hand{len(found)}", node=node, input=port, value=value, tick=tick))
    return tuple(sorted(found, key=lambda control: control.tick or 0))


def _documents() -> dict[str, dict[str, Any]]:
    found = sorted((item for item in files(PACKAGE).iterdir() if item.name.endswith(".json")), key=lambda one: one.name)
    return {item.name.removesuffix(".json"): migrate_document(json.loads(item.read_text("utf-8"))) for item in found}


async def _frames(
    document: dict[str, Any], registry: Registry, seconds: float, preset: str | None
) -> list[NDArray[np.uint8]]:
    """Run a workflow and return what it shows after the first second, 24 pictures a second."""
    for node in document["nodes"]:
        if preset is not None and "preset" in node["inputs"]:
            node["inputs"]["preset"] = preset
    shown = shown_by(document, registry)
    pictures: list[NDArray[np.uint8]] = []
    ticks = round(seconds * FPS / FRAMES_PER_TICK)

    def keep(item: Item) -> None:
        if item.node == shown and item.tick >= WARM_UP_TICKS:
            for value in item.outputs.values():
                pictures.extend(value.pixels if isinstance(value, Frames) else ())

    with tempfile.TemporaryDirectory(prefix="nodegraph-thumbnails-") as folder:
        request = RunRequest(
            run_id="thumbnail", document=document, live=False, ticks=WARM_UP_TICKS + ticks, tap=keep,
            controls=steering(document, registry, 0, WARM_UP_TICKS + ticks),
        )  # fmt: skip
        outcome = await LocalEngine(registry, data_dir=Path(folder)).start(request, _ignore).wait()
    if outcome.error is not None:
        raise outcome.error
    if not pictures:
        raise NodegraphError("node_failed", f"The workflow {document['name']} shows nothing.", got=f"{ticks} ticks")
    return pictures


def shown_by(document: Mapping[str, Any], registry: Registry) -> str | None:
    """Return the node whose frames go into the first node that shows or saves; None where there is none."""
    flat = flatten(document).document
    types = {node["id"]: registry.get(node["type"]) for node in flat["nodes"]}
    for edge in flat["edges"]:
        (node, port), target = edge["from"], types[edge["to"][0]]
        source = types[node]
        slot = None if source is None else source.output_slot(port)
        if source is None or slot is None or target is None or not target.output_node:
            continue
        if source.outputs[slot].type == "FRAMES":
            return str(node)
    return None


def _bound(document: Mapping[str, Any], registry: Registry, bind: str) -> list[tuple[str, str]]:
    """(node, input) of every unwired input that a stage control drives."""
    wired = {tuple(edge["to"]) for edge in document["edges"]}
    return [
        (node["id"], port.name)
        for node in document["nodes"]
        if (spec := registry.get(node["type"])) is not None
        for port in spec.inputs
        if getattr(port.widget, "bind", None) == bind and (node["id"], port.name) not in wired
    ]


def _small(picture: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(picture)
    if image.width > MAX_WIDTH:
        image = image.resize((MAX_WIDTH, round(image.height * MAX_WIDTH / image.width)), Image.Resampling.LANCZOS)
    return image


def _ignore(event: Event) -> None:
    """Only the pictures matter; an error is in the outcome."""
