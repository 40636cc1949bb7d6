"""The signature is the schema."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, NamedTuple

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import Context, File, Hidden, Json, Live, NodeSpec, Number, Toggle, node, spec_of
from nodegraph.values import Camera, Frames, SavedFile
from tests import fakes


class Out(NamedTuple):
    camera: Camera
    score: float


def spec(target: object) -> NodeSpec:
    found = spec_of(target)
    assert found is not None
    return found


@node(id="declare.all", version=3, name="All", category="misc")
async def everything(
    *,
    tick: AsyncIterator[int],
    context: Context,
    frames: AsyncIterator[Frames],
    masks: AsyncIterator[Frames] | None = None,
    camera: Annotated[Camera | None, "Where from."] = None,
    aim: Live[Camera | None] = Live(None),
    speed: Live[Annotated[float, Number(ge=0, le=10, step=0.5, unit="m/s", bind="move.forward", doc="Pace.")]] = Live(
        2.0
    ),
    loud: Annotated[bool, Toggle(doc="Shout.")] = False,
    name: str = "x",
    picture: Annotated[str, File(kind="image")] = "",
    keys: Annotated[list[Any] | None, Json(kind="camera_keyframes")] = None,
    anything: Any = None,
) -> AsyncIterator[Out]:
    """Show every kind of port.

    And a second paragraph.
    """
    async for _ in frames:
        yield Out(Camera(), speed.value + await anext(tick))


def test_kinds_follow_from_the_signature() -> None:
    kinds = {
        target: (spec(target).kind, spec(target).fold) for target in (fakes.add, fakes.count, fakes.Filter, fakes.film)
    }
    assert list(kinds.values()) == [("value", False), ("stream", False), ("stateful", False), ("stream", True)]


def test_tick_and_context_are_never_ports() -> None:
    found = spec(everything)
    assert found.tick_param == "tick" and found.context_param == "context"
    assert not {"tick", "context"} & {port.name for port in found.inputs}


def test_each_parameter_becomes_a_port_with_type_mode_and_default() -> None:
    ports = {port.name: (port.type, port.mode, port.required, port.optional) for port in spec(everything).inputs}
    assert ports == {
        "frames": ("FRAMES", "stream", True, False),
        "masks": ("FRAMES", "stream", False, True),
        "camera": ("CAMERA", "fixed", False, True),
        "aim": ("CAMERA", "live", False, True),
        "speed": ("FLOAT", "live", False, False),
        "loud": ("BOOLEAN", "fixed", False, False),
        "name": ("STRING", "fixed", False, False),
        "picture": ("STRING", "fixed", False, False),
        "keys": ("JSON", "fixed", False, True),
        "anything": ("*", "fixed", False, False),
    }


def test_outputs_are_the_fields_of_the_named_tuple() -> None:
    assert [(port.name, port.type, port.stream) for port in spec(everything).outputs] == [
        ("camera", "CAMERA", True),
        ("score", "FLOAT", True),
    ]
    assert [port.stream for port in spec(fakes.film).outputs] == [False]


def test_the_schema_of_a_node_is_json_and_holds_widget_limits_and_help() -> None:
    shown = json.loads(json.dumps(spec(everything).as_dict()))
    assert {key: shown[key] for key in ("id", "version", "name", "category", "kind", "output_node")} == {
        "id": "declare.all",
        "version": 3,
        "name": "All",
        "category": "misc",
        "kind": "stream",
        "output_node": False,
    }
    inputs = {port["name"]: port for port in shown["inputs"]}
    assert inputs["speed"] == {
        "name": "speed",
        "type": "FLOAT",
        "mode": "live",
        "required": False,
        "default": 2.0,
        "doc": "Pace.",
        "widget": {
            "kind": "number",
            "integer": False,
            "ge": 0,
            "le": 10,
            "step": 0.5,
            "unit": "m/s",
            "bind": "move.forward",
        },
        "hidden": False,
    }
    assert inputs["camera"]["doc"] == "Where from." and inputs["camera"]["widget"] is None
    assert inputs["picture"]["widget"] == {"kind": "file", "accept": "image"}
    assert inputs["keys"]["widget"] == {"kind": "json", "schema": "camera_keyframes", "bind": None}
    assert shown["description"].startswith("Show every kind of port.")


def test_a_name_and_a_category_are_made_from_the_id() -> None:
    found = spec(fakes.add_once)
    assert (found.name, found.category) == ("Add once", "test")


async def _no_annotation(*, a) -> None:  # type: ignore[no-untyped-def]
    ...


def _positional(a: int) -> Out:
    raise NotImplementedError


def _two_types(*, a: int | str) -> Out:
    raise NotImplementedError


def _not_a_named_tuple(*, a: int) -> int:
    return a


def _bad_default(*, a: Annotated[int, Number(ge=3)] = 1) -> Out:
    raise NotImplementedError


def _hidden_without_default(*, a: Annotated[int, Hidden()]) -> Out:
    raise NotImplementedError


def _none_default(*, a: int = None) -> Out:  # type: ignore[assignment] # noqa: RUF013 - the fault under test
    raise NotImplementedError


def _plain_reader(*, a: AsyncIterator[int]) -> Out:
    raise NotImplementedError


async def _wrong_stream(*, tick: AsyncIterator[int]) -> Out:  # type: ignore[misc]
    async for _ in tick:
        yield Out(Camera(), 0.0)


def _missing_name(*, a: "Nowhere") -> Out:  # type: ignore[name-defined] # noqa: F821, UP037
    raise NotImplementedError


class _NoSnapshot:
    async def run(self, *, tick: AsyncIterator[int]) -> AsyncIterator[Out]:
        yield Out(Camera(), 0.0)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (_no_annotation, "parameter a"),
        (_positional, "keyword-only"),
        (_two_types, "one type"),
        (_not_a_named_tuple, "NamedTuple"),
        (_bad_default, "at least 3"),
        (_none_default, "not optional"),
        (_hidden_without_default, "hidden"),
        (_plain_reader, "async def"),
        (_wrong_stream, "AsyncIterator"),
        (_missing_name, "Nowhere"),
        (_NoSnapshot, "snapshot"),
    ],
)
def test_a_wrong_declaration_fails_and_names_node_and_fault(target: Any, says: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        node(id="bad.node")(target)
    assert caught.value.code == "bad_declaration"
    assert "bad.node" in str(caught.value) and says in str(caught.value)


@pytest.mark.parametrize("name", ["", "Camera.Fly", "camera", "camera..fly", "camera fly.x"])
def test_ids_are_dotted_lower_case_words(name: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        node(id=name)(_positional)
    assert caught.value.code == "bad_declaration"


def test_a_saved_file_has_the_port_type_file() -> None:
    assert spec(fakes.label).inputs[0].type == "FILE" and SavedFile is not None
