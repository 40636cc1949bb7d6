"""From parameters and results to ports: the part of `@node` that reads a signature."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from nodegraph.errors import NodegraphError
from nodegraph.graph.context import Context
from nodegraph.graph.spec import NO_DEFAULT, InputSpec, Live, Mode, OutputSpec
from nodegraph.graph.types import JSON_TYPE, literal_fault, port_type, strip_optional
from nodegraph.graph.widgets import Hidden, Json, Widget, default_widget, widget_fault

__all__ = ["declaration_fault", "read_inputs", "read_outputs", "result_type"]


def read_inputs(
    node_id: str, function: Callable[..., Any], hints: dict[str, Any]
) -> tuple[tuple[InputSpec, ...], str | None, str | None]:
    """Return the input ports and the names of the context and the tick parameter."""
    ports: list[InputSpec] = []
    context_param: str | None = None
    tick_param: str | None = None
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self":
            continue
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise declaration_fault(
                node_id, name, "ports are keyword-only", remedy="Put `*,` before the first parameter."
            )
        if name not in hints:
            raise declaration_fault(node_id, name, "it has no annotation")
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
        raise declaration_fault(node_id, name, f"its type cannot be a port: {error}", got=repr(annotation)) from error
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
    port = InputSpec(
        name=name, type=type_name, mode=mode, default=default, optional=optional, doc=doc, widget=widget,
        hidden=any(isinstance(note, Hidden) for note in notes),
    )  # fmt: skip
    _check_default(node_id, port)
    return port


def _unwrap(annotation: Any) -> tuple[Any, list[Any]]:
    if get_origin(annotation) is not Annotated:
        return annotation, []
    plain, *notes = get_args(annotation)
    return plain, notes


def _check_default(node_id: str, port: InputSpec) -> None:
    if port.required and port.hidden:
        raise declaration_fault(node_id, port.name, "a hidden input needs a default: nobody can give it a value")
    if port.required:
        return
    if port.default is None:
        if not port.optional and port.type != "*":
            raise declaration_fault(
                node_id, port.name, "its default is None but its type is not optional", remedy="Add `| None`."
            )
        return
    expected = literal_fault(port.default, port.type)
    if expected is None and port.widget is not None and not (isinstance(port.default, str) and port.default == ""):
        expected = widget_fault(port.widget, port.default)
    if expected is not None:
        raise declaration_fault(
            node_id, port.name, "its default is not allowed", got=repr(port.default), expected=expected
        )


def result_type(node_id: str, annotation: Any, generator: bool) -> type[tuple[Any, ...]] | None:
    """Return the NamedTuple that a node hands out, or None for a node without outputs."""
    if generator:
        if get_origin(annotation) is not AsyncIterator:
            raise declaration_fault(
                node_id, "return", "a stream returns AsyncIterator[...] of a NamedTuple", got=repr(annotation)
            )
        annotation = get_args(annotation)[0]
    if annotation in (None, type(None)):
        return None
    if not (isinstance(annotation, type) and issubclass(annotation, tuple) and hasattr(annotation, "_fields")):
        raise declaration_fault(node_id, "return", "its result must be a NamedTuple, or None", got=repr(annotation))
    return annotation


def read_outputs(node_id: str, result_type: type[tuple[Any, ...]] | None, stream: bool) -> tuple[OutputSpec, ...]:
    """Return the output ports: the fields of the NamedTuple."""
    if result_type is None:
        return ()
    ports = []
    for name, annotation in get_type_hints(result_type).items():
        try:
            type_name = port_type(strip_optional(annotation)[0])
        except TypeError as error:
            raise declaration_fault(
                node_id, name, f"its type cannot be a port: {error}", got=repr(annotation)
            ) from error
        ports.append(OutputSpec(name=name, type=type_name, stream=stream))
    return tuple(ports)


def declaration_fault(
    node_id: str,
    parameter: str | None,
    reason: str,
    *,
    got: str | None = None,
    expected: str | None = None,
    remedy: str | None = None,
) -> NodegraphError:
    """Return the "bad_declaration" to raise; `reason` completes the sentence that names node and parameter."""
    where = f"Node {node_id}" + (f", parameter {parameter}" if parameter else "")
    text = f"{where}: {reason}."
    return NodegraphError("bad_declaration", text, got=got, expected=expected, remedy=remedy, port=parameter)
