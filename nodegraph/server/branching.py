"""Go on from a moment of a take: what the new run is asked for, and what its take begins with."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nodegraph.engine import Control, Edit, Engine, RunRequest, RunState
from nodegraph.errors import UserInputError
from nodegraph.graph import Registry, flatten, with_seed
from nodegraph.server.origin import Origin
from nodegraph.server.restoring import Restore, choose, recording_of
from nodegraph.takes import TakeReader, take_over
from nodegraph.takes.recorded import recorded_model

__all__ = ["Branch", "States", "Wishes", "agreeing", "plan_branch", "values_before"]

States = tuple[RunState | None, RunState | None]


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What is to be different from the take.

    Attributes:
        document: the workflow from the tick on.
        controls: instead of the log before the tick; then everything is made again from tick 0.
        seed: likewise.
        now: controls put in force at the tick.
        restore: "exact" or "latents", see `choose`.
    """

    document: dict[str, Any] | None = None
    controls: tuple[Control, ...] | None = None
    seed: int | None = None
    now: tuple[Control, ...] = ()
    restore: str | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A run to start, and its take's origin. `caught_up_ticks` will be made again before it is seen."""

    request: RunRequest
    origin: Origin
    caught_up_ticks: int
    changes: tuple[str, ...] = ()


def plan_branch(
    take: TakeReader,
    tick: int,
    states: States,
    wishes: Wishes,
    engine: Engine,
    registry: Registry,
    inputs: Path | None = None,
    differing: Sequence[str] = (),
) -> Branch:
    """Plan to go on before `tick`.

    Where the beginning stays as it was, the new take takes it over, and the run resumes from a state. With another
    seed, another log, or a document that a running graph cannot change to, the ticks before are made again.

    Args:
        states: the newest at or before `tick`, and the newest before it: an edit at the tick needs that one.
        inputs: where uploaded files lie that the take does not keep itself.
        differing: what is not as it was when the take was made.

    Raises:
        UserInputError: out_of_range for a tick beyond the take; bad_request where latents are wished for that are not
            held, or together with another past.
        InvalidWorkflow: the document has problems.
        NodegraphError: not_found, where files that the take was made with are gone.
    """
    if not 0 <= tick <= take.tick_count:
        raise UserInputError(
            "out_of_range",
            "The take does not reach that tick",
            got=str(tick),
            expected=f"0 to {take.tick_count}",
            remedy="Choose a tick within the take",
            port="tick",
        )
    document = wishes.document
    if document is not None and take.header.seed is not None and wishes.seed is None:
        document = with_seed(document, registry, take.header.seed)
    kind, changes = "hot", tuple[str, ...]()
    if document is not None:
        kind, changes = engine.classify(take.document_at(tick + 1), document)
    if wishes.controls is not None or wishes.seed is not None or kind == "cold" or (tick == 0 and changes):
        if wishes.restore == "latents":
            raise UserInputError(
                "bad_request",
                "Latents bring back the past as it was",
                got="another seed, log or model",
                expected="the same ones, up to the tick",
                remedy='Leave "restore" out',
                port="restore",
            )
        branch = _made_again(take, tick, wishes, document, registry, changes, cold=kind == "cold" or tick == 0)
    else:
        edited = document is not None and bool(changes)
        restore = choose(take, tick, states[edited], wishes.restore, differing, registry)
        branch = _resumed(take, tick, states, wishes, document, changes, restore)
    return replace(branch, request=replace(branch.request, files=take.files(inputs).require()))


def agreeing(take: TakeReader, state: RunState | None) -> RunState | None:
    """Return a state if it stands in the take's history as the journal tells it.

    A state and a journal that are read one after the other may lie on both sides of an edit.
    """
    if state is None:
        return None
    told = take.document_at(state.tick + 1)
    return state if json.dumps(state.document, sort_keys=True) == json.dumps(told, sort_keys=True) else None


