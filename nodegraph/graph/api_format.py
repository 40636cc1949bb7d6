"""ComfyUI's API format and our document, one from the other.

API format: `{id: {"class_type", "inputs": {name: literal | [id, output number] | {"__value__": [...]}}, "_meta"}}`.
It has no muted or bypassed nodes and no positions: `to_api` leaves them out, `from_api` lays the nodes out in columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nodegraph.errors import UserInputError
from nodegraph.graph.document import read_document
from nodegraph.graph.migrate import migrate_document
from nodegraph.graph.order import topological_order
from nodegraph.graph.registry import Registry
from nodegraph.graph.schema import SCHEMA_VERSION
from nodegraph.graph.subgraphs import flatten
from nodegraph.graph.wiring import wire_up

__all__ = ["from_api", "to_api"]

_COLUMN_PX = 320
_ROW_PX = 260


def from_api(prompt: Any, registry: Registry) -> dict[str, Any]:
    """Make a workflow document of an API-format prompt. Wires to outputs that do not exist are kept for `validate`.

    Raises:
        UserInputError: "bad_document" where it is not a prompt at all.
    """
    if not isinstance(prompt, Mapping) or not prompt:
        raise _malformed("The prompt is empty or not an object.", None)
    nodes: list[dict[str, Any]] = []
    edges: list[dict[str, Any]] = []
    for node, item in prompt.items():
        if not isinstance(item, Mapping) or not isinstance(item.get("class_type"), str):
            raise _malformed(f"Node {node} of the prompt has no class_type.", node)
        inputs = item.get("inputs", {})
        if not isinstance(inputs, Mapping):
            raise _malformed(f"The inputs of node {node} of the prompt are not an object.", node)
        literals: dict[str, Any] = {}
        for name, value in inputs.items():
            if _is_link(value):
                output = _output_name(prompt, value, registry)
                edges.append({"from": [str(value[0]), output], "to": [node, name]})
            else:
                literals[name] = _unwrapped(value)
        nodes.append(_entry(node, item, literals, registry))
    _lay_out(nodes, edges)
    return {
        "schema": SCHEMA_VERSION,
        "id": "",
        "name": "",
        "nodes": nodes,
        "edges": edges,
        "run": {"mode": "render", "ticks": None},
    }


def to_api(document: Any, registry: Registry) -> dict[str, Any]:
    """Make an API-format prompt of a workflow; nodes of unknown type and wires that lead nowhere are left out,
    subgraphs are replaced by what is inside them.

    Raises:
        UserInputError: "bad_document" or "newer_schema".
    """
    document = flatten(migrate_document(document)).document
    read = read_document(document)
    wiring = wire_up(read, registry)
    titles = {item.get("id"): item.get("title") for item in document.get("nodes", ()) if isinstance(item, Mapping)}
    prompt: dict[str, Any] = {}
    for node, spec in wiring.specs.items():
        wires = {name: wire for name, wire in wiring.wires[node].items() if wire.source in wiring.specs}
        given = read.nodes[node].inputs
        inputs: dict[str, Any] = {
            name: {"__value__": value} if isinstance(value, list) else value
            for name, value in given.items()
            if name not in wires
        }
        inputs |= {name: [wire.source, wire.slot] for name, wire in wires.items()}
        prompt[node] = {
            "class_type": spec.id,
            "inputs": inputs,
            "_meta": {"title": titles.get(node) or spec.name},
        }
    return prompt


def _entry(node: str, item: Mapping[str, Any], literals: dict[str, Any], registry: Registry) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": node, "type": item["class_type"], "inputs": literals}
    spec = registry.get(item["class_type"])
    if spec is not None:
        entry["version"] = spec.version
    meta = item.get("_meta")
    title = meta.get("title") if isinstance(meta, Mapping) else None
    if isinstance(title, str) and (spec is None or title != spec.name):
        entry["title"] = title
    return entry


def _is_link(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], (str, int))
        and not isinstance(value[0], bool)
        and isinstance(value[1], int)
        and not isinstance(value[1], bool)
        and (isinstance(value[0], str) or value[0] >= 0)
    )


def _output_name(prompt: Mapping[str, Any], link: list[Any], registry: Registry) -> str:
    source = prompt.get(str(link[0]))
    class_type = source.get("class_type") if isinstance(source, Mapping) else None
    spec = registry.get(class_type) if isinstance(class_type, str) else None
    slot: int = link[1]
    if spec is not None and 0 <= slot < len(spec.outputs):
        return spec.outputs[slot].name
    return str(slot)


def _unwrapped(value: Any) -> Any:
    return value["__value__"] if isinstance(value, Mapping) and set(value) == {"__value__"} else value


def _lay_out(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> None:
    """Place each node in the column right of all that it needs, below the node that came before it."""
    sources: dict[str, set[str]] = {}
    for edge in edges:
        sources.setdefault(edge["to"][0], set()).add(edge["from"][0])
    column: dict[str, int] = {}
    for node in topological_order([item["id"] for item in nodes], sources):
        column[node] = 1 + max((column.get(source, -1) for source in sources.get(node, ())), default=-1)
    rows: dict[int, int] = {}
    for item in nodes:
        x = column.get(item["id"], 0)
        item["pos"] = [x * _COLUMN_PX, rows.get(x, 0) * _ROW_PX]
        rows[x] = rows.get(x, 0) + 1


def _malformed(message: str, node: str | None) -> UserInputError:
    remedy = "Export the workflow again with Save (API format)."
    return UserInputError("bad_document", message, expected="ComfyUI's API format", remedy=remedy, node=node)
