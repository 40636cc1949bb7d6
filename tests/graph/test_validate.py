"""Validation lists every problem with node, port and remedy."""

from __future__ import annotations

from typing import Any

import pytest

from nodegraph.graph import Problem, validate
from tests.fakes import document, registry

REGISTRY = registry()


def problems(nodes: dict[str, Any], *edges: str, **rest: Any) -> list[Problem]:
    return validate(document(nodes, *edges, **rest), REGISTRY)


def short(found: list[Problem]) -> list[tuple[str, str | None, str | None]]:
    return [(problem.code, problem.node, problem.port) for problem in found]


def test_a_sound_workflow_has_no_problem() -> None:
    assert problems({"a": "test.add", "s": "test.show"}, "a.value > s.value") == []


def test_many_mistakes_are_all_listed_each_with_a_remedy() -> None:
    found = problems(
        {
            "a": ("test.add", {"b": 9, "c": 1}),
            "b": "test.nowhere",
            "c": ("test.words", {"style": "z"}),
            "d": "test.look",
            "s": "test.show",
        },
        "a.value > d.camera",
        "a.nothing > s.value",
        "a.value > s.nothing",
        "ghost.value > s.value",
    )
    assert set(short(found)) == {
        ("out_of_range", "a", "b"),
        ("unknown_port", "a", "c"),
        ("unknown_node", "b", None),
        ("missing_input", "c", "text"),
        ("out_of_range", "c", "style"),
        ("type_mismatch", "d", "camera"),
        ("unknown_port", "a", "nothing"),
        ("unknown_port", "s", "nothing"),
        ("not_found", "s", None),
        ("missing_input", "s", "value"),
    }
    assert all(problem.remedy and problem.message.endswith(".") for problem in found)


def test_a_cycle_names_its_nodes_and_each_knot_is_reported() -> None:
    found = problems(
        {"a": "test.add", "b": "test.add", "c": "test.add", "d": "test.add", "s": "test.show"},
        "a.value > b.a",
        "b.value > a.a",
        "c.value > d.a",
        "d.value > c.a",
        "d.value > s.value",
    )
    cycles = [problem for problem in found if problem.code == "cycle"]
    assert len(cycles) == 2
    assert all(node in str(cycles[0].got) for node in "ab") and all(node in str(cycles[1].got) for node in "cd")


