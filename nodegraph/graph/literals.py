"""Values written into widgets or sent as controls: checked against the port, and completed with defaults."""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from nodegraph.graph.document import NodeEntry
from nodegraph.graph.problem import Problem
from nodegraph.graph.spec import InputSpec, NodeSpec
from nodegraph.graph.types import literal_fault
from nodegraph.graph.widgets import File, Seed, widget_fault

__all__ = ["coerced", "filled", "input_problems", "is_seed", "value_problem"]


def value_problem(value: Any, port: InputSpec, node: str) -> Problem | None:
    """Check one value for an input that has no wire; None where it is right."""
    if value is None and (port.optional or port.default is None):
        return None
    if value == "" and port.default == "":
        return None  # "no file" and the like, where the node allows it by its default
    if not port.takes_literal:
        return Problem(
            code="type_mismatch",
            message=f"Input {port.name} of node {node} only takes a wire.",
            node=node,
            port=port.name,
            got=reprlib.repr(value),
            expected=f"a wire that carries {port.type}",
            remedy="Remove the value and wire the input.",
        )
    expected = literal_fault(value, port.type)
    if expected is not None:
        return Problem(
            code="type_mismatch",
            message=f"Input {port.name} of node {node} has a value of the wrong type.",
            node=node,
            port=port.name,
            got=reprlib.repr(value),
            expected=expected,
            remedy=f"Set {port.name} to {expected}.",
        )
    expected = widget_fault(port.widget, value) if port.widget is not None else None
    if expected is not None:
        return Problem(
            code="out_of_range",
            message=f"Input {port.name} of node {node} has a value that is not allowed.",
            node=node,
            port=port.name,
            got=reprlib.repr(value),
            expected=expected,
            remedy=f"Set {port.name} to {expected}.",
        )
    return None


def input_problems(entry: NodeEntry, spec: NodeSpec, wired: Collection[str]) -> Iterator[Problem]:
    """Find unknown input names, wrong values and missing inputs of one node; wired inputs need no value."""
    for name, value in entry.inputs.items():
        if name in wired:
            continue
        port = spec.input(name)
        if port is None:
            yield _unknown_input(entry, spec, name)
            continue
        if port.required and _is_missing(entry, port):
            continue  # an empty widget: reported below
        problem = value_problem(value, port, entry.id)
        if problem is not None:
            yield problem
    for port in spec.inputs:
        if port.name in wired:
            continue
        if port.required and _is_missing(entry, port):
            yield _no_file(entry, spec, port) if isinstance(port.widget, File) else _missing(entry, spec, port)


def filled(entry: NodeEntry, spec: NodeSpec, wired: Collection[str]) -> dict[str, Any]:
    """Return the value of every input without a wire: as written, or the default; whole numbers for FLOAT as float."""
    given: Mapping[str, Any] = entry.inputs
    result: dict[str, Any] = {}
    for port in spec.inputs:
        if port.name in wired:
            continue
        result[port.name] = coerced(given.get(port.name, port.default), port)
    return result


def coerced(value: Any, port: InputSpec) -> Any:
    """Return a checked value as the node expects it: a whole number for a FLOAT input becomes a float."""
    return float(value) if port.type == "FLOAT" and type(value) is int else value


def is_seed(port: InputSpec) -> bool:
    """Say whether a run's own seed replaces the value of this input."""
    return isinstance(port.widget, Seed)


def _is_missing(entry: NodeEntry, port: InputSpec) -> bool:
    value = entry.inputs.get(port.name)
    if port.name not in entry.inputs or (value is None and not port.optional):
        return True
    return value == "" and isinstance(port.widget, File)


def _unknown_input(entry: NodeEntry, spec: NodeSpec, name: str) -> Problem:
    return Problem(
        code="unknown_port",
        message=f"Node {entry.id} ({spec.id}) has no input named {name}.",
        node=entry.id,
        port=name,
        got=name,
        expected=", ".join(port.name for port in spec.inputs) or "no inputs",
        remedy="Remove the value.",
    )


def _no_file(entry: NodeEntry, spec: NodeSpec, port: InputSpec) -> Problem:
    return Problem(
        code="missing_input",
        message=f"No file is chosen in input {port.name} of node {entry.id} ({spec.name}).",
        node=entry.id,
        port=port.name,
        expected="the name of an uploaded file",
        remedy="Choose or upload a file.",
    )


def _missing(entry: NodeEntry, spec: NodeSpec, port: InputSpec) -> Problem:
    remedy = f"Wire {port.name} to an output of type {port.type}"
    return Problem(
        code="missing_input",
        message=f"Input {port.name} of node {entry.id} ({spec.name}) has neither a wire nor a value.",
        node=entry.id,
        port=port.name,
        expected=f"{port.type}",
        remedy=remedy + (", or type a value." if port.takes_literal else "."),
    )