def values_before(controls: Iterable[Control], tick: int) -> dict[tuple[str, str], Control]:
    """Return the last control before a tick for every input that was steered."""
    return {(c.node, c.input): c for c in controls if c.tick is not None and c.tick < tick}


def _resumed(
    take: TakeReader,
    tick: int,
    states: States,
    wishes: Wishes,
    document: dict[str, Any] | None,
    changes: tuple[str, ...],
    restore: Restore,
) -> Branch:
    rebuilt = restore.way == "latents"
    edits = [edit for edit in take.edits() if edit.tick is not None and edit.tick <= tick]
    own = [Edit(id=uuid.uuid4().hex, document=document, tick=tick)] if document is not None and changes else []
    state = None if rebuilt else states[bool(own)]
    begin = state.tick if state is not None else 0
    exact = not rebuilt and take.exact_before(tick) and (state is None or state.exact)
    request = RunRequest(
        run_id=uuid.uuid4().hex,
        document=take.header.document,
        live=True,
        controls=(*_before(take.controls(), tick), *_at(wishes.now, tick)),
        edits=(*edits, *own),
        targets=tuple(take.header.settings.get("targets", ())),
        stand_in=recorded_model(recording_of(take, tick)) if rebuilt else None,
        start=state,
        resume_at=tick,
    )
    origin = Origin(
        parent=take.header.take_id,
        tick=tick,
        root=take.header.root,
        own_from=tick,
        exact=exact,
        approximate_from=None if exact else tick if take.exact_before(tick) else take.approximate_from,
        restored=restore.way,
        reason=restore.reason,
        taken=partial(take_over, take, tick=tick),
        edits=frozenset(edit.id for edit in edits),
        document=take.header.document,
        seed=take.header.seed,
    )
    return Branch(request=request, origin=origin, caught_up_ticks=tick - begin, changes=changes)


def _made_again(
    take: TakeReader,
    tick: int,
    wishes: Wishes,
    document: dict[str, Any] | None,
    registry: Registry,
    changes: tuple[str, ...],
    *,
    cold: bool,
) -> Branch:
    controls = _before(take.controls() if wishes.controls is None else wishes.controls, tick)
    first = take.header.document
    edits: tuple[Edit, ...] = tuple(edit for edit in take.edits() if edit.tick is not None and edit.tick <= tick)
    if cold and document is not None:
        first, edits = document, ()
        controls = [control for control in controls if _fits(control, document, registry)]
    elif document is not None and changes:
        edits = (*edits, Edit(id=uuid.uuid4().hex, document=document, tick=tick))
    request = RunRequest(
        run_id=uuid.uuid4().hex,
        document=first,
        live=True,
        seed=take.header.seed if wishes.seed is None else wishes.seed,
        controls=(*controls, *_at(wishes.now, tick)),
        edits=edits,
        targets=tuple(take.header.settings.get("targets", ())),
        resume_at=tick,
    )
    origin = Origin(
        parent=take.header.take_id,
        tick=tick,
        root=take.header.root,
        own_from=0,
        edits=frozenset(edit.id for edit in edits if edit.tick is not None and edit.tick < tick),
        seed=take.header.seed if wishes.seed is None else wishes.seed,
    )
    return Branch(request=request, origin=origin, caught_up_ticks=tick, changes=changes)


def _before(controls: Sequence[Control], tick: int) -> list[Control]:
    return [control for control in controls if control.tick is not None and control.tick < tick]


def _at(controls: Sequence[Control], tick: int) -> list[Control]:
    return [replace(control, tick=tick) for control in controls]


def _fits(control: Control, document: dict[str, Any], registry: Registry) -> bool:
    flat = flatten(document).document
    node = next((node for node in flat.get("nodes", ()) if node.get("id") == control.node), None)
    spec = registry.get(str(node.get("type"))) if node is not None else None
    port = spec.input(control.input) if spec is not None else None
    wired = any(list(edge["to"]) == [control.node, control.input] for edge in flat.get("edges", ()))
    return port is not None and port.mode == "live" and not wired
