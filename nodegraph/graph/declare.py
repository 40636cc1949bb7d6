"""`@node`: turn a Python signature into a node. A wrong signature fails at import, naming node and parameter."""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from nodegraph.errors import NodegraphError
from nodegraph.graph.context import Context
from nodegraph.graph.spec import NO_DEFAULT, InputSpec, Kind, Live, Mode, NodeSpec, OutputSpec
from nodegraph.graph.types import JSON_TYPE, literal_fault, port_type, strip_optional
from nodegraph.graph.widgets import Json, Widget, default_widget, widget_fault

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
) -> Callable[[F], F]:
    """Declare a node.

    Args:
        id: stable dotted name, such as "camera.fly"; it never changes.
        version: raise it when the output changes for equal input.
        name: title in the editor; without one it is made from the id.
        category: folder in the palette; without one the first part of the id.
        output: the node shows or saves something, so a run starts from it.
        lift: a value node fed by a stream is evaluated every tick; False refuses such a wire.

    Raises:
        NodegraphError: "bad_declaration", where the signature cannot become ports.
    """

    def declare(target: F) -> F:
        spec = _read(target, node_id=id, version=version, name=name, category=category, output=output, lift=lift)
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
        raise _fault(
            node_id, None, "its id must be dotted lower-case words", got=repr(node_id), expected="like camera.fly"
        )
    if version < 1:
        raise _fault(node_id, None, "versions count from 1", got=str(version))
    function = _run_method(node_id, target) if inspect.isclass(target) else target
    hints = _hints(node_id, function)
    inputs, context_param, tick_param = _read_inputs(node_id, function, hints)
    generator = inspect.isasyncgenfunction(function)
    consumes = tick_param is not None or any(port.mode == "stream" for port in inputs)
    if consumes and not generator and not inspect.iscoroutinefunction(function):
        raise _fault(node_id, None, "a plain function cannot read a stream", remedy="Declare it with async def.")
    kind: Kind = "stateful" if inspect.isclass(target) else "stream" if generator or consumes else "value"
    result_type = _result_type(node_id, hints.get("return"), generator)
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
        outputs=_read_outputs(node_id, result_type, generator),
        target=target,
        result_type=result_type,
        fold=kind != "value" and not generator,
        asynchronous=generator or inspect.iscoroutinefunction(function),
        context_param=context_param,
        tick_param=tick_param,
    )


def _run_method(node_id: str, target: type) -> Callable[..., Any]:
    missing = [part for part in ("run", "snapshot", "restore") if not callable(getattr(target, part, None))]
    if missing:
        raise _fault(node_id, None, "a stateful node needs run, snapshot and restore", got=f"no {', '.join(missing)}")
    run: Callable[..., Any] = target.run  # type: ignore[attr-defined]
    if not (inspect.isasyncgenfunction(run) or inspect.iscoroutinefunction(run)):
        raise _fault(node_id, None, "its run must be an async generator", remedy="Write async def run and yield in it.")
    return run


def _hints(node_id: str, function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return get_type_hints(function, include_extras=True)
    except Exception as error:
        remedy = "Import the names that its annotations use at the top of the module."
        raise _fault(node_id, None, f"its annotations cannot be read: {error}", remedy=remedy) from error


def _read_inputs(
    node_id: str, function: Callable[..., Any], hints: dict[str, Any]
) -> tuple[tuple[InputSpec, ...], str | None, str | None]:
    ports: list[InputSpec] = []
    context_param: str | None = None
    tick_param: str | None = None
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self":
            continue
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise _fault(node_id, name, "ports are keyword-only", remedy="Put `*,` before the first parameter.")
        if name not in hints:
            raise _fault(node_id, name, "it has no annotation")
        if hints[name] is Context:
            context_param = name
        elif name == "tick" and hints[name] == AsyncIterator[int]:
            tick_param = name
        else:
            ports.append(_read_input(node_id, name, hints[name], parameter.default))
    return tuple(ports), context_param, tick_param


def _read_input(node_id: str, name: str, annotation: Any, default: Any) -> InputSpec:
    annotation, outer = _unwrap(annotation)
    mode: Mode = "fixed"
    inner: list[Any] = []
    deep: list[Any] = []
    try:
        annotation, optional = strip_optional(annotation)
        if get_origin(annotation) in (Live, AsyncIterator):
            mode = "live" if get_origin(annotation) is Live else "stream"
            annotation, inner = _unwrap(get_args(annotation)[0])
            annotation, none_inside = strip_optional(annotation)
            optional = optional or none_inside
        plain, deep = _unwrap(annotation)
        type_name = port_type(plain)
    except TypeError as error:
        raise _fault(node_id, name, f"its type cannot be a port: {error}", got=repr(annotation)) from error
    notes = [*outer, *inner, *deep]
    widget = next((note for note in notes if isinstance(note, Widget)), None)
    if isinstance(widget, Json):
        type_name = JSON_TYPE
    doc = next((note for note in notes if isinstance(note, str)), widget.doc if widget else "")
    if widget is None and mode != "stream":
        widget = default_widget(type_name)
    if default is inspect.Parameter.empty:
        default = NO_DEFAULT
    elif isinstance(default, Live):
        default = default.value
    port = InputSpec(name=name, type=type_name, mode=mode, default=default, optional=optional, doc=doc, widget=widget)
    _check_default(node_id, port)
    return port


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    if get_origin(annotation) is not Annotated:
        return annotation, []
    plain, *notes = get_args(annotation)
    return plain, notes


def _check_default(node_id: str, port: InputSpec) -> None:
    if port.required:
        return
    if port.default is None:
        if not port.optional and port.type != "*":
            raise _fault(node_id, port.name, "its default is None but its type is not optional", remedy="Add `| None`.")
        return
    expected = literal_fault(port.default, port.type)
    if expected is None and port.widget is not None and not (isinstance(port.default, str) and port.default == ""):
        expected = widget_fault(port.widget, port.default)
    if expected is not None:
        raise _fault(node_id, port.name, "its default is not allowed", got=repr(port.default), expected=expected)


def _result_type(node_id: str, annotation: Any, generator: bool) -> type[tuple[Any, ...]] | None:
    if generator:
        if get_origin(annotation) is not AsyncIterator:
            raise _fault(node_id, "return", "a stream returns AsyncIterator[...] of a NamedTuple", got=repr(annotation))
        annotation = get_args(annotation)[0]
    if annotation in (None, type(None)):
        return None
    if not (isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields")):
        raise _fault(node_id, "return", "its result must be a NamedTuple, or None", got=repr(annotation))
    return annotation


def _read_outputs(node_id: str, result_type: type[tuple[Any, ...]] | None, stream: bool) -> tuple[OutputSpec, ...]:
    if result_type is None:
        return ()
    ports = []
    for name, annotation in get_type_hints(result_type).items():
        try:
            type_name = port_type(strip_optional(annotation)[0])
        except TypeError as error:
            raise _fault(node_id, name, f"its type cannot be a port: {error}", got=repr(annotation)) from error
        ports.append(OutputSpec(name=name, type=type_name, stream=stream))
    return tuple(ports)


def _fault(
    node_id: str,
    parameter: str | None,
    reason: str,
    *,
    got: str | None = None,
    expected: str | None = None,
    remedy: str | None = None,
) -> NodegraphError:
    where = f"Node {node_id}" + (f", parameter {parameter}" if parameter else "")
    text = f"{where}: {reason}."
    return NodegraphError("bad_declaration", text, got=got, expected=expected, remedy=remedy, port=parameter)
