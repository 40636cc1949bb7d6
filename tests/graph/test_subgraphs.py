"""Subgraphs: what runs is what is inside them, under ids that lead there."""

from __future__ import annotations

from typing import Any

import pytest

from nodegraph.graph import InvalidWorkflow, flatten, make_plan, to_api, validate, with_seed
from tests.fakes import document, registry

REGISTRY = registry()


def definition(
    name: str, inside: dict[str, Any], inputs: dict[str, list[str]], outputs: dict[str, str]
) -> dict[str, Any]:
    """A definition around a document; port ends read "a.value"."""
    return {
        "id": name,
        "name": name.title(),
        "nodes": inside["nodes"],
        "edges": inside["edges"],
        "inputs": [{"name": port, "to": [end.split(".") for end in ends]} for port, ends in inputs.items()],
        "outputs": [{"name": port, "from": end.split(".")} for port, end in outputs.items()],
    }


SUM = definition(
    "sum",
    document({"1": ("test.add", {"a": 1, "b": 2}), "2": ("test.add", {"b": 3})}, "1.value > 2.a"),
    {"left": ["1.a"], "both": ["1.b", "2.b"]},
    {"value": "2.value"},
)


def with_sum(*edges: str, inputs: dict[str, Any] | None = None, **nodes: Any) -> dict[str, Any]:
    """A document with one instance "7" of SUM and a node "s" that shows its value."""
    parts = {"7": ("subgraph:sum", inputs or {}), "s": "test.show", **nodes}
    return document(parts, "7.value > s.value", *edges, subgraphs=[SUM])


def test_a_document_without_instances_is_the_same_object() -> None:
    plain = document({"a": "test.add"}, subgraphs=[SUM])
    assert flatten(plain).document is plain


def test_inner_nodes_have_ids_that_lead_to_them_and_their_wires() -> None:
    flat, problems = flatten(with_sum())
    assert problems == []
    assert [node["id"] for node in flat["nodes"]] == ["7/1", "7/2", "s"]
    assert {"from": ["7/1", "value"], "to": ["7/2", "a"]} in flat["edges"]
    assert {"from": ["7/2", "value"], "to": ["s", "value"]} in flat["edges"]


def test_a_wire_into_an_exposed_input_reaches_every_input_it_stands_for() -> None:
    plan = make_plan(with_sum("a.value > 7.both", a="test.add"), REGISTRY)
    assert plan.nodes["7/1"].wires["b"] == plan.nodes["7/2"].wires["b"] == ("a", 0)
    assert plan.nodes["7/1"].literals["a"] == 1


def test_a_value_of_the_instance_stands_over_those_inside() -> None:
    plan = make_plan(with_sum(inputs={"both": 5}), REGISTRY)
    assert (plan.nodes["7/1"].literals["b"], plan.nodes["7/2"].literals["b"]) == (5, 5)


def test_instances_of_one_subgraph_are_apart() -> None:
    data = with_sum("8.value > 7.left", **{"8": ("subgraph:sum", {"left": -4})})
    plan = make_plan(data, REGISTRY)
    assert plan.nodes["7/1"].wires["a"] == ("8/2", 0)
    assert plan.nodes["8/1"].literals["a"] == -4


def test_subgraphs_nest() -> None:
    outer = definition(
        "outer", document({"3": ("subgraph:sum", {"left": 4})}), {"both": ["3.both"]}, {"value": "3.value"}
    )
    data = document(
        {"9": ("subgraph:outer", {"both": 5}), "s": "test.show"}, "9.value > s.value", subgraphs=[SUM, outer]
    )
    plan = make_plan(data, REGISTRY)
    assert list(plan.nodes) == ["9/3/1", "9/3/2", "s"]
    assert plan.nodes["9/3/1"].literals == {"a": 4, "b": 5}
    assert plan.nodes["s"].wires["value"] == ("9/3/2", 0)


