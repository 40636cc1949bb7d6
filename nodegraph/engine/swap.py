"""Put one plan in the place of another between two ticks, with the nodes that both have going on undisturbed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

from nodegraph.engine.boundary import NODE_ERRORS, node_error
from nodegraph.engine.jobs import Job
from nodegraph.engine.protocol import Retired
from nodegraph.engine.stream_phase import StreamPhase, runnable
from nodegraph.graph import Plan
from nodegraph.graph.difference import Difference, Marks, fixed_part

__all__ = ["MOST_RETIRED", "swap"]

MOST_RETIRED = 16
"""How many nodes that were taken out are remembered."""


def swap(
    phase: StreamPhase,
    plan: Plan,
    values: dict[str, tuple[Any, ...]],
    failed: set[str],
    change: Difference,
    tick: int,
    *,
    marks: tuple[Marks, Marks],
    retired: dict[str, Retired],
    back: Mapping[str, Job],
) -> list[str]:
    """Let `phase` go on with `plan` from `tick` on; every node stands before it. Return the nodes that begin there.

    Args:
        values, failed: of the new plan's value phase; results of nodes that have ended are added.
        marks: fingerprints of the old and the new plan's values.
        retired: states of nodes that were taken out; those taken out now are added.
        back: nodes as they stood before they were taken out; they go on and are not made again.

    Raises:
        NodegraphError: a new node cannot be made; nothing has changed.
    """
    lost_ticks = phase.line.outage
    out = [phase.jobs[node] for node in change.removed if node in phase.jobs]
    left = {job.id: found for job in out if (found := _retired(phase, job, marks[0])) is not None}
    states = {**retired, **left}
    kept = {node: job for node, job in phase.jobs.items() if node in change.kept}
    able = runnable(plan, failed)
    missing = [node for node in able if node not in kept and node not in back]
    new = _made(phase, plan, values, missing, able, tick, marks[1], states)
    _take_out(phase, out, tick)
    retired |= left
    for node in (*new, *back):
        retired.pop(node, None)
    for node in [*retired][:-MOST_RETIRED]:
        del retired[node]
    phase.plan, phase.failed = plan, failed
    values.update({node: phase.values[node] for node in kept if node in phase.values and node not in values})
    phase.values = values
    phase.errors = {node: error for node, error in phase.errors.items() if node in kept}
    phase.controls.replan(plan, tick, [*new])
    for job in kept.values():
        if lost_ticks:
            job.jump(tick)
    for job in back.values():
        _put_back(phase, job, tick)
    available = {**kept, **back, **new}
    phase.jobs = {node: available[node] for node in able}
    phase.line.outage = False
    phase.wire_up(tick)
    if phase.states is not None:
        phase.states.forget(tick)
        if lost_ticks:
            phase.states.want(tick)
    for job in new.values():
        phase.begin(job)
    return [*new]


def _made(
    phase: StreamPhase,
    plan: Plan,
    values: Mapping[str, tuple[Any, ...]],
    nodes: Collection[str],
    streaming: Collection[str],
    tick: int,
    marks: Marks,
    states: Mapping[str, Retired],
) -> dict[str, Job]:
    jobs = {}
    for node in nodes:
        job = phase.make(plan.nodes[node], values, streaming, tick)
        left = states.get(node)
        same = left is not None and left.fixed == _fixed(plan, node, marks)
        try:
            job.node.construct(left.snapshot if left is not None and same else None)
        except NODE_ERRORS as error:
            raise node_error(error, node, plan.nodes[node].spec.id) from error
        jobs[node] = job
    return jobs


def _take_out(phase: StreamPhase, jobs: Collection[Job], tick: int) -> None:
    for job in jobs:
        job.stash = {(job.id, name): value for name, value in phase.controls.in_force(job.id, tick).items()}
        job.cut_off()
    phase.retained = [job for job in jobs if not job.ended]


def _put_back(phase: StreamPhase, job: Job, tick: int) -> None:
    job.retired = job.gate.suspended = False
    job.jump(tick)
    phase.retained = [other for other in phase.retained if other is not job]
    phase.controls.restore(job.id, job.lives, job.stash)


def _retired(phase: StreamPhase, job: Job, marks: Marks) -> Retired | None:
    """Return the state that a node is left in; of one that failed, what can still be had."""
    if not job.node.has_state:
        return None
    try:
        snapshot = job.node.snapshot_now()
    except NODE_ERRORS:
        snapshot = None
    if snapshot is None and phase.states is not None:
        snapshot = phase.states.part(job.id)
    return None if snapshot is None else Retired(_fixed(phase.plan, job.id, marks), snapshot)


def _fixed(plan: Plan, node: str, marks: Marks) -> str:
    """Return what must be equal for a state to fit: for a session all it was made from, for others the type."""
    spec = plan.nodes[node].spec
    if not spec.session:
        return f"{spec.id} {spec.version}"
    return blake2b(repr(fixed_part(plan, node, marks)).encode(), digest_size=16).hexdigest()
