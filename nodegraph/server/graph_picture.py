"""A workflow as a drawing and as an outline, in HTML that needs no script and no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

__all__ = ["graph_outline", "graph_svg", "node_title"]

NODE_WIDTH = 220.0
HEAD_PX, ROW_PX = 34.0, 18.0
ROWS_AT_MOST = 6
MARGIN_PX = 40.0
TEXT_AT_MOST = 26
VALUE_AT_MOST = 300

Document = Mapping[str, Any]


def node_title(node: Mapping[str, Any]) -> str:
    """Return what a node is called: its own title, else its type."""
    return str(node.get("title") or node.get("type") or "?")


def graph_svg(document: Document, label: str) -> str:
    """Return the graph as SVG: groups, wires, and nodes with their values; classes only, for the page's style sheet."""
    boxes = {str(node["id"]): _box(node) for node in document.get("nodes", [])}
    if not boxes:
        return ""
    left, top = min(box[0] for box in boxes.values()), min(box[1] for box in boxes.values())
    right, bottom = max(box[0] + box[2] for box in boxes.values()), max(box[1] + box[3] for box in boxes.values())
    groups = [group for group in document.get("groups", []) if len(group.get("bounds", ())) == 4]
    for group in groups:
        x, y, width, height = map(float, group["bounds"])
        left, top, right, bottom = min(left, x), min(top, y), max(right, x + width), max(bottom, y + height)
    view = (left - MARGIN_PX, top - MARGIN_PX, right - left + 2 * MARGIN_PX, bottom - top + 2 * MARGIN_PX)
    parts = [
        *(_group(group) for group in groups),
        *(_wire(boxes, edge) for edge in document.get("edges", [])),
        *(_node(node, boxes[str(node["id"])]) for node in document.get("nodes", [])),
    ]
    numbers = " ".join(f"{number:g}" for number in view)
    return f'<svg viewBox="{numbers}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'


def graph_outline(document: Document) -> str:
    """Return every node with its values and where its wires come from, as a list that can be read and searched."""
    nodes = {str(node["id"]): node for node in document.get("nodes", [])}
    sources: dict[str, list[tuple[str, str]]] = {}
    for edge in document.get("edges", []):
        (source, output), (target, name) = edge["from"], edge["to"]
        title = node_title(nodes[str(source)]) if str(source) in nodes else str(source)
        sources.setdefault(str(target), []).append((str(name), f"\u2190 {title}.{output}"))
    items = []
    for node_id, node in nodes.items():
        values = [(name, text) for name, text in _values(node)] + sources.get(node_id, [])
        rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text[:VALUE_AT_MOST])}</dd>" for name, text in values)
        kind = escape(str(node.get("type", "")))
        items.append(f"<li><b>{escape(node_title(node))}</b> <code>{kind}</code><dl>{rows}</dl></li>")
    return f"<ol>{''.join(items)}</ol>"


def _values(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inputs = node.get("inputs", {})
    for name, value in inputs.items() if isinstance(inputs, Mapping) else ():
        yield str(name), value if isinstance(value, str) else _short(value)


def _short(value: Any) -> str:
    if isinstance(value, list | dict):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _box(node: Mapping[str, Any]) -> tuple[float, float, float, float]:
    x, y = (float(number) for number in node.get("pos", (0, 0)))
    size = node.get("size")
    if size and len(size) == 2:
        return x, y, float(size[0]), float(size[1])
    rows = min(ROWS_AT_MOST, len(node.get("inputs", {})))
    return x, y, NODE_WIDTH, HEAD_PX + ROW_PX * rows + (8 if rows else 0)


def _group(group: Mapping[str, Any]) -> str:
    x, y, width, height = map(float, group["bounds"])
    title = escape(_clipped(str(group.get("title", ""))))
    return (
        f'<rect class="group" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8"/>'
        f'<text class="group-name" x="{x + 12:g}" y="{y + 22:g}">{title}</text>'
    )


def _wire(boxes: Mapping[str, tuple[float, float, float, float]], edge: Mapping[str, Any]) -> str:
    source, target = boxes.get(str(edge["from"][0])), boxes.get(str(edge["to"][0]))
    if source is None or target is None:
        return ""
    x1, y1 = source[0] + source[2], source[1] + HEAD_PX / 2
    x2, y2 = target[0], target[1] + HEAD_PX / 2
    bend = max(40.0, abs(x2 - x1) / 2)
    return f'<path class="wire" d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"/>'


def _node(node: Mapping[str, Any], box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    fits = max(0, int((height - HEAD_PX) // ROW_PX))
    rows = "".join(
        f'<text class="row" x="{x + 12:g}" y="{y + HEAD_PX + ROW_PX * (place + 0.5):g}">'
        f"{escape(_clipped(f'{name}: {text}'))}</text>"
        for place, (name, text) in enumerate(list(_values(node))[:fits])
    )
    mode = escape(str(node.get("mode", "active")))
    return (
        f'<g class="node {mode}"><rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8"/>'
        f'<text class="name" x="{x + 12:g}" y="{y + 22:g}">{escape(_clipped(node_title(node)))}</text>{rows}</g>'
    )


def _clipped(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_AT_MOST else f"{line[: TEXT_AT_MOST - 1]}\u2026"