def test_a_subgraph_that_contains_itself_is_refused_and_the_way_round_is_named() -> None:
    one = definition("one", document({"1": "subgraph:two"}), {}, {})
    two = definition("two", document({"2": "subgraph:one"}), {}, {})
    (problem,) = [
        found
        for found in validate(document({"x": "subgraph:one"}, subgraphs=[one, two]), REGISTRY)
        if found.code == "cycle"
    ]
    assert problem.node == "x"
    assert problem.got == "One -> Two -> One"


def test_nesting_that_multiplies_beyond_all_measure_is_refused_without_being_expanded() -> None:
    levels = [definition("l0", document({"a": "test.add"}), {}, {})]
    for level in range(1, 31):
        inside = document({f"{n}": f"subgraph:l{level - 1}" for n in range(10)})
        levels.append(definition(f"l{level}", inside, {}, {}))
    problems = validate(document({"x": "subgraph:l30"}, subgraphs=levels), REGISTRY)
    assert "too_large" in [problem.code for problem in problems]


def test_nesting_that_is_too_deep_is_refused() -> None:
    levels = [definition("l0", document({"a": "test.add"}), {}, {})]
    levels += [definition(f"l{n}", document({"a": f"subgraph:l{n - 1}"}), {}, {}) for n in range(1, 2000)]
    problems = validate(document({"x": "subgraph:l1999"}, subgraphs=levels), REGISTRY)
    assert "too_large" in [problem.code for problem in problems]


def test_a_mistake_inside_is_reported_with_the_way_to_it() -> None:
    broken = {**SUM, "nodes": [{**SUM["nodes"][0], "inputs": {"a": "many"}}, *SUM["nodes"][1:]]}
    data = {**with_sum(), "subgraphs": [broken]}
    with pytest.raises(InvalidWorkflow) as caught:
        make_plan(data, REGISTRY)
    assert [(problem.node, problem.port) for problem in caught.value.problems] == [("7/1", "a")]


def test_an_instance_without_its_subgraph_and_wires_to_hidden_ports_are_named() -> None:
    lost = document({"7": "subgraph:gone", "s": "test.show"}, "7.value > s.value")
    assert ("unknown_node", "7") in [(problem.code, problem.node) for problem in validate(lost, REGISTRY)]
    hidden = with_sum("7.secret > t.value", "a.value > 7.nothing", a="test.add", t="test.show")
    found = [(problem.node, problem.port) for problem in validate(hidden, REGISTRY) if problem.code == "unknown_port"]
    assert found == [("7", "secret"), ("7", "nothing")]


@pytest.mark.parametrize("mode", ["muted", "bypassed"])
def test_the_mode_of_an_instance_is_that_of_all_inside(mode: str) -> None:
    data = with_sum()
    data["nodes"][0]["mode"] = mode
    modes = {node["id"]: node.get("mode") for node in flatten(data).document["nodes"]}
    assert modes["7/1"] == modes["7/2"] == mode


def test_a_seed_reaches_inside_and_the_values_that_stand_for_one() -> None:
    seeds = definition("seeds", document({"1": ("test.seed", {"seed": 1})}), {"seed": ["1.seed"]}, {"seed": "1.seed"})
    data = document({"7": ("subgraph:seeds", {"seed": 3}), "s": "test.show"}, "7.seed > s.value", subgraphs=[seeds])
    assert make_plan(with_seed(data, REGISTRY, 9), REGISTRY).nodes["7/1"].literals["seed"] == 9
    assert data["nodes"][0]["inputs"] == {"seed": 3}


def test_the_api_format_has_no_subgraphs() -> None:
    prompt = to_api(with_sum(inputs={"left": 4}), REGISTRY)
    assert list(prompt) == ["7/1", "7/2", "s"]
    assert prompt["7/2"]["inputs"] == {"b": 3, "a": ["7/1", 0]}
    assert prompt["7/1"]["inputs"]["a"] == 4


def test_hostile_definitions_are_read_as_far_as_they_go() -> None:
    for subgraphs in (None, 3, [3], [{"id": 3}], [{"id": "sum"}], [{"id": "sum", "outputs": [{"name": "value"}]}]):
        problems = validate({**with_sum(), "subgraphs": subgraphs}, REGISTRY)
        assert problems
