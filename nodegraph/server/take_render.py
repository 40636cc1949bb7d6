"""A take on its way into the queue: what is wished for is checked before it waits for hours, then becomes a job."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.generator.config import GeneratorConfig
from nodegraph.generator.config import preset as preset_config
from nodegraph.generator.presets import PRESETS
from nodegraph.graph import Registry, to_api
from nodegraph.server.queue import new_prompt_id
from nodegraph.server.store import JobRow
from nodegraph.takes import TakeReader
from nodegraph.takes.rerender import rerender

__all__ = ["render_job"]

UNTRAINED = ("debug",)
"""Presets that are meant to run without trained weights: their pictures are noise, and quick."""


def render_job(
    take: TakeReader,
    registry: Registry,
    settings: Mapping[str, Any],
    *,
    name: str | None,
    client_id: str | None,
    number: float,
    differing: Sequence[str] = (),
) -> tuple[JobRow, list[str]]:
    """Return the job that renders a take again, and why its frames will not be those of the take. Blocking.

    Args:
        settings: see `RenderSettings`; what is absent stays as it was.
        name: of the job and the start of its file's name; None = the take's.
        number: its place in the queue.
        differing: what is not as it was when the take was made.

    Raises:
        UserInputError: unknown_preset; not_found for a preset without weights; out_of_range for a size that does not
            divide; bad_request for half a size.
        InvalidWorkflow: the workflow does not run with these settings.
    """
    _check_model(settings, take.header.facts.preset)
    name = name or take.header.name
    made = rerender(take, registry, settings, _prefix(name))
    ticks = min(settings.get("ticks", take.tick_count), max(take.tick_count, 1))
    job = JobRow(
        prompt_id=new_prompt_id(),
        number=number,
        client_id=client_id,
        name=name[:200],
        request={
            "prompt": to_api(made.document, registry),
            "extra_data": {"take_id": take.header.take_id},
            **({"take_id": take.header.take_id} if take.uploads() else {}),
            "seed": settings.get("seed", take.header.seed),
            "ticks": ticks,
            "controls": [asdict(c) for c in take.controls() if c.tick is not None and c.tick < ticks],
            "edits": [asdict(e) for e in made.edits if e.tick is not None and e.tick < ticks],
        },
        document=made.document,
    )
    return job, [*made.warnings, *(f"Frames will differ: {one}." for one in differing)]


def _check_model(settings: Mapping[str, Any], was: str | None) -> None:
    preset = settings.get("preset", was)
    if preset not in PRESETS:
        if "preset" in settings:
            raise UserInputError(
                "unknown_preset",
                "There is no such model",
                got=repr(preset)[:60],
                expected=", ".join(PRESETS),
                remedy="Choose one of them, or leave preset out",
                port="preset",
            )
        return
    config = _trained(preset)
    if config is None and preset not in (*UNTRAINED, was):
        raise UserInputError(
            "not_found",
            f"There are no weights for the model {preset}",
            got="none in the package",
            expected=f"config.json and model.safetensors in generator/weights/{preset}",
            remedy="Train or copy them there, or choose another preset",
            port="preset",
        )
    _check_size(settings, config or preset_config(preset))


def _check_size(settings: Mapping[str, Any], config: GeneratorConfig) -> None:
    sides = [settings[side] for side in ("width", "height") if side in settings]
    if len(sides) == 1:
        raise UserInputError(
            "bad_request",
            "A size has a width and a height",
            got="only one of them",
            expected=f"both, such as {config.width} and {config.height}",
            remedy="Give both, or leave both out",
            port="width" if "height" in settings else "height",
        )
    if sides:
        try:
            replace(config, width=sides[0], height=sides[1])
        except NodegraphError as error:
            got = f"{sides[0]}x{sides[1]}"
            raise UserInputError(
                error.code, error.message, got=got, expected=error.expected, remedy=error.remedy, port="width"
            ) from error


def _trained(preset: str) -> GeneratorConfig | None:
    """Return what the weights of a preset were trained as; None where there are none."""
    # Here and not above: importing torch takes seconds, and a server without a model must not wait for it.
    from nodegraph.generator.checkpoint import shipped_folder

    folder = shipped_folder(preset)
    return None if folder is None else GeneratorConfig.from_dict(json.loads((folder / "config.json").read_text()))


def _prefix(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter in "-_ " else "_" for letter in name).strip()
    return kept[:80] or "take"
