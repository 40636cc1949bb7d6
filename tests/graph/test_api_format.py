"""ComfyUI's API format, there and back."""

from __future__ import annotations

from typing import Any

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import from_api, structure_problems, to_api, validate
from tests.fakes import document, registry

REGISTRY = registry()
PROMPT: dict[str, Any] = {
    "3": {"class_type": "test.show", "inputs": {"value": ["2", 0]}},
    "2": {"class_type": "test.add", "inputs": {"a": ["1", 0], "b": 2.5}, "_meta": {"title": "Mine"}},
    "1": {"class_type": "test.number", "inputs": {"value": 4.0}, "_meta": {"title": "Number"}},
}


def test_a_prompt_becomes_a_valid_document_with_output_names() -> None:
    made = from_api(PROMPT, REGISTRY)
    assert structure_problems(made) == [] and validate(made, REGISTRY) == []
    assert {"from": ["1", "value"], "to": ["2", "a"]} in made["edges"]
    assert next(item for item in made["nodes"] if item["id"] == "2")["title"] == "Mine"


def test_nodes_are_laid_out_from_left_to_right() -> None:
    x = {item["id"]: item["pos"][0] for item in from_api(PROMPT, REGISTRY)["nodes"]}
    assert x["1"] < x["2"] < x["3"]


def test_there_and_back_changes_nothing() -> None:
    again = to_api(from_api(PROMPT, REGISTRY), REGISTRY)
    for node, item in PROMPT.items():
        assert again[node]["class_type"] == item["class_type"] and again[node]["inputs"] == item["inputs"]
    assert again["2"]["_meta"] == {"title": "Mine"} and again["1"]["_meta"] == {"title": "Number"}


def test_a_list_is_wrapped_so_that_it_is_not_taken_for_a_wire() -> None:
    data = document({"s": ("test.show", {"value": ["1", 0]})})
    prompt = to_api(data, REGISTRY)
    assert prompt["s"]["inputs"] == {"value": {"__value__": ["1", 0]}}
    assert from_api(prompt, REGISTRY)["nodes"][0]["inputs"] == {"value": ["1", 0]}


def test_a_wire_to_an_output_that_does_not_exist_is_left_for_validation() -> None:
    made = from_api({"1": PROMPT["1"], "2": {"class_type": "test.show", "inputs": {"value": ["1", 4]}}}, REGISTRY)
    codes = {problem.code for problem in validate(made, REGISTRY)}
    assert "unknown_port" in codes


def test_muted_nodes_are_left_out_and_bypassed_ones_bridged() -> None:
    data = document({"n": "test.number", "a": "test.add", "s": "test.show"}, "n.value > a.a", "a.value > s.value")
    data["nodes"][1]["mode"] = "bypassed"
    assert to_api(data, REGISTRY)["s"]["inputs"] == {"value": ["n", 0]}
    data["nodes"][1]["mode"] = "muted"
    assert set(to_api(data, REGISTRY)) == {"n"}


@pytest.mark.parametrize("prompt", [None, {}, [], {"1": 2}, {"1": {}}, {"1": {"class_type": "test.add", "inputs": []}}])
def test_what_is_no_prompt_is_refused(prompt: Any) -> None:
    with pytest.raises(NodegraphError) as caught:
        from_api(prompt, REGISTRY)
    assert caught.value.code == "bad_document"
