"""`@node`: turn a Python signature into a node. A wrong signature fails at import, naming node and parameter."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar, get_type_hints

from nodegraph.graph.signature import declaration_fault, read_inputs, read_outputs, result_type
from nodegraph.graph.spec import Kind, NodeSpec

__all__ = ["node", "spec_of"]

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "__nodegraph_spec__"
_ID = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+\Z")


def node(
    *,
    id: str,
    version: int = 1,
    name: str | None = None,
    category: str | None = None,
    output: bool = False,
    lift: bool = True,
    session: bool = False,
    hidden_state: bool = False,
) -> Callable[[F], F]:
    """Declare a node.

    Args:
        id: stable dotted name, such as "camera.fly"; it never changes.
        version: raise it when the output changes for equal input.
        name: title in the editor; without one it is made from the id.
        category: folder in the palette; without one the first part of the id.
        output: the node shows or saves something, so a run starts from it.
        lift: a value node fed by a stream is evaluated every tick; False refuses such a wire.
        session: a stateful node that holds a generator's session: while a run goes it is never made anew in silence.
        hidden_state: an async generator that remembers earlier ticks. Such a graph can only be replayed from its first
            tick; write a class with snapshot and restore to have it rewound.

    Raises:
        NodegraphError: "bad_declaration", where the signature cannot become ports.
    """

    def declare(target: F) -> F:
        spec = _read(target, node_id=id, version=version, name=name, category=category, output=output, lift=lift)
        if session or hidden_state:
            spec = _with_memory(spec, session=session, hidden_state=hidden_state)
        setattr(target, _ATTRIBUTE, spec)
        return target

    return declare


def spec_of(target: object) -> NodeSpec | None:
    """Return the spec of a function or class that carries `@node`, otherwise None."""
    spec = getattr(target, _ATTRIBUTE, None)
    return spec if isinstance(spec, NodeSpec) and spec.target is target else None


def _read(
    target: Callable[..., Any],
    *,
    node_id: str,
    version: int,
    name: str | None,
    category: str | None,
    output: bool,
    lift: bool,
) -> NodeSpec:
    if not _ID.match(node_id):
        raise declaration_fault(
            node_id, None, "its id must be dotted lower-case words", got=repr(node_id), expected="like camera.fly"
        )
    if version < 1:
        raise declaration_fault(node_id, None, "versions count from 1", got=str(version))
    function = _run_method(node_id, target) if inspect.isclass(target) else target
    hints = _hints(node_id, function)
    inputs, context_param, tick_param = read_inputs(node_id, function, hints)
    generator = inspect.isasyncgenfunction(function)
    consumes = tick_param is not None or any(port.mode == "stream" for port in inputs)
    if consumes and not generator and not inspect.iscoroutinefunction(function):
        raise declaration_fault(
            node_id, None, "a plain function cannot read a stream", remedy="Declare it with async def."
        )
    kind: Kind = "stateful" if inspect.isclass(target) else "stream" if generator or consumes else "value"
    result = result_type(node_id, hints.get("return"), generator)
    return NodeSpec(
        id=node_id,
        version=version,
        name=name or node_id.rpartition(".")[2].replace("_", " ").capitalize(),
        category=category or node_id.partition(".")[0],
        description=inspect.cleandoc(target.__doc__ or ""),
        kind=kind,
        output_node=output,
        lift=lift,
        pack=target.__module__.partition(".")[0],
        inputs=inputs,
        outputs=read_outputs(node_id, result, generator),
        target=target,
        result_type=result,
        fold=kind != "value" and not generator,
        asynchronous=generator or inspect.iscoroutinefunction(function),
        context_param=context_param,
        tick_param=tick_param,
    )


def _with_memory(spec: NodeSpec, *, session: bool, hidden_state: bool) -> NodeSpec:
    if session and spec.kind != "stateful":
        remedy = "Write it as a class with run, snapshot and restore."
        raise declaration_fault(spec.id, None, "only a stateful node can hold a session", remedy=remedy)
    if hidden_state and (spec.kind != "stream" or spec.fold):
        raise declaration_fault(spec.id, None, "only an async generator can have hidden state")
    return replace(spec, session=session, hidden_state=hidden_state)


def _run_method(node_id: str, target: type) -> Callable[..., Any]:
    missing = [part for part in ("run", "snapshot", "restore") if not callable(getattr(target, part, None))]
    if missing:
        raise declaration_fault(
            node_id, None, "a stateful node needs run, snapshot and restore", got=f"no {', '.join(missing)}"
        )
    run: Callable[..., Any] = target.run  # type: ignore[attr-defined]
    if not (inspect.isasyncgenfunction(run) or inspect.iscoroutinefunction(run)):
        raise declaration_fault(
            node_id, None, "its run must be an async generator", remedy="Write async def run and yield in it."
        )
    return run


def _hints(node_id: str, function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except Exception as error:
        remedy = "Import the names that its annotations use at the top of the module."
        raise declaration_fault(node_id, None, f"its annotations cannot be read: {error}", remedy=remedy) from error
