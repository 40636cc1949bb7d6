"""A take as a render: the same workflow, with a film where there was a preview, and settings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nodegraph.engine import Edit
from nodegraph.graph import Registry, flatten, make_plan
from nodegraph.takes.mains import main_nodes
from nodegraph.takes.reader import TakeReader

__all__ = ["Rerender", "rerender"]

STEP, STITCH, DECODE, LOADER, SAVE = "apt2.step", "apt2.stitch", "apt2.decode", "generator.load", "save.video"
STITCH_INPUTS = ("seed",)
STEP_ONLY = ("image", "on_prompt")
SAVES = ("save.video", "save.images")


@dataclass(frozen=True)
class Rerender:
    """What a render is asked for: `warnings` say why its frames will not be those of the take."""

    document: dict[str, Any]
    edits: tuple[Edit, ...]
    warnings: tuple[str, ...]


def rerender(take: TakeReader, registry: Registry, settings: Mapping[str, Any], name: str) -> Rerender:
    """Return the take's workflow and edits, changed so that they write a film.

    Args:
        take: what was recorded.
        settings: `preset`, `format`, `crf`, `stitch`; what is absent stays as it was.
        name: start of the film's file name.

    Raises:
        InvalidWorkflow: the workflow does not run here.
    """
    note = {"take_id": take.header.take_id, "name": take.header.name, "ticks": take.tick_count}
    document = _filmed(take.header.document, registry, settings, name, note)
    edits = tuple(
        Edit(id=edit.id, document=_filmed(edit.document, registry, settings, name, note), tick=edit.tick)
        for edit in take.edits()
    )
    return Rerender(document, edits, _warnings(take, settings))


def _filmed(
    document: dict[str, Any], registry: Registry, settings: Mapping[str, Any], name: str, note: dict[str, Any]
) -> dict[str, Any]:
    flat = deepcopy(dict(flatten(document).document))
    sink = main_nodes(make_plan(flat, registry)).sink
    flat["nodes"] = [node for node in flat["nodes"] if node["type"] not in SAVES or node["id"] == sink]
    kept = {node["id"] for node in flat["nodes"]}
    flat["edges"] = [edge for edge in flat["edges"] if edge["from"][0] in kept and edge["to"][0] in kept]
    for node in flat["nodes"]:
        if node["id"] == sink:
            film = {"prefix": name, "format": settings.get("format", "mp4"), "crf": settings.get("crf", 18)}
            node |= {"type": SAVE, "version": 1, "inputs": film}
            flat["edges"] = _only_frames(flat["edges"], node["id"])
        if node["type"] == LOADER and "preset" in settings:
            node["inputs"] = {**node.get("inputs", {}), "preset": settings["preset"]}
    if settings.get("stitch"):
        _stitch(flat)
    flat["meta"] = {**flat.get("meta", {}), "take": note}
    return flat


def _only_frames(edges: list[dict[str, Any]], node: str) -> list[dict[str, Any]]:
    return [edge for edge in edges if edge["to"][0] != node or edge["to"][1] == "frames"]


def _stitch(document: dict[str, Any]) -> None:
    """Put the segmented generator in place of every step and its decoder."""
    steps = {node["id"]: node for node in document["nodes"] if node["type"] == STEP}
    decoders = {
        edge["to"][0]: edge["from"][0]
        for edge in document["edges"]
        if edge["from"][0] in steps and any(n["id"] == edge["to"][0] and n["type"] == DECODE for n in document["nodes"])
    }
    for step in decoders.values():
        node = steps[step]
        node["type"], node["version"] = STITCH, 1
        node["inputs"] = {key: value for key, value in node.get("inputs", {}).items() if key in STITCH_INPUTS}
    document["nodes"] = [node for node in document["nodes"] if node["id"] not in decoders]
    edges = []
    for edge in document["edges"]:
        if edge["to"][0] in decoders or (
            edge["to"][0] in decoders.values() and edge["to"][1] in ("image", "on_prompt")
        ):
            continue
        source = edge["from"][0]
        edges.append({**edge, "from": [decoders[source], "frames"]} if source in decoders else edge)
    document["edges"] = edges


def _warnings(take: TakeReader, settings: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    if "preset" in settings and settings["preset"] != take.header.facts.preset:
        found.append(f"Frames will differ: model {settings['preset']} instead of {take.header.facts.preset}.")
    if settings.get("stitch"):
        found.append("Frames will differ: made in segments that overlap.")
    if settings.get("seed") is not None and settings["seed"] != take.header.seed:
        found.append("Frames will differ: another seed.")
    if take.approximate_from is not None:
        found.append(f"From tick {take.approximate_from} on the take is approximate: frames will differ.")
    return tuple(found)
