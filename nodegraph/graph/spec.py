"""The declared shape of a node: data only, read by the planner, the validator and the editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from nodegraph.graph.types import LITERAL_TYPES
from nodegraph.graph.widgets import Widget, widget_schema

__all__ = ["NO_DEFAULT", "InputSpec", "Kind", "Live", "Mode", "NodeSpec", "OutputSpec"]

T = TypeVar("T")
Kind = Literal["value", "stream", "stateful"]
Mode = Literal["fixed", "live", "stream"]


class Live(Generic[T]):
    """An input whose value may change between ticks: read `.value` at each tick.

    As a default it carries the starting value: `speed: Live[float] = Live(1.0)`.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Live({self.value!r})"


class _NoDefault:
    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT = _NoDefault()


@dataclass(frozen=True, kw_only=True)
class InputSpec:
    """One input port. `optional` inputs take None; `hidden` ones are for programs, the editor does not show them."""

    name: str
    type: str
    mode: Mode
    default: Any = NO_DEFAULT
    optional: bool = False
    doc: str = ""
    widget: Widget | None = None
    hidden: bool = False

    @property
    def required(self) -> bool:
        """True where the input needs a wire or a value of its own."""
        return self.default is NO_DEFAULT

    @property
    def takes_literal(self) -> bool:
        """True where a value may be written into the document; the others only take wires."""
        return self.widget is not None or (self.mode != "stream" and self.type in LITERAL_TYPES)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form that the editor builds ports and widgets from."""
        return {
            "name": self.name,
            "type": self.type,
            "mode": self.mode,
            "required": self.required,
            "default": None if self.required else self.default,
            "doc": self.doc,
            "widget": widget_schema(self.widget, self.type) if self.widget else None,
            "hidden": self.hidden,
        }


@dataclass(frozen=True, kw_only=True)
class OutputSpec:
    """One output port: a field of the node's NamedTuple. `stream` = one item a tick."""

    name: str
    type: str
    stream: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form that the editor builds the port from."""
        return {"name": self.name, "type": self.type, "stream": self.stream}


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeSpec:
    """A node type as its signature declares it.

    Attributes:
        target: the function, or the class of a stateful node (one instance per run).
        result_type: the NamedTuple that the node returns or yields; None for a node without outputs.
        fold: it consumes streams and returns once, after their end (a file writer, for example).
        asynchronous: `async def`; the others are plain functions.
        context_param, tick_param: names of the parameters that the engine fills and that are never ports.
        session: it holds a generator's session: an edit that changes what that was made from takes another run.
        hidden_state: a generator that remembers earlier ticks where no snapshot reaches.
    """

    id: str
    version: int
    name: str
    category: str
    description: str
    kind: Kind
    output_node: bool
    lift: bool
    pack: str
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    target: Callable[..., Any]
    result_type: type[tuple[Any, ...]] | None
    fold: bool
    asynchronous: bool
    context_param: str | None
    tick_param: str | None
    session: bool = False
    hidden_state: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inputs", {port.name: port for port in self.inputs})
        object.__setattr__(self, "_outputs", {port.name: i for i, port in enumerate(self.outputs)})

    def input(self, name: str) -> InputSpec | None:
        """Return the input port of this name, or None."""
        found: dict[str, InputSpec] = self.__dict__["_inputs"]
        return found.get(name)

    def output_slot(self, name: str) -> int | None:
        """Return the position of the output of this name, or None."""
        found: dict[str, int] = self.__dict__["_outputs"]
        return found.get(name)

    def as_dict(self) -> dict[str, Any]:
        """Return the node's entry in GET /api/nodes."""
        return {
            "id": self.id,
            "version": self.version,
            "name": self.name,
            "category": self.category,
            "description": self.description,
            "kind": self.kind,
            "output_node": self.output_node,
            "pack": self.pack,
            "inputs": [port.as_dict() for port in self.inputs],
            "outputs": [port.as_dict() for port in self.outputs],
        }
