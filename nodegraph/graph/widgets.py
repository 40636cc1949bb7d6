"""Widgets: how the editor shows an input that has no wire, and the limits its value must keep.

They stand in a signature inside `Annotated`: `Annotated[float, Number(ge=0, le=10, unit="m/s")]`.
`doc` is one line of help; `bind` names the stage control (key, mouse, webcam) that drives the input during a live run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

__all__ = [
    "MAX_SEED",
    "Choice",
    "Color",
    "File",
    "Hidden",
    "Json",
    "Number",
    "Seed",
    "Text",
    "Toggle",
    "Widget",
    "default_widget",
    "inside",
    "widget_fault",
    "widget_schema",
]

MAX_SEED = 2**63 - 1

_COLOR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Hidden:
    """Beside a widget: the editor does not show the input. Programs find it in GET /api/nodes and may set it."""


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number with inclusive limits, the step of the spinner and a unit shown beside it.

    `soft` is the range that the slider covers where the limits are much wider; typed numbers go up to the limits.
    """

    ge: float | None = None
    le: float | None = None
    soft: tuple[float, float] | None = None
    step: float | None = None
    unit: str | None = None
    bind: str | None = None
    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A line of text, or an area with several lines.

    `words` lists, when asked, the words that each model preset understands; the editor marks the others as left out.
    """

    multiline: bool = False
    placeholder: str = ""
    words: Callable[[], Mapping[str, tuple[str, ...]]] | None = None
    bind: str | None = None
    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few values; `options` may also be a function that lists them when asked, such as installed models."""

    options: tuple[str, ...] | Callable[[], tuple[str, ...]]
    bind: str | None = None
    doc: str = ""

    def listed(self) -> tuple[str, ...]:
        """Return the options as they stand now."""
        return tuple(self.options() if callable(self.options) else self.options)


@dataclass(frozen=True, kw_only=True)
class Toggle:
    """On or off."""

    bind: str | None = None
    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class Seed:
    """A random seed, 0 to 2**63 - 1, with a die beside it. A run's own seed replaces the values of all Seed inputs."""

    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class Color:
    """A colour as text: "#" and six lower-case hex digits, red, green, blue, sRGB."""

    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that was uploaded: its path inside the data directory's input folder."""

    kind: Literal["image", "pose", "video"] = "image"
    doc: str = ""


@dataclass(frozen=True, kw_only=True)
class Json:
    """Structured data with an editor of its own, such as a list of keyframes; the node checks its inside."""

    kind: str
    bind: str | None = None
    doc: str = ""


Widget = Number | Text | Choice | Toggle | Seed | Color | File | Json


def default_widget(type_name: str) -> Widget | None:
    """Return the widget of a type that was declared without one; types that only travel over wires have none."""
    plain: dict[str, Widget] = {"STRING": Text(), "INT": Number(), "FLOAT": Number(), "BOOLEAN": Toggle()}
    return plain.get(type_name)


def widget_schema(widget: Widget, type_name: str) -> dict[str, Any]:
    """Return the JSON form from which the editor builds the widget of an input of this port type."""
    match widget:
        case Number():
            limits = {"ge": widget.ge, "le": widget.le, "step": widget.step, "unit": widget.unit}
            soft = {"soft": list(widget.soft)} if widget.soft else {}
            return {"kind": "number", "integer": type_name == "INT", **limits, **soft, "bind": widget.bind}
        case Text():
            shown = {"multiline": widget.multiline, "placeholder": widget.placeholder}
            words = {"words": {name: list(known) for name, known in widget.words().items()}} if widget.words else {}
            return {"kind": "text", **shown, **words, "bind": widget.bind}
        case Choice():
            return {"kind": "choice", "options": list(widget.listed()), "bind": widget.bind}
        case Toggle():
            return {"kind": "toggle", "bind": widget.bind}
        case Seed():
            return {"kind": "seed"}
        case Color():
            return {"kind": "color"}
        case File():
            return {"kind": "file", "accept": widget.kind}
        case Json():
            return {"kind": "json", "schema": widget.kind, "bind": widget.bind}


def widget_fault(widget: Widget, value: Any) -> str | None:
    """Say what a value of the right type should have been to keep the widget's limits; None where it keeps them."""
    match widget:
        case Number():
            return _limits_fault(widget, value)
        case Choice():
            options = widget.listed()
            return None if value in options else "one of " + ", ".join(map(str, options))
        case Seed():
            return None if 0 <= value <= MAX_SEED else f"0 to {MAX_SEED}"
        case Color():
            return None if _COLOR.fullmatch(value) else 'a colour such as "#3b82f6"'
        case File():
            return None if inside(value) else "the name of an uploaded file"
        case _:
            return None


def _limits_fault(widget: Number, value: float) -> str | None:
    low, high = widget.ge, widget.le
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    unit = f" {widget.unit}" if widget.unit else ""
    if high is None:
        return f"at least {low}{unit}"
    return f"at most {high}{unit}" if low is None else f"{low} to {high}{unit}"


def inside(name: str) -> bool:
    """Say whether a path from outside stays in the folder it is meant for; looks at the name only, not at the disk."""
    if not name or "\\" in name or "\0" in name or ":" in name:
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.name != ""
