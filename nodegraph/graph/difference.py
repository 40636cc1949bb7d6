"""What changes between two plans of a run that goes on, and what that takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nodegraph.graph.plan import Plan

__all__ = ["Difference", "Marks", "difference", "fixed_part"]

Marks = Mapping[str, bytes]
"""Value node -> fingerprint of its result."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How to go from one plan to another.

    Attributes:
        kind: "hot" = only values of `Live` inputs; "warm" = stream nodes and wires; "cold" = a session would be lost.
        kept: stream nodes that go on as they are, perhaps with other wires and other values in `Live` inputs.
        added: stream nodes that begin, in order; a node that is replaced is in `removed` too.
        removed: stream nodes that end.
        values: (node, input) -> new value of a `Live` input that has no wire, of nodes that are kept.
        changes: the same in plain words.
    """

    kind: Literal["hot", "warm", "cold"]
    kept: frozenset[str]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    values: Mapping[tuple[str, str], Any]
    changes: tuple[str, ...]


def difference(old: Plan, new: Plan, old_marks: Marks, new_marks: Marks, broken: Collection[str] = ()) -> Difference:
    """Compare two plans; `broken` nodes of the old one have failed and begin again, whatever they are."""
    shared = [node for node in new.streams if node in old.streams]
    same = {node for node in shared if fixed_part(old, node, old_marks) == fixed_part(new, node, new_marks)}
    kept = frozenset(same - set(broken))
    added = tuple(node for node in new.streams if node not in kept)
    removed = tuple(node for node in old.streams if node not in kept)
    values = {key: value for node in new.streams if node in kept for key, value in _new_values(old, new, node).items()}
    rewired = [node for node in new.streams if node in kept and old.nodes[node].wires != new.nodes[node].wires]
    revalued = _revalued(old, new, old_marks, new_marks)
    lost = [node for node in shared if node not in same and _holds_session(new, node)]
    before = {node for node in old.streams if _holds_session(old, node)}
    if lost or (before and not any(node in new.streams for node in before)):
        kind: Literal["hot", "warm", "cold"] = "cold"
    else:
        kind = "warm" if added or removed or rewired or revalued else "hot"
    words = _words(old, new, added, removed, [*rewired, *revalued], values, set(broken) & set(same))
    return Difference(kind=kind, kept=kept, added=added, removed=removed, values=values, changes=words)


def fixed_part(plan: Plan, node: str, marks: Marks) -> tuple[Any, ...]:
    """Return what a running node cannot change: its type and the inputs that it reads once.

    A value node that is evaluated every tick remembers nothing: all but its own `Live` values counts, because
    beginning it anew costs nothing.
    """
    planned = plan.nodes[node]
    parts: list[Any] = [planned.spec.id, planned.spec.version]
    for port in planned.spec.inputs:
        wire = planned.wires.get(port.name)
        if planned.spec.kind != "value" and port.mode == "stream":
            parts.append(wire is not None)
        elif wire is not None and (planned.spec.kind == "value" or port.mode == "fixed"):
            streaming = wire.source in plan.streams and planned.listens(port.name, True)
            parts.append((wire if streaming else wire.slot, None if streaming else marks.get(wire.source)))
        elif wire is None and port.mode == "fixed":
            parts.append(planned.literals[port.name])
        elif planned.spec.kind == "value":
            parts.append(None)
    return tuple(parts)


def _new_values(old: Plan, new: Plan, node: str) -> dict[tuple[str, str], Any]:
    before, after = old.nodes[node], new.nodes[node]
    live = {port.name for port in after.spec.inputs if port.mode == "live"}
    return {
        (node, name): value
        for name, value in after.literals.items()
        if name in live and (name not in before.literals or before.literals[name] != value)
    }


def _revalued(old: Plan, new: Plan, old_marks: Marks, new_marks: Marks) -> list[str]:
    """Return nodes outside the streams whose result differs, and stream nodes that read such a result."""
    changed = [node for node in new.values if node not in new.streams and old_marks.get(node) != new_marks.get(node)]
    for node in new.closing:
        before = old.nodes.get(node)
        if before is None or (before.literals, before.wires) != (new.nodes[node].literals, new.nodes[node].wires):
            changed.append(node)
    for node in new.streams:
        for name, wire in new.nodes[node].wires.items():
            fed = new.nodes[node].listens(name, wire.source in new.streams)
            if not fed and old_marks.get(wire.source) != new_marks.get(wire.source) and node in old.streams:
                changed.append(node)
    return list(dict.fromkeys(changed))


def _holds_session(plan: Plan, node: str) -> bool:
    spec = plan.nodes[node].spec
    return spec.session or spec.hidden_state


def _words(
    old: Plan,
    new: Plan,
    added: Collection[str],
    removed: Collection[str],
    touched: Collection[str],
    values: Mapping[tuple[str, str], Any],
    again: Collection[str],
) -> tuple[str, ...]:
    modes = {item.get("id"): item.get("mode") for item in new.document.get("nodes", ())}
    verbs = {"muted": "mutes", "bypassed": "bypasses"}
    words = [
        f"{verbs.get(modes.get(node) or '', 'removes')} {old.nodes[node].spec.id} {node}"
        for node in removed
        if node not in added
    ]
    for node in added:
        verb = "restarts" if node in again else "changes" if node in removed else "adds"
        words.append(f"{verb} {new.nodes[node].spec.id} {node}")
    for node in dict.fromkeys(touched):
        verb = "changes" if new.nodes[node].is_value and node not in new.streams else "rewires"
        verb = verb if node in old.nodes else "adds"
        if node not in added:
            words.append(f"{verb} {new.nodes[node].spec.id} {node}")
    words += [f"sets {name} of {new.nodes[node].spec.id} {node}" for node, name in values]
    return tuple(words)
