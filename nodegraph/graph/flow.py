"""How values move through the graph in time, and whether every wire may do what it is asked.

A node's outputs are one of four:
- "value": made once;
- "variable": a value that follows controls, because an unwired `Live` input of a value node stands before it;
- "stream": one item a tick;
- "closing": made once, after the streams that its node consumed have ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from nodegraph.graph.problem import Problem
from nodegraph.graph.spec import InputSpec, NodeSpec
from nodegraph.graph.types import ANY, fits
from nodegraph.graph.wiring import Wire, Wiring

__all__ = ["Flow", "flow_problems", "flows"]

Flow = Literal["value", "variable", "stream", "closing"]


def flows(order: Iterable[str], wiring: Wiring) -> dict[str, Flow]:
    """Return how the outputs of each node move; `order` is topological."""
    result: dict[str, Flow] = {}
    for node in order:
        result[node] = _flow(wiring.specs[node], wiring.wires[node], result)
    return result


def flow_problems(order: Iterable[str], wiring: Wiring, flow: Mapping[str, Flow]) -> list[Problem]:
    """Check type and timing of every wire; `order` is topological, so that "*" takes on what is wired into it."""
    problems: list[Problem] = []
    carried: dict[str, str] = {}
    for node in order:
        spec, wires = wiring.specs[node], wiring.wires[node]
        for name, wire in wires.items():
            port, source = spec.input(name), wiring.specs.get(wire.source)
            if port is None or source is None:
                continue
            type_name = _carried(source, wire, carried)
            if not fits(type_name, port.type):
                problems.append(_wrong_type(node, port, wire, source, type_name))
            else:
                problem = _timing(node, spec, port, wire, flow)
                if problem is not None:
                    problems.append(problem)
            if port.type == ANY:
                carried.setdefault(node, type_name)
        if spec.kind == "value" and {"closing", "stream"} <= {flow.get(wire.source) for wire in wires.values()}:
            problems.append(_mixed(node))
    return problems


def _flow(spec: NodeSpec, wires: Mapping[str, Wire], known: Mapping[str, Flow]) -> Flow:
    if spec.kind != "value":
        return "closing" if spec.fold else "stream"
    entering = {known.get(wire.source, "value") for wire in wires.values()}
    if "closing" in entering:
        return "closing"
    if not spec.lift:
        return "value"
    if "stream" in entering:
        return "stream"
    follows = any(port.mode == "live" and port.name not in wires for port in spec.inputs)
    return "variable" if follows or "variable" in entering else "value"


def _carried(source: NodeSpec, wire: Wire, carried: Mapping[str, str]) -> str:
    declared = source.outputs[wire.slot].type
    return carried.get(wire.source, ANY) if declared == ANY else declared


def _timing(node: str, spec: NodeSpec, port: InputSpec, wire: Wire, flow: Mapping[str, Flow]) -> Problem | None:
    arriving = flow.get(wire.source)
    if arriving == "closing" and spec.kind != "value":
        return _refused(
            node,
            port,
            f"waits for the end of the streams that node {wire.source} reads, but node {node} takes part in them",
            "Wire it into a node that runs once, or remove the wire.",
        )
    if arriving == "stream" and port.mode == "fixed":
        if spec.kind != "value":
            return _refused(
                node,
                port,
                f"is fixed for the whole run, but node {wire.source} sends a new item every tick",
                "Wire a node that makes one value, such as a number or a prompt.",
            )
        if not spec.lift:
            return _refused(
                node,
                port,
                f"takes one value, but node {wire.source} sends one every tick and {spec.id} does not run every tick",
                "Wire a node that makes one value.",
            )
    return None


def _refused(node: str, port: InputSpec, reason: str, remedy: str) -> Problem:
    text = f"Input {port.name} of node {node} {reason}."
    return Problem(code="type_mismatch", message=text, node=node, port=port.name, remedy=remedy)


def _wrong_type(node: str, port: InputSpec, wire: Wire, source: NodeSpec, got: str) -> Problem:
    output = source.outputs[wire.slot].name
    return Problem(
        code="type_mismatch",
        message=f"Output {output} of node {wire.source} does not fit input {port.name} of node {node}.",
        node=node,
        port=port.name,
        got=got,
        expected=port.type,
        remedy=f"Wire an output of type {port.type}.",
    )


def _mixed(node: str) -> Problem:
    return Problem(
        code="type_mismatch",
        message=f"Node {node} mixes a stream with a result that exists only after the streams have ended.",
        node=node,
        remedy="Give the two wires to two nodes.",
    )