def test_a_node_wired_to_itself_is_a_cycle() -> None:
    found = problems({"a": "test.add", "s": "test.show"}, "a.value > a.a", "a.value > s.value")
    assert ("cycle", "a", None) in short(found)


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"b": "1"}, "type_mismatch"),
        ({"b": True}, "type_mismatch"),
        ({"b": float("nan")}, "type_mismatch"),
        ({"b": 10**400}, "type_mismatch"),
        ({"b": None}, "type_mismatch"),
        ({"b": -5.1}, "out_of_range"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(inputs: dict[str, Any], code: str) -> None:
    found = problems({"a": ("test.add", inputs), "s": "test.show"}, "a.value > s.value")
    assert short(found) == [(code, "a", "b")]
    assert found[0].expected and found[0].got


def test_a_value_for_an_input_that_only_takes_wires_is_refused() -> None:
    found = problems({"l": ("test.look", {"camera": "home"}), "s": "test.show"}, "l.camera > s.value")
    assert short(found) == [("type_mismatch", "l", "camera")]


def test_whole_numbers_fit_float_and_everything_fits_any() -> None:
    nodes = {"n": "test.seed", "a": "test.add", "p": "test.pass", "s": "test.show"}
    assert problems(nodes, "n.seed > a.a", "a.value > p.value", "p.value > s.value") == []


def test_any_takes_on_the_type_that_is_wired_into_it() -> None:
    """A reroute does not hide that a number enters a camera input."""
    nodes = {"n": "test.number", "p": "test.pass", "l": "test.look", "s": "test.show"}
    found = problems(nodes, "n.value > p.value", "p.value > l.camera", "l.camera > s.value")
    assert short(found) == [("type_mismatch", "l", "camera")] and found[0].got == "FLOAT"


def test_two_wires_into_one_input_and_two_nodes_of_one_id() -> None:
    data = document({"a": "test.add", "b": "test.add", "s": "test.show"}, "a.value > s.value", "b.value > s.value")
    data["nodes"].append({"id": "a", "type": "test.add"})
    assert set(short(validate(data, REGISTRY))) == {("duplicate_id", "s", "value"), ("duplicate_id", "a", None)}


def test_a_workflow_without_outputs_says_so() -> None:
    assert short(problems({"a": "test.add"})) == [("no_outputs", None, None)]
    assert short(problems({})) == [("no_outputs", None, None)]


def test_a_stream_into_a_fixed_input_of_a_stream_node_is_refused() -> None:
    nodes = {"c": "test.count", "h": "test.count", "s": "test.collect"}
    found = problems(nodes, "c.value > h.limit", "h.value > s.values")
    assert ("type_mismatch", "h", "limit") in short(found)


def test_a_stream_lifts_a_value_node_unless_it_declines() -> None:
    lifted = {"c": "test.count", "a": "test.add", "s": "test.collect"}
    assert problems(lifted, "c.value > a.a", "a.value > s.values") == []
    declined = {"c": "test.count", "a": "test.add_once", "s": "test.show"}
    found = problems(declined, "c.value > a.a", "a.value > s.value")
    assert short(found) == [("type_mismatch", "a", "a")]


def test_a_result_of_the_end_cannot_enter_a_stream() -> None:
    nodes = {"c": "test.count", "f": "test.film", "l": "test.label", "g": "test.collect"}
    found = problems(nodes, "c.value > f.values", "f.file > l.file", "l.text > g.values")
    assert short(found) == [("type_mismatch", "g", "values")]


def test_muting_takes_out_what_cannot_do_without() -> None:
    nodes = {"n": "test.camera", "l": "test.look", "w": "test.show", "s": "test.show"}
    data = document(nodes, "n.camera > l.camera", "l.camera > s.value", "n.camera > w.value")
    data["nodes"][0]["mode"] = "muted"
    assert validate(data, REGISTRY) == [], "the camera of look is optional, and w goes with its only wire"
    data["nodes"][1]["mode"] = "muted"
    assert short(validate(data, REGISTRY)) == [("no_outputs", None, None)]


def test_a_muted_node_of_unknown_type_is_no_problem() -> None:
    data = document({"x": "gone.node", "a": "test.add", "s": "test.show"}, "a.value > s.value")
    data["nodes"][0]["mode"] = "muted"
    assert validate(data, REGISTRY) == []


def test_a_bypassed_node_hands_on_its_first_input_of_the_same_type() -> None:
    nodes = {"n": "test.number", "a": "test.add", "b": "test.add", "s": "test.collect"}
    data = document(nodes, "n.value > a.a", "a.value > b.a", "b.value > s.values")
    for item in data["nodes"][1:3]:
        item["mode"] = "bypassed"
    assert validate(data, REGISTRY) == []


def test_a_bypassed_node_with_nothing_to_hand_on_leaves_the_input_empty() -> None:
    data = document({"a": "test.add", "s": "test.show"}, "a.value > s.value")
    data["nodes"][0]["mode"] = "bypassed"
    assert short(validate(data, REGISTRY)) == [("missing_input", "s", "value")]


def test_targets_narrow_the_list_to_what_they_need() -> None:
    nodes = {"a": ("test.add", {"b": 9}), "s": "test.show", "c": ("test.words", {}), "t": "test.show"}
    data = document(nodes, "a.value > s.value", "c.text > t.value")
    assert short(validate(data, REGISTRY, targets=["s"])) == [("out_of_range", "a", "b")]
    assert short(validate(data, REGISTRY, targets=["t"])) == [("missing_input", "c", "text")]
    assert short(validate(data, REGISTRY, targets=["zzz"]))[0][0] == "not_found"


def test_a_node_saved_by_a_newer_pack_asks_for_an_update() -> None:
    data = document({"a": "test.add", "s": "test.show"}, "a.value > s.value")
    data["nodes"][0]["version"] = 2
    assert short(validate(data, REGISTRY)) == [("newer_schema", "a", None)]


def test_structure_and_meaning_are_reported_together() -> None:
    data = document({"a": ("test.add", {"b": 9}), "s": "test.show"}, "a.value > s.value", colour="red")
    assert {problem.code for problem in validate(data, REGISTRY)} == {"bad_document", "out_of_range"}


def test_deep_nesting_does_not_overflow() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    data = document({"a": "test.show"}, meta={})
    data["nodes"][0]["inputs"] = {"value": deep}
    assert isinstance(validate(data, REGISTRY), list)
    data["nodes"][0]["pos"] = deep
    assert validate(data, REGISTRY)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (None, "missing_input"),
        ("", "missing_input"),
        ("../a.png", "out_of_range"),
        (3, "type_mismatch"),
        ("a/b.png", ""),
    ],
)
def test_a_file_without_a_default_must_be_chosen_and_lie_inside(name: Any, code: str) -> None:
    inputs = {} if name is None else {"file": name}
    found = problems({"f": ("test.file", inputs), "s": "test.show"}, "f.text > s.value")
    assert short(found) == ([(code, "f", "file")] if code else [])
