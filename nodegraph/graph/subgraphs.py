"""Subgraphs: a workflow whose instances of subgraphs are replaced by what is inside them.

A definition in the document's `subgraphs` has nodes and edges of its own and exposes some of their ports: an input
stands for one or more inputs inside, an output for one output. A node of type `subgraph:<id>` is an instance; what
is inside instance 7 has the ids `7/1`, `7/2` ..., so that problems, events and controls name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from nodegraph.graph.nesting import Definitions, definition_id, definitions, is_end, items, nesting_problems
from nodegraph.graph.problem import Problem

__all__ = ["Flat", "flatten", "inner_ends"]

_ASLEEP = ("muted", "bypassed")

Values = Mapping[tuple[str, str], Any]
"""(node id, input) -> value, written over the node's own."""


class Flat(NamedTuple):
    """A document without instances, and what is wrong with its subgraphs."""

    document: Mapping[str, Any]
    problems: list[Problem]


def flatten(document: Mapping[str, Any]) -> Flat:
    """Replace every instance by its inside. A document without instances is returned as it is.

    An instance of a subgraph that does not exist stays, as a node of unknown type. Where a subgraph contains itself or
    the whole grows too large, the document stays as it is.
    """
    if not any(definition_id(node) for node in items(document, "nodes")):
        return Flat(document, [])
    known = definitions(document)
    problems = nesting_problems(document, known)
    if problems:
        return Flat(document, problems)
    expansion = _Expansion(known)
    expansion.add(document, "", "active", {})
    inside = {"nodes": expansion.nodes, "edges": expansion.edges, "subgraphs": []}
    return Flat({**document, **inside}, expansion.problems)


def inner_ends(known: Definitions, node: Mapping[str, Any], port: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the ordinary nodes, with their inputs, that input `port` of an instance stands for."""
    definition = known.get(definition_id(node) or "", {})
    for inner, name in _targets(definition, port):
        found = _node(definition, inner)
        if definition_id(found):
            yield from inner_ends(known, found, name)
        elif found:
            yield found, name


class _Expansion:
    """Collects what is inside a graph, instance by instance; the recursion is as deep as the nesting."""

    def __init__(self, known: Definitions) -> None:
        self._known = known
        self._nodes: dict[int, dict[str, Mapping[str, Any]]] = {}
        self.nodes: list[Any] = []
        self.edges: list[Any] = []
        self.problems: list[Problem] = []

    def add(self, graph: Mapping[str, Any], path: str, mode: str, values: Values) -> None:
        """Add the nodes and edges of `graph` under ids that begin with `path`; `mode` is that of the instance."""
        for node in items(graph, "nodes"):
            definition = self._known.get(definition_id(node) or "")
            own = node.get("mode")
            acting = own if own in _ASLEEP else mode
            given = _inputs(node, values)
            if definition is not None:
                inner = {end: value for name, value in given.items() for end in _targets(definition, name)}
                self.add(definition, f"{path}{node['id']}/", acting, inner)
            elif path:
                self.nodes.append({**node, "id": f"{path}{node.get('id')}", "inputs": given, "mode": acting})
            else:
                self.nodes.append(node)
        for edge in items(graph, "edges"):
            self._join(graph, edge, path)

    def _join(self, graph: Mapping[str, Any], edge: Mapping[str, Any], path: str) -> None:
        """Add the edges between ordinary nodes that one edge stands for."""
        if not (is_end(edge.get("from")) and is_end(edge.get("to"))):
            return
        source = self._source(graph, edge["from"], path)
        ends = list(self._ends(graph, edge["to"], path))
        if source is None:
            self.problems.append(_unknown_port(path, edge["from"], "output"))
        elif not ends:
            self.problems.append(_unknown_port(path, edge["to"], "input"))
        else:
            self.edges += [{"from": source, "to": end} for end in ends]

    def _definition(self, graph: Mapping[str, Any], node_id: str) -> Mapping[str, Any] | None:
        """Return what a node of `graph` is an instance of; `graph` is the document or a definition, which both stay."""
        if id(graph) not in self._nodes:
            self._nodes[id(graph)] = {str(node.get("id")): node for node in items(graph, "nodes")}
        return self._known.get(definition_id(self._nodes[id(graph)].get(node_id, {})) or "")

    def _source(self, graph: Mapping[str, Any], end: Any, path: str) -> list[str] | None:
        definition = self._definition(graph, end[0])
        if definition is None:
            return [f"{path}{end[0]}", end[1]]
        port = next((port for port in items(definition, "outputs") if port.get("name") == end[1]), {})
        inner = port.get("from")
        return self._source(definition, inner, f"{path}{end[0]}/") if is_end(inner) else None

    def _ends(self, graph: Mapping[str, Any], end: Any, path: str) -> Iterator[list[str]]:
        definition = self._definition(graph, end[0])
        if definition is None:
            yield [f"{path}{end[0]}", end[1]]
            return
        for inner in _targets(definition, end[1]):
            yield from self._ends(definition, inner, f"{path}{end[0]}/")


def _inputs(node: Mapping[str, Any], values: Values) -> dict[str, Any]:
    written = node.get("inputs")
    given = {name: value for (inner, name), value in values.items() if inner == node.get("id")}
    return {**(written if isinstance(written, Mapping) else {}), **given}


def _node(graph: Mapping[str, Any], node_id: str) -> Mapping[str, Any]:
    return next((node for node in items(graph, "nodes") if node.get("id") == node_id), {})


def _targets(definition: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    found = next((port.get("to") for port in items(definition, "inputs") if port.get("name") == name), None)
    return [(end[0], end[1]) for end in found if is_end(end)] if isinstance(found, list) else []


def _unknown_port(path: str, end: Any, what: str) -> Problem:
    return Problem(
        code="unknown_port",
        message=f"Subgraph node {path}{end[0]} exposes no {what} named {end[1]}.",
        node=f"{path}{end[0]}",
        port=end[1],
        got=end[1],
        remedy=f"Remove the wire, or open the subgraph and expose the {what}.",
    )
