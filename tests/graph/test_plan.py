"""Plans: which nodes run, in which phase, with which values."""

from __future__ import annotations

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import InvalidWorkflow, Wire, make_plan, with_seed
from tests.fakes import document, registry

REGISTRY = registry()


def test_only_what_an_output_needs_is_planned() -> None:
    plan = make_plan(document({"a": "test.add", "z": "test.words", "s": "test.show"}, "a.value > s.value"), REGISTRY)
    assert list(plan.nodes) == ["a", "s"] == list(plan.values)
    assert plan.nodes["s"].wires == {"value": Wire("a", 0)}
    assert plan.nodes["a"].literals == {"a": 0.0, "b": 1.0}


def test_a_half_wired_node_that_nothing_needs_does_not_stop_a_run() -> None:
    data = document({"a": ("test.words", {}), "b": "test.add", "s": "test.show"}, "b.value > s.value")
    assert make_plan(data, REGISTRY).values == ("b", "s")


def test_an_invalid_workflow_raises_with_all_its_problems() -> None:
    data = document({"a": ("test.add", {"b": 9, "x": 1}), "s": "test.show"}, "a.value > s.value")
    with pytest.raises(InvalidWorkflow) as caught:
        make_plan(data, REGISTRY)
    assert {problem.code for problem in caught.value.problems} == {"out_of_range", "unknown_port"}
    assert isinstance(caught.value, NodegraphError) and caught.value.node == "a"


def test_whole_numbers_become_floats() -> None:
    plan = make_plan(document({"a": ("test.add", {"b": 2}), "s": "test.show"}, "a.value > s.value"), REGISTRY)
    assert isinstance(plan.nodes["a"].literals["b"], float)


def test_values_streams_and_closing_nodes_have_their_phases() -> None:
    nodes = {
        "n": "test.number",
        "fix": "test.add",
        "c": "test.count",
        "f": "test.filter",
        "a": "test.add",
        "film": "test.film",
        "l": "test.label",
        "s": "test.show",
    }
    plan = make_plan(
        document(
            nodes,
            "n.value > f.b",
            "c.value > f.a",
            "f.value > a.a",
            "fix.value > a.b",
            "a.value > film.values",
            "film.file > l.file",
            "l.text > s.value",
        ),
        REGISTRY,
    )
    assert plan.values == ("fix",)
    assert set(plan.streams) == {"n", "c", "f", "a", "film"}
    assert plan.closing == ("l", "s")


def test_a_changing_number_in_a_fixed_input_is_taken_once() -> None:
    nodes = {"n": "test.seed", "c": "test.count", "s": "test.collect"}
    plan = make_plan(document(nodes, "n.seed > c.limit", "c.value > s.values"), REGISTRY)
    assert (plan.values, plan.streams) == (("n",), ("c", "s"))


def test_a_number_may_be_taken_once_and_followed_as_well() -> None:
    nodes = {"n": "test.number", "once": "test.add_once", "c": "test.count", "s": "test.collect", "t": "test.show"}
    edges = ("n.value > once.a", "once.value > t.value", "n.value > c.step", "c.value > s.values")
    plan = make_plan(document(nodes, *edges), REGISTRY)
    assert set(plan.values) == {"n", "once", "t"} and set(plan.streams) == {"n", "c", "s"}


def test_targets_choose_outputs() -> None:
    data = document({"a": "test.add", "s": "test.show", "t": "test.show"}, "a.value > s.value", "a.value > t.value")
    assert make_plan(data, REGISTRY, ["t"]).values == ("a", "t")
    with pytest.raises(InvalidWorkflow) as caught:
        make_plan(data, REGISTRY, ["nothing"])
    assert caught.value.code == "not_found"


def test_a_seed_replaces_every_seed_widget_in_a_copy() -> None:
    data = document({"a": ("test.seed", {"seed": 1}), "b": "test.seed", "s": "test.show"}, "a.seed > s.value")
    changed = with_seed(data, REGISTRY, 7)
    assert [item["inputs"] for item in changed["nodes"]] == [{"seed": 7}, {"seed": 7}, {}]
    assert data["nodes"][0]["inputs"] == {"seed": 1}
