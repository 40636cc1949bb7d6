"""What clients hand in becomes a checked document, or a refusal that names every problem: data in, data out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from nodegraph.errors import UserInputError
from nodegraph.graph import (
    Document,
    InvalidWorkflow,
    Problem,
    Registry,
    flatten,
    from_api,
    migrate_document,
    read_document,
    validate,
)
from nodegraph.server.answers import comfy_error
from nodegraph.server.config import Limits

COMFY_TYPES = {
    "bad_document": "invalid_prompt",
    "cycle": "dependency_cycle",
    "missing_input": "required_input_missing",
    "no_outputs": "prompt_no_outputs",
    "type_mismatch": "return_type_mismatch",
    "unknown_node": "missing_node_type",
    "unknown_port": "bad_linked_input",
}
"""ComfyUI's error types by our codes; the others keep their own."""


INLINE_NODES = 50
"""Checking so many nodes takes about a millisecond, less than handing them to a thread and back under load."""

P = ParamSpec("P")
T = TypeVar("T")


class PromptRefused(Exception):  # noqa: N818, an answer rather than a fault
    """A prompt that cannot run at all; `body` is ComfyUI's answer."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__(body["error"]["message"])
        self.body = body


@dataclass(frozen=True, kw_only=True)
class CheckedPrompt:
    """A prompt of which at least one output can run: `outputs` are those, `node_errors` tell about the others."""

    document: dict[str, Any]
    outputs: tuple[str, ...]
    node_errors: dict[str, Any]


async def checked(graph: Any, check: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return `check(...)`: at once for a small graph, from a thread for one that would hold up the event loop."""
    nodes = graph.get("nodes", graph) if isinstance(graph, dict) else ()
    if isinstance(nodes, (list, dict)) and len(nodes) > INLINE_NODES:
        return await asyncio.to_thread(check, *args, **kwargs)
    return check(*args, **kwargs)


def check_document(value: Any, registry: Registry, limits: Limits) -> dict[str, Any]:
    """Return a workflow of which every output can run, in the newest schema; half-wired nodes on the side are allowed.

    Raises:
        UserInputError: too_large, or what `migrate_document` raises.
        InvalidWorkflow: it has problems; they are all listed.
    """
    check_size(value, limits)
    document = migrate_document(value)
    active = _outputs(read_document(flatten(document).document), registry)
    problems = validate(document, registry, active)
    if problems:
        raise InvalidWorkflow(problems)
    return document


def check_size(value: Any, limits: Limits) -> None:
    """Refuse a graph with too many nodes or wires.

    Raises:
        UserInputError: too_large.
    """
    nodes = value.get("nodes") if isinstance(value, dict) else None
    edges = value.get("edges") if isinstance(value, dict) else None
    for name, items, most in (("nodes", nodes, limits.graph_nodes), ("wires", edges, 8 * limits.graph_nodes)):
        if isinstance(items, (list, dict)) and len(items) > most:
            raise UserInputError(
                "too_large", f"The workflow has too many {name}", got=str(len(items)), expected=f"at most {most}"
            )


def check_prompt(prompt: Any, targets: Iterable[str] | None, registry: Registry, limits: Limits) -> CheckedPrompt:
    """Turn an API-format prompt into a document and find which of its outputs can run.

    Args:
        prompt: the body's "prompt".
        targets: output nodes wished for (partial execution); None = all.
        registry: node types.
        limits: the most nodes.

    Raises:
        PromptRefused: no output can run.
        UserInputError: too_large.
    """
    if isinstance(prompt, Mapping) and len(prompt) > limits.graph_nodes:
        raise UserInputError("too_large", "The prompt has too many nodes", got=str(len(prompt)))
    if not isinstance(prompt, Mapping):
        raise PromptRefused(
            {"error": comfy_error("no_prompt", "No prompt provided", "No prompt provided"), "node_errors": {}}
        )
    try:
        document = from_api(prompt, registry)
    except UserInputError as error:
        refusal = comfy_error("invalid_prompt", error.message, error.remedy or "", {"node_id": error.node})
        raise PromptRefused({"error": refusal, "node_errors": {}}) from error
    read = read_document(document)
    wished = None if targets is None else set(targets)
    outputs = [node for node in _outputs(read, registry) if wished is None or node in wished]
    problems = validate(document, registry)
    blamed = [problem for problem in problems if problem.node is not None]
    if len(blamed) < len(problems) or not outputs:
        raise PromptRefused(_whole_refusal([problem for problem in problems if problem.node is None]))
    affected = downstream(read, {problem.node for problem in blamed if problem.node is not None})
    good = tuple(node for node in outputs if node not in affected)
    errors = node_errors(blamed, read, registry, set(outputs))
    if not good:
        raise PromptRefused({"error": _failed(blamed), "node_errors": errors})
    return CheckedPrompt(document=document, outputs=good, node_errors=errors)


