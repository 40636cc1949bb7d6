"""The subgraphs that a document defines: which is inside which, and how many nodes they come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nodegraph.graph.problem import Problem

__all__ = [
    "NODES_AT_MOST",
    "PREFIX",
    "Definitions",
    "definition_id",
    "definitions",
    "is_end",
    "items",
    "nesting_problems",
]

PREFIX = "subgraph:"
NODES_AT_MOST = 20_000
DEPTH_AT_MOST = 32

Definitions = Mapping[str, Mapping[str, Any]]


def definitions(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the well-formed definitions of a document by id."""
    return {item["id"]: item for item in items(document, "subgraphs") if isinstance(item.get("id"), str)}


def definition_id(node: Mapping[str, Any]) -> str | None:
    """Return the id of the subgraph that a node is an instance of, or None for an ordinary node."""
    name = node.get("type")
    is_instance = isinstance(name, str) and name.startswith(PREFIX) and isinstance(node.get("id"), str)
    return name[len(PREFIX) :] if is_instance and isinstance(name, str) else None


def items(graph: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the items of a list that are objects; the others are the schema's to name."""
    found = graph.get(key)
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def is_end(end: Any) -> bool:
    """Say whether this is [node id, port name]."""
    return isinstance(end, (list, tuple)) and len(end) == 2 and all(isinstance(part, str) for part in end)


def nesting_problems(document: Mapping[str, Any], known: Definitions) -> list[Problem]:
    """Find instances that lead into a subgraph that contains itself, and a document that grows beyond all measure."""
    uses = {
        name: {found for node in items(item, "nodes") if (found := definition_id(node))} for name, item in known.items()
    }
    problems = []
    for node in items(document, "nodes"):
        loop = _loop_from(definition_id(node), uses)
        if loop:
            problems.append(_contains_itself(node["id"], [str(known[name].get("name") or name) for name in loop]))
    if not problems and _size(document, known, {}, 0) > NODES_AT_MOST:
        problems.append(_too_large())
    return problems


def _loop_from(start: str | None, uses: Mapping[str, set[str]]) -> list[str]:
    """Return a loop that can be reached from a definition, its first name again at the end; [] where there is none."""
    done: set[str] = set()
    trail: list[str] = []
    stack: list[tuple[str | None, bool]] = [(start, False)]
    while stack:
        name, leaving = stack.pop()
        if leaving:
            done.add(trail.pop())
        elif name in trail:
            return [*trail[trail.index(name) :], name]
        elif name is not None and name not in done and name in uses:
            trail.append(name)
            stack.append((name, True))
            stack += [(inner, False) for inner in sorted(uses[name])]
    return []


def _size(graph: Mapping[str, Any], known: Definitions, sizes: dict[str, int], depth: int) -> int:
    """Count the nodes after expansion without expanding: nested subgraphs multiply. Too deep counts as too many."""
    if depth > DEPTH_AT_MOST:
        return NODES_AT_MOST + 1
    total = 0
    for node in items(graph, "nodes"):
        name = definition_id(node)
        if name is None or name not in known:
            total += 1
            continue
        if name not in sizes:
            sizes[name] = _size(known[name], known, sizes, depth + 1)
        total += sizes[name]
    return total


def _contains_itself(node: str, names: list[str]) -> Problem:
    loop = " -> ".join(names)
    return Problem(
        code="cycle",
        message=f"Subgraph {names[0]} contains itself: {loop}.",
        node=node,
        got=loop,
        expected="subgraphs that do not contain themselves",
        remedy="Open the subgraph and remove the node that leads back to it.",
    )


def _too_large() -> Problem:
    return Problem(
        code="too_large",
        message="The workflow has too many nodes once its subgraphs are opened.",
        expected=f"at most {NODES_AT_MOST}, nested at most {DEPTH_AT_MOST} deep",
        remedy="Nest fewer subgraphs into one another.",
    )
