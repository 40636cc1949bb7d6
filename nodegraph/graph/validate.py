"""Find every mistake in a workflow before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from nodegraph.errors import NodegraphError
from nodegraph.graph.document import Document, read_document
from nodegraph.graph.flow import Flow, flow_problems, flows
from nodegraph.graph.literals import input_problems
from nodegraph.graph.migrate import migrate_document
from nodegraph.graph.order import ancestors, find_cycles, topological_order
from nodegraph.graph.problem import Problem
from nodegraph.graph.registry import Registry
from nodegraph.graph.schema import structure_problems
from nodegraph.graph.subgraphs import flatten
from nodegraph.graph.wiring import Wiring, wire_up

__all__ = ["Analysis", "analyse", "output_nodes", "parse_document", "require_targets", "validate"]


class Analysis(NamedTuple):
    """What is known of some nodes of a workflow. `order` is topological where there is no "cycle" among `problems`."""

    order: list[str]
    flow: dict[str, Flow]
    problems: list[Problem]


def parse_document(data: Any) -> Document:
    """Bring a workflow up to the newest schema and read it.

    Raises:
        UserInputError: "bad_document" or "newer_schema". Only the version is checked; `validate` finds the rest.
    """
    return read_document(migrate_document(data))


def validate(data: Any, registry: Registry, targets: Collection[str] = ()) -> list[Problem]:
    """List every problem of a workflow, of all nodes or only of `targets` and what they need. Never raises."""
    try:
        document = migrate_document(data)
    except NodegraphError as error:
        return [Problem(**error.as_dict())]
    try:
        structure = structure_problems(document)
    except RecursionError:
        return [_too_deep()]
    flat = flatten(document)
    read = read_document(flat.document)
    wiring = wire_up(read, registry)
    needed = set(read.nodes)
    missing = [target for target in targets if target not in read.nodes]
    if targets:
        needed = ancestors((target for target in targets if target in read.nodes), wiring.sources())
    problems = [*structure, *flat.problems, *map(_no_target, missing), *analyse(read, wiring, needed).problems]
    if not targets and not output_nodes(wiring) and not wiring.unresolved:
        problems.append(_no_outputs())
    return problems


def analyse(document: Document, wiring: Wiring, needed: Collection[str]) -> Analysis:
    """Order the nodes in `needed`, follow their values through time and list their problems."""
    problems = [problem for problem in wiring.problems if problem.node is None or problem.node in needed]
    nodes = [node for node in wiring.specs if node in needed]
    sources = wiring.sources()
    order = topological_order(nodes, sources)
    if len(order) < len(nodes):
        problems += [_cycle(cycle) for cycle in find_cycles(nodes, sources)]
        placed = set(order)
        order += [node for node in nodes if node not in placed]
    flow = flows(order, wiring)
    problems += flow_problems(order, wiring, flow)
    for node in nodes:
        problems += input_problems(document.nodes[node], wiring.specs[node], wiring.wires[node])
    return Analysis(order, flow, problems)


def output_nodes(wiring: Wiring) -> list[str]:
    """Return the nodes that show or save something: a run starts from them."""
    return [node for node, spec in wiring.specs.items() if spec.output_node]


def require_targets(targets: Sequence[str], wiring: Wiring) -> tuple[list[str], list[Problem]]:
    """Return the nodes to run for, and the problems of those that cannot be run for."""
    found = [target for target in targets if target in wiring.specs] if targets else output_nodes(wiring)
    problems = [_no_target(target) for target in targets if target not in wiring.specs]
    if not found and not problems:
        problems.append(_no_outputs())
    return found, problems


def _cycle(nodes: Sequence[str]) -> Problem:
    path = " -> ".join([*nodes, nodes[0]])
    return Problem(
        code="cycle",
        message=f"These nodes form a loop: {path}.",
        node=nodes[0],
        got=path,
        expected="wires that lead from sources to outputs",
        remedy="Remove one of the wires on the loop.",
    )


def _no_target(target: str) -> Problem:
    return Problem(
        code="not_found",
        message=f"Node {target} cannot be run: it does not exist, or it is muted or bypassed.",
        got=target,
        remedy="Name an active node of the workflow.",
    )


def _no_outputs() -> Problem:
    return Problem(
        code="no_outputs",
        message="The workflow has no active node that shows or saves anything.",
        remedy="Add a node such as Preview or Save video and wire it.",
    )


def _too_deep() -> Problem:
    return Problem(
        code="too_large",
        message="The workflow is nested too deeply to be read.",
        remedy="Open a file that nodegraph saved.",
    )
