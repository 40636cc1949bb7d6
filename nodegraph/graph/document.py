"""The workflow document, read into plain records. Reading never fails: parts that are broken are left out here and
are named by the JSON Schema (`structure_problems`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

__all__ = ["Document", "Edge", "NodeEntry", "RunMode", "read_document"]

NodeMode = Literal["active", "muted", "bypassed"]
RunMode = Literal["live", "render"]
_MODES: dict[str, NodeMode] = {"active": "active", "muted": "muted", "bypassed": "bypassed"}


@dataclass(slots=True)
class NodeEntry:
    """One node as saved: `inputs` are the literals typed into its widgets."""

    id: str
    type: str
    version: int | None
    inputs: Mapping[str, Any]
    mode: NodeMode


@dataclass(slots=True)
class Edge:
    """One wire: output `output` of node `source` into input `input` of node `target`."""

    source: str
    output: str
    target: str
    input: str


@dataclass(slots=True)
class Document:
    """A workflow. `repeated_nodes` are ids used more than once; the first of each is in `nodes`."""

    id: str = ""
    name: str = ""
    mode: RunMode = "live"
    ticks: int | None = None
    nodes: dict[str, NodeEntry] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    repeated_nodes: list[str] = field(default_factory=list)


def read_document(data: Mapping[str, Any]) -> Document:
    """Read the parts of a document that are well formed."""
    run = _mapping(data.get("run"))
    ticks = run.get("ticks")
    document = Document(
        id=_text(data.get("id")),
        name=_text(data.get("name")),
        mode="render" if run.get("mode") == "render" else "live",
        ticks=ticks if isinstance(ticks, int) and not isinstance(ticks, bool) and ticks >= 0 else None,
    )
    for item in _items(data.get("nodes")):
        entry = _read_node(item)
        if entry is None:
            continue
        if entry.id in document.nodes:
            document.repeated_nodes.append(entry.id)
        else:
            document.nodes[entry.id] = entry
    document.edges = [edge for item in _items(data.get("edges")) if (edge := _read_edge(item)) is not None]
    return document


def _read_node(item: Any) -> NodeEntry | None:
    if not isinstance(item, Mapping):
        return None
    node_id, type_name, inputs, version = item.get("id"), item.get("type"), item.get("inputs"), item.get("version")
    if not (isinstance(node_id, str) and node_id and isinstance(type_name, str) and type_name):
        return None
    mode = item.get("mode", "active")
    return NodeEntry(
        node_id,
        type_name,
        version if isinstance(version, int) else None,
        inputs if isinstance(inputs, Mapping) else {},
        _MODES.get(mode, "active") if isinstance(mode, str) else "active",
    )


def _read_edge(item: Any) -> Edge | None:
    if not isinstance(item, Mapping):
        return None
    source, target = item.get("from"), item.get("to")
    if _is_end(source) and _is_end(target):
        return Edge(source[0], source[1], target[0], target[1])
    return None


def _is_end(end: Any) -> TypeGuard[Sequence[str]]:
    return isinstance(end, (list, tuple)) and len(end) == 2 and isinstance(end[0], str) and isinstance(end[1], str)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
