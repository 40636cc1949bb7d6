"""From a document's edges to the wires that run: ports looked up, muted nodes taken out, bypassed nodes bridged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nodegraph.graph.document import Document, Edge, NodeEntry
from nodegraph.graph.nesting import PREFIX
from nodegraph.graph.problem import Problem
from nodegraph.graph.registry import Registry
from nodegraph.graph.spec import NodeSpec
from nodegraph.graph.types import ANY

__all__ = ["Wire", "Wiring", "wire_up"]


class Wire(NamedTuple):
    """Where an input gets its value: output number `slot` of node `source`."""

    source: str
    slot: int


@dataclass(slots=True)
class Wiring:
    """The part of a document that could run.

    Attributes:
        specs: the nodes that are neither muted nor bypassed and whose type is installed.
        wires: node -> input -> where it gets its value; every node of `specs` has an entry.
        unresolved: nodes that are meant to run but whose type is not installed.
        problems: what is wrong with types, node ids and edges.
    """

    specs: dict[str, NodeSpec] = field(default_factory=dict)
    wires: dict[str, dict[str, Wire]] = field(default_factory=dict)
    unresolved: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def sources(self) -> dict[str, set[str]]:
        """Return node -> the nodes it has wires from."""
        return {node: {wire.source for wire in wires.values()} for node, wires in self.wires.items()}


def wire_up(document: Document, registry: Registry) -> Wiring:
    """Look up every node and edge. Faults go into `problems` and their edges are left out."""
    wiring = Wiring()
    specs = wiring.specs
    for entry in document.nodes.values():
        spec = registry.get(entry.type)
        if spec is None:
            if entry.mode != "muted":
                wiring.unresolved.add(entry.id)
                wiring.problems.append(_unknown_type(entry))
            continue
        specs[entry.id] = spec
        wiring.wires[entry.id] = {}
        if entry.version is not None and entry.version > spec.version:
            wiring.problems.append(_newer_node(entry, spec))
    wiring.problems += [_repeated(node) for node in document.repeated_nodes]
    for edge in document.edges:
        problem = _add_edge(edge, document, wiring)
        if problem is not None:
            wiring.problems.append(problem)
    if any(entry.mode != "active" for entry in document.nodes.values()):
        _bridge(document.nodes, wiring)
        _mute(document.nodes, wiring)
    return wiring


def _add_edge(edge: Edge, document: Document, wiring: Wiring) -> Problem | None:
    """Add one edge to the wires, or return what is wrong with it. Ends at uninstalled types were reported before."""
    source, target = wiring.specs.get(edge.source), wiring.specs.get(edge.target)
    if source is None or target is None:
        for end, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if end not in document.nodes:
                return _dangling(end, other if other in document.nodes else None)
        if source is None and target is not None and target.input(edge.input) is not None:
            # Reported as an unknown type; the wire still counts, so that the input is not called missing as well.
            wiring.wires[edge.target].setdefault(edge.input, Wire(edge.source, 0))
        return None
    slot = source.output_slot(edge.output)
    if slot is None:
        names = ", ".join(port.name for port in source.outputs) or "no outputs"
        return _unknown_port(edge.source, edge.output, "output", source, names)
    if target.input(edge.input) is None:
        names = ", ".join(port.name for port in target.inputs) or "no inputs"
        return _unknown_port(edge.target, edge.input, "input", target, names)
    wires = wiring.wires[edge.target]
    if edge.input in wires:
        return Problem(
            code="duplicate_id",
            message=f"Input {edge.input} of node {edge.target} has two wires.",
            node=edge.target,
            port=edge.input,
            expected="one wire to an input",
            remedy="Remove one of the wires.",
        )
    wires[edge.input] = Wire(edge.source, slot)
    return None


def _bridge(nodes: Mapping[str, NodeEntry], wiring: Wiring) -> None:
    """Replace wires from bypassed nodes by what enters those nodes, then take the bypassed nodes out."""
    bypassed = {node for node, entry in nodes.items() if entry.mode == "bypassed" and node in wiring.specs}
    for node, wires in wiring.wires.items():
        if node in bypassed:
            continue
        for name, wire in list(wires.items()):
            found = _behind(wire, bypassed, wiring)
            if found is None:
                del wires[name]
            else:
                wires[name] = found
    for node in bypassed:
        del wiring.specs[node], wiring.wires[node]


def _behind(wire: Wire, bypassed: set[str], wiring: Wiring) -> Wire | None:
    seen: set[Wire] = set()
    while wire.source in bypassed:
        if wire in seen:
            return None
        seen.add(wire)
        spec = wiring.specs[wire.source]
        wanted = spec.outputs[wire.slot].type
        inputs = wiring.wires[wire.source]
        found = (inputs[port.name] for port in spec.inputs if port.type in (wanted, ANY) and port.name in inputs)
        bridged = next(found, None)
        if bridged is None:
            return None
        wire = bridged
    return wire


def _mute(nodes: Mapping[str, NodeEntry], wiring: Wiring) -> None:
    """Take out muted nodes and, in turn, every node with an input that cannot do without them."""
    targets: dict[str, list[tuple[str, str]]] = {}
    for node, wires in wiring.wires.items():
        for name, wire in wires.items():
            targets.setdefault(wire.source, []).append((node, name))
    stack = [node for node, entry in nodes.items() if entry.mode == "muted" and node in wiring.specs]
    gone = set(stack)
    while stack:
        for node, name in targets.get(stack.pop(), ()):
            if node in gone:
                continue
            del wiring.wires[node][name]
            port = wiring.specs[node].input(name)
            if port is not None and port.required and name not in nodes[node].inputs:
                gone.add(node)
                stack.append(node)
    for node in gone:
        del wiring.specs[node], wiring.wires[node]


def _unknown_type(entry: NodeEntry) -> Problem:
    return Problem(
        code="unknown_node",
        message=f"The workflow does not hold the subgraph of node {entry.id}."
        if entry.type.startswith(PREFIX)
        else f"No installed pack has a node of type {entry.type}.",
        node=entry.id,
        got=entry.type,
        remedy="Paste the subgraph again from where it came."
        if entry.type.startswith(PREFIX)
        else "Install the pack that has it, or remove the node.",
    )


def _newer_node(entry: NodeEntry, spec: NodeSpec) -> Problem:
    return Problem(
        code="newer_schema",
        message=f"Node {entry.id} was saved with a newer version of {spec.id}.",
        node=entry.id,
        got=f"version {entry.version}",
        expected=f"version {spec.version} or older",
        remedy=f"Update the pack {spec.pack}.",
    )


def _repeated(node: str) -> Problem:
    return Problem(
        code="duplicate_id",
        message=f"Two nodes have the id {node}.",
        node=node,
        expected="ids that are used once",
        remedy="Give one of them another id, or remove it.",
    )


def _dangling(end: str, other: str | None) -> Problem:
    return Problem(
        code="not_found",
        message=f"A wire ends at node {end}, which does not exist.",
        node=other,
        got=end,
        remedy="Remove the wire or add the node.",
    )


def _unknown_port(node: str, name: str, what: str, spec: NodeSpec, names: str) -> Problem:
    return Problem(
        code="unknown_port",
        message=f"Node {node} ({spec.id}) has no {what} named {name}.",
        node=node,
        port=name,
        got=name,
        expected=names,
        remedy="Remove it, or wire one of the ports that exist.",
    )
