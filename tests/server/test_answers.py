"""JSON from outside is read strictly."""

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.server.answers import parse_json, take


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[Infinity]", "1e999", "-1e999", '"\\ud800"', "[" * 200_000, b"\xff", "1" * 5000, "{}{}"],
)
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(NodegraphError) as caught:
        parse_json(text)
    assert caught.value.code == "bad_request"


def test_json_is_read() -> None:
    assert parse_json('{"a": [1, 2.5, "\\ud83d\\ude00", null]}') == {"a": [1, 2.5, "\U0001f600", None]}


def test_a_field_of_the_wrong_type_names_itself() -> None:
    with pytest.raises(NodegraphError) as caught:
        take({"seed": True}, "seed", int)
    assert caught.value.port == "seed"
    assert take({"seed": None}, "seed", int, 5) == 5
    assert take({"flag": True}, "flag", (bool, int)) is True