def downstream(document: Document, nodes: Iterable[str]) -> set[str]:
    """Return `nodes` and everything that needs one of them."""
    targets: dict[str, list[str]] = {}
    for edge in document.edges:
        targets.setdefault(edge.source, []).append(edge.target)
    found, todo = set(nodes), list(nodes)
    while todo:
        for target in targets.get(todo.pop(), ()):
            if target not in found:
                found.add(target)
                todo.append(target)
    return found


def node_errors(
    problems: Iterable[Problem], document: Document, registry: Registry, outputs: set[str]
) -> dict[str, Any]:
    """Return ComfyUI's errors by node."""
    result: dict[str, Any] = {}
    for problem in problems:
        if problem.node is None:
            continue
        entry = document.nodes.get(problem.node)
        if problem.node not in result:
            result[problem.node] = {
                "errors": [],
                "dependent_outputs": sorted(downstream(document, [problem.node]) & outputs),
                "class_type": entry.type if entry else "",
            }
        received = entry.inputs.get(problem.port) if entry and problem.port else None
        extra = {"input_name": problem.port, "received_value": received, "error": problem.as_dict()}
        details = "; ".join(part for part in (problem.got and f"got {problem.got}", problem.remedy) if part)
        kind = _comfy_type(problem, received, registry, entry.type if entry else "")
        result[problem.node]["errors"].append(comfy_error(kind, problem.message, details, extra))
    return result


def _comfy_type(problem: Problem, received: Any, registry: Registry, node_type: str) -> str:
    if problem.code == "type_mismatch" and received is not None:  # a value typed in, not a wire
        return "invalid_input_type"
    if problem.code != "out_of_range":
        return COMFY_TYPES.get(problem.code, problem.code)
    spec = registry.get(node_type)
    port = spec.input(problem.port) if spec and problem.port else None
    low = getattr(port.widget, "ge", None) if port else None
    if not isinstance(received, (int, float)):
        return "value_not_in_list"
    return "value_smaller_than_min" if low is not None and received < low else "value_bigger_than_max"


def _outputs(document: Document, registry: Registry) -> list[str]:
    return [
        node
        for node, entry in document.nodes.items()
        if entry.mode == "active" and (spec := registry.get(entry.type)) is not None and spec.output_node
    ]


def _failed(problems: list[Problem]) -> dict[str, Any]:
    unknown = next((problem for problem in problems if problem.code == "unknown_node"), None)
    if unknown is not None:
        return comfy_error("missing_node_type", unknown.message, unknown.remedy or "", {"node_id": unknown.node})
    details = "\n".join(f"- {problem.message}" for problem in problems)
    return comfy_error("prompt_outputs_failed_validation", "Prompt outputs failed validation", details)


def _whole_refusal(problems: list[Problem]) -> dict[str, Any]:
    if not problems:
        error = comfy_error("prompt_no_outputs", "Prompt has no outputs", "Add a node that shows or saves something")
    else:
        first = problems[0]
        error = comfy_error(COMFY_TYPES.get(first.code, first.code), first.message, first.remedy or "")
    return {"error": error, "node_errors": {}}
