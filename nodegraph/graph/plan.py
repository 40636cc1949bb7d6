"""Turn a workflow into what the engine carries out: which nodes run, when, and where each input comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from nodegraph.graph.document import RunMode, read_document
from nodegraph.graph.flow import Flow
from nodegraph.graph.literals import filled, is_seed
from nodegraph.graph.migrate import migrate_document
from nodegraph.graph.nesting import Definitions, definitions, items
from nodegraph.graph.order import ancestors
from nodegraph.graph.problem import InvalidWorkflow
from nodegraph.graph.registry import Registry
from nodegraph.graph.spec import NodeSpec
from nodegraph.graph.subgraphs import flatten, inner_ends
from nodegraph.graph.validate import analyse, require_targets
from nodegraph.graph.wiring import Wire, Wiring, wire_up

__all__ = ["Plan", "PlannedNode", "make_plan", "with_seed"]


@dataclass(slots=True)
class PlannedNode:
    """One node that runs: every input is in `literals` (a value) or in `wires` (an output of another node)."""

    id: str
    spec: NodeSpec
    literals: dict[str, Any]
    wires: dict[str, Wire]
    flow: Flow

    @property
    def is_value(self) -> bool:
        """True where its outputs exist before the first tick."""
        return self.spec.kind == "value" and self.flow in ("value", "variable")

    def listens(self, name: str, streaming: bool) -> bool:
        """Say whether this node takes input `name` tick by tick; `streaming` = its source runs in the stream phase."""
        port = self.spec.input(name)
        return streaming and (self.spec.kind == "value" or (port is not None and port.mode != "fixed"))


@dataclass(slots=True)
class Plan:
    """What a run does. A node may be in both phases: made once as a value, and again as its controls change.

    Attributes:
        document: the workflow as it runs.
        nodes: the nodes that run, in topological order.
        values: nodes evaluated once, before the first tick, in order.
        streams: nodes that run as tasks, one item a tick, in order.
        closing: value nodes evaluated after the streams have ended, in order.
        targets: the nodes the run is for.
    """

    document: Mapping[str, Any]
    name: str
    mode: RunMode
    ticks: int | None
    nodes: dict[str, PlannedNode]
    values: tuple[str, ...]
    streams: tuple[str, ...]
    closing: tuple[str, ...]
    targets: tuple[str, ...]


def make_plan(data: Any, registry: Registry, targets: Sequence[str] = ()) -> Plan:
    """Plan a run for `targets`, or for every active output node.

    Raises:
        InvalidWorkflow: a node that is needed has a problem; it carries all of them.
        UserInputError: "bad_document" or "newer_schema".
    """
    document = migrate_document(data)
    flat = flatten(document)
    read = read_document(flat.document)
    wiring = wire_up(read, registry)
    found, problems = require_targets(targets, wiring)
    problems += flat.problems
    order, flow, more = analyse(read, wiring, ancestors(found, wiring.sources()))
    if problems or more:
        raise InvalidWorkflow(problems + more)
    nodes = {
        node: PlannedNode(
            node,
            wiring.specs[node],
            filled(read.nodes[node], wiring.specs[node], wiring.wires[node]),
            wiring.wires[node],
            flow[node],
        )
        for node in order
    }
    streams = _stream_phase(order, wiring, flow)
    return Plan(
        document=document,
        name=read.name,
        mode=read.mode,
        ticks=read.ticks,
        nodes=nodes,
        values=_value_phase(order, nodes, streams, set(found)),
        streams=tuple(node for node in order if node in streams),
        closing=tuple(node for node in order if flow[node] == "closing" and nodes[node].spec.kind == "value"),
        targets=tuple(found),
    )


def with_seed(document: dict[str, Any], registry: Registry, seed: int) -> dict[str, Any]:
    """Return the document with the value of every Seed input replaced; the one given is not changed."""
    changed = deepcopy(document)
    known = definitions(changed)
    for graph in (changed, *known.values()):
        for item in items(graph, "nodes"):
            _set_seeds(item, known, registry, seed)
    return changed


def _set_seeds(item: Any, known: Definitions, registry: Registry, seed: int) -> None:
    """Write `seed` into the Seed inputs of one node; of an instance into the values that stand for one."""
    spec = registry.get(str(item.get("type")))
    names = [port.name for port in spec.inputs if is_seed(port)] if spec is not None else []
    if isinstance(item.setdefault("inputs", {}), dict):
        names += [name for name in item["inputs"] if _stands_for_seed(item, name, known, registry)]
        item["inputs"] |= dict.fromkeys(names, seed)


def _stands_for_seed(item: Mapping[str, Any], name: str, known: Definitions, registry: Registry) -> bool:
    for node, inner in inner_ends(known, item, name):
        spec = registry.get(str(node.get("type")))
        port = spec.input(inner) if spec is not None else None
        if port is not None and is_seed(port):
            return True
    return False


def _stream_phase(order: Sequence[str], wiring: Wiring, flow: Mapping[str, Flow]) -> set[str]:
    """Return the nodes that run every tick: all streams, and variable values that something listens to."""
    chosen: set[str] = set()
    for node in reversed(order):
        spec = wiring.specs[node]
        if spec.kind != "value" or flow[node] == "stream":
            chosen.add(node)
        if node not in chosen:
            continue
        for name, wire in wiring.wires[node].items():
            port = spec.input(name)
            listens = spec.kind == "value" or (port is not None and port.mode != "fixed")
            if listens and flow[wire.source] == "variable":
                chosen.add(wire.source)
    return chosen


def _value_phase(
    order: Sequence[str], nodes: Mapping[str, PlannedNode], streams: set[str], targets: set[str]
) -> tuple[str, ...]:
    """Return the value nodes that are needed before the first tick, or by closing nodes."""
    wanted = {node for node in targets if nodes[node].is_value and node not in streams}
    for node in reversed(order):
        planned = nodes[node]
        at_once = node in wanted or (planned.flow == "closing" and planned.spec.kind == "value")
        if not at_once and node not in streams:
            continue
        for name, wire in planned.wires.items():
            if nodes[wire.source].is_value and (at_once or not planned.listens(name, wire.source in streams)):
                wanted.add(wire.source)
    return tuple(node for node in order if node in wanted)
