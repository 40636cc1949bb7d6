"""What the built-in nodes tell the editor about their widgets, and the limits of the values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nodegraph.errors import NodegraphError
from nodegraph.generator.text import shipped_vocabularies, understood_words
from nodegraph.graph import load_registry
from nodegraph.graph.widgets import Color, Number, widget_fault, widget_schema
from nodegraph.media.images import encode_image
from nodegraph_nodes.image import image_load
from tests.fakes_nodes import RecordingContext

REGISTRY = load_registry(["nodegraph_nodes"])
WHOLE = {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}


def widget(node_id: str, name: str) -> dict[str, Any]:
    spec = REGISTRY.get(node_id)
    assert spec is not None
    return next(port["widget"] for port in spec.as_dict()["inputs"] if port["name"] == name)


def test_the_prompt_tells_which_words_each_preset_understands() -> None:
    words = widget("prompt.text", "text")["words"]
    assert set(words) == {"tiny", "debug", "8b"} and words["debug"] == []
    assert {"robot", "corals", "night"} <= set(words["tiny"])
    assert understood_words("Robots!", shipped_vocabularies()["tiny"]) == ["robot"]


def test_a_slider_may_cover_less_than_the_limits() -> None:
    assert widget("math.number", "value")["soft"] == [-10, 10]
    assert "soft" not in widget_schema(Number(ge=0, le=1), "FLOAT")


@pytest.mark.parametrize(("value", "right"), [("#12ab9f", True), ("#12AB9F", False), ("red", False), ("#12ab9", False)])
def test_a_colour_is_six_small_hex_digits(value: str, right: bool) -> None:
    assert (widget_fault(Color(), value) is None) == right


@pytest.fixture
def striped(tmp_path: Path) -> RecordingContext:
    """A context with a picture of ten columns, each of its own brightness, eight pixels high."""
    context = RecordingContext(tmp_path)
    columns = np.repeat(np.arange(10, dtype=np.uint8)[None, :, None] * 20, 3, axis=2)
    (tmp_path / "a.png").write_bytes(encode_image(np.repeat(columns, 8, axis=0), "png"))
    return context


async def test_a_crop_takes_its_part_and_leaves_the_file_alone(striped: RecordingContext) -> None:
    box = {"x": 0.2, "y": 0.5, "width": 0.3, "height": 0.5}
    part = (await image_load(ctx=striped, file="a.png", crop=box)).image.pixels
    assert part.shape == (4, 3, 3) and part[0, :, 0].tolist() == [40, 60, 80]
    assert (await image_load(ctx=striped, file="a.png", crop=None)).image.pixels.shape == (8, 10, 3)
    assert (await image_load(ctx=striped, file="a.png", crop=WHOLE)).image.pixels.shape == (8, 10, 3)


@pytest.mark.parametrize(
    ("crop", "code"),
    [
        ({"x": 0.0}, "type_mismatch"),
        ({**WHOLE, "x": "a"}, "type_mismatch"),
        ({**WHOLE, "x": 0.5}, "out_of_range"),
        ({**WHOLE, "width": 0.0}, "out_of_range"),
        ({**WHOLE, "y": float("nan")}, "out_of_range"),
    ],
)
async def test_a_wrong_crop_names_its_port(striped: RecordingContext, crop: Any, code: str) -> None:
    with pytest.raises(NodegraphError) as caught:
        await image_load(ctx=striped, file="a.png", crop=crop)
    assert caught.value.code == code and caught.value.port == "crop"
