"""A small bar chart as SVG, without a plotting library."""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

__all__ = ["Bars", "bar_chart"]

_WIDTH, _LABEL, _BAR, _GAP, _HEAD = 720, 110, 16, 10, 34
_MEASURED, _PUBLISHED, _INK, _PAPER = "#2f6fde", "#b9c8e4", "#1d2330", "#ffffff"


@dataclass(frozen=True, kw_only=True)
class Bars:
    """One panel: per row the measured value and, where there is one, the published. Drawn on a logarithmic scale."""

    title: str
    unit: str
    rows: dict[str, tuple[float, float | None]]


def bar_chart(panels: list[Bars], *, caption: str) -> str:
    """The panels below each other."""
    parts: list[str] = []
    top = 12
    for panel in panels:
        drawn, height = _panel(panel, top)
        parts += drawn
        top += height
    parts.append(_text(12, top + 14, caption, size=11))
    size = f'width="{_WIDTH}" height="{top + 28}" viewBox="0 0 {_WIDTH} {top + 28}"'
    body = "\n".join([f'<rect width="100%" height="100%" fill="{_PAPER}"/>', *parts])
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif">\n{body}\n</svg>\n'


def _panel(panel: Bars, top: int) -> tuple[list[str], int]:
    values = [value for row in panel.rows.values() for value in row if value is not None and value > 0]
    low = 10 ** math.floor(math.log10(min(values, default=1.0)))
    high = max(max(values, default=10.0), low * 10)
    parts = [_text(12, top + 16, f"{panel.title} ({panel.unit})", size=14, bold=True)]
    y = top + _HEAD
    for name, row in panel.rows.items():
        parts.append(_text(12, y + _BAR - 3, name, size=12))
        for value, colour in zip(row, (_MEASURED, _PUBLISHED), strict=True):
            if value is None or value <= 0:
                continue
            length = max(_length(value, low, high), 1.0)
            parts.append(f'<rect x="{_LABEL}" y="{y}" width="{length:.1f}" height="{_BAR - 2}" fill="{colour}"/>')
            parts.append(_text(_LABEL + length + 6, y + _BAR - 4, f"{value:.4g}", size=11))
            y += _BAR
        y += _GAP
    return parts, y - top + 6


def _length(value: float, low: float, high: float) -> float:
    return (_WIDTH - _LABEL - 70) * math.log(value / low) / math.log(high / low)


def _text(x: float, y: float, text: str, *, size: int, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"{weight} fill="{_INK}">{escape(text)}</text>'
