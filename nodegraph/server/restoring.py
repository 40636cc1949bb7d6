"""Where a branch's state comes from: a snapshot, the ticks made again or, approximately, the recorded latents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nodegraph.engine import RunState
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.generator.presets import PRESETS
from nodegraph.graph import Registry, flatten, make_plan
from nodegraph.takes import Facts, TakeReader
from nodegraph.takes.recorded import Recording

__all__ = ["Restore", "Way", "choose", "facts_here", "obstacle", "recording_of"]

Way = Literal["snapshot", "replay", "latents"]
STEP, LOADER = "apt2.step", "generator.load"


@dataclass(frozen=True)
class Restore:
    """Where the state comes from; `reason` says why it is only approximate."""

    way: Way
    reason: str = ""


def choose(
    take: TakeReader, tick: int, state: RunState | None, wish: str | None, differing: Sequence[str], registry: Registry
) -> Restore:
    """Choose how to go on before `tick`.

    Args:
        state: the newest at or before the tick, where one is in memory.
        wish: "exact" or "latents"; None = exactly where that is possible.
        differing: what is not as it was when the take was made, so that its ticks would come out differently.

    Raises:
        UserInputError: bad_request, where latents are wished for and cannot do.
    """
    held = state is not None and (state.tick > 0 or tick == 0)
    reason = "; ".join(differing)
    if not held and not take.exact_before(tick):
        reason = reason or f"the take itself is approximate from tick {take.approximate_from} on"
    fault = obstacle(take, tick, registry)
    if wish == "latents":
        if fault is not None:
            raise UserInputError(
                "bad_request",
                "The state cannot be rebuilt from latents",
                got=fault,
                expected="a take of one APT2 step with its latents on the disk",
                remedy='Leave "restore" out, or choose "exact"',
                port="restore",
            )
        return Restore("latents", reason or "it was asked for")
    if held:
        return Restore("snapshot")
    if wish is None and reason and fault is None:
        return Restore("latents", reason)
    return Restore("replay")


def obstacle(take: TakeReader, tick: int, registry: Registry) -> str | None:
    """Say why the state before a tick cannot be rebuilt from latents; None where it can."""
    held = take.latent_range
    if tick == 0:
        return "there is no tick before 0"
    if held is None or held[0] > 0 or held[1] < tick - 1:
        return "no latents are held" if held is None else f"latents are held of ticks {held[0]} to {held[1]}"
    try:
        plan = make_plan(take.document_at(tick + 1), registry, tuple(take.header.settings.get("targets", ())))
    except NodegraphError as error:
        return f"the workflow does not run here: {error.message}"
    specs = [plan.nodes[node].spec for node in plan.streams]
    makers = [spec.id for spec in specs if any(port.type == "LATENT" for port in spec.outputs) and spec.session]
    if makers != [STEP] or any(spec.hidden_state for spec in specs):
        return f"latents are made by {', '.join(makers) or 'no node that holds a session'}"
    return None


def recording_of(take: TakeReader, until: int) -> Recording:
    """Return the latents before a tick, read one by one as they are needed."""
    return Recording(lambda tick: take.latents(tick, tick)[0], until)


def facts_here(preset: str | None, document: dict[str, Any]) -> Facts:
    """Return what a preset's model is on this machine, loading it; nothing where there is none. Blocking.

    Args:
        document: the workflow; it may ask for another size than the model's own.
    """
    if preset not in PRESETS:
        return Facts()
    # Here and not above: importing torch takes seconds, and a server without a model must not wait for it.
    from nodegraph.generator.pool import load

    try:
        model = load(preset)
    except NodegraphError:  # the run itself will say so, with the node it stands in
        return Facts()
    kind = str(model.dtype).removeprefix("torch.")
    loaders = [node for node in flatten(document).document["nodes"] if node["type"] == LOADER]
    sides: dict[str, Any] = loaders[0].get("inputs", {}) if loaders else {}
    size = (sides.get("width") or model.width, sides.get("height") or model.height)
    return Facts(preset=preset, sha256=model.model_hash, device=f"{model.device} {kind}", size=size)
