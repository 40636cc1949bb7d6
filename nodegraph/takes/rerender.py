"""A take as a render: the same workflow, with a film where there was a preview, and settings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nodegraph.engine import Edit
from nodegraph.errors import UserInputError
from nodegraph.graph import Registry, flatten, make_plan
from nodegraph.takes.mains import main_nodes
from nodegraph.takes.reader import TakeReader

__all__ = ["Rerender", "rerender"]

STEP, STITCH, DECODE, LOADER, SAVE = "apt2.step", "apt2.stitch", "apt2.decode", "generator.load", "save.video"
STITCH_INPUTS = ("seed",)
STEP_ONLY = ("image", "views", "on_prompt")
SAVES = ("save.video", "save.images")
MODEL = ("preset", "width", "height")
"""Settings that are inputs of the loader."""


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
        settings: `preset`, `width`, `height`, `format`, `crf`, `stitch`; what is absent stays as it was.
        name: start of the film's file name.

    Raises:
        InvalidWorkflow: the workflow does not run here, or not with these settings.
        UserInputError: bad_request for segments, or another model, where there is nothing to put in their place.
    """
    asked = {key: value for key, value in settings.items() if value not in (None, False)}
    note = {"take_id": take.header.take_id, "name": take.header.name, "ticks": take.tick_count, "settings": asked}
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
    _load(flat, {name: settings[name] for name in MODEL if name in settings})
    if settings.get("stitch"):
        _stitch(flat)
    flat["meta"] = {**flat.get("meta", {}), "take": note}
    make_plan(flat, registry)  # refused here rather than when its turn comes
    return flat


def _load(document: dict[str, Any], model: Mapping[str, Any]) -> None:
    """Let every loader load this model; what a wire would have said no longer counts."""
    loaders = {node["id"] for node in document["nodes"] if node["type"] == LOADER}
    if model and not loaders:
        raise UserInputError(
            "bad_request",
            "The take's workflow loads no model that could be another one or have another size",
            got=", ".join(model),
            expected=f"a workflow with {LOADER}",
            remedy="Leave preset, width and height out",
            port=next(iter(model)),
        )
    for node in document["nodes"]:
        if node["id"] in loaders:
            node["inputs"] = {**node.get("inputs", {}), **model}
    document["edges"] = [
        edge for edge in document["edges"] if edge["to"][0] not in loaders or edge["to"][1] not in model
    ]


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
    if not decoders:
        raise UserInputError(
            "bad_request",
            "The take's workflow cannot be made in segments",
            got="no step with its decoder",
            expected=f"{STEP} wired into {DECODE}",
            remedy="Leave stitch out",
            port="stitch",
        )
    for step in decoders.values():
        node = steps[step]
        node["type"], node["version"] = STITCH, 1
        node["inputs"] = {key: value for key, value in node.get("inputs", {}).items() if key in STITCH_INPUTS}
    document["nodes"] = [node for node in document["nodes"] if node["id"] not in decoders]
    edges = []
    for edge in document["edges"]:
        if edge["to"][0] in decoders or (edge["to"][0] in decoders.values() and edge["to"][1] in STEP_ONLY):
            continue
        source = edge["from"][0]
        edges.append({**edge, "from": [decoders[source], "frames"]} if source in decoders else edge)
    document["edges"] = edges


def _warnings(take: TakeReader, settings: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    if "preset" in settings and settings["preset"] != take.header.facts.preset:
        found.append(f"Frames will differ: model {settings['preset']} instead of {take.header.facts.preset}.")
    size = take.header.facts.size
    wanted = (settings.get("width"), settings.get("height"))
    if None not in wanted and wanted != size:
        was = f" instead of {size[0]}x{size[1]}" if size else ""
        found.append(f"Frames will differ: {wanted[0]}x{wanted[1]} pixels{was}.")
    if settings.get("stitch"):
        found.append("Frames will differ: made in segments that overlap.")
        if any(edge["to"][1] == "image" for edge in _edges_into_steps(take)):
            found.append("The picture that the take starts from is left out: segments begin from the prompt.")
    if settings.get("seed") is not None and settings["seed"] != take.header.seed:
        found.append("Frames will differ: another seed.")
    if take.approximate_from is not None:
        found.append(f"From tick {take.approximate_from} on the take is approximate: frames will differ.")
    return tuple(found)


def _edges_into_steps(take: TakeReader) -> list[dict[str, Any]]:
    flat = flatten(take.header.document).document
    steps = {node["id"] for node in flat["nodes"] if node["type"] == STEP}
    return [edge for edge in flat["edges"] if edge["to"][0] in steps]
