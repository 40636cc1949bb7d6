"""The published schema, migrations, and reading documents."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from nodegraph.errors import UserInputError
from nodegraph.graph import (
    MIGRATIONS,
    SCHEMA_VERSION,
    migrate_document,
    parse_document,
    structure_problems,
    workflow_schema,
)

FULL: dict[str, Any] = {
    "schema": 2,
    "id": "hello",
    "name": "Hello",
    "description": "",
    "nodes": [
        {
            "id": "1",
            "type": "test.words",
            "version": 1,
            "inputs": {"text": "a robot"},
            "pos": [0, 0.5],
            "size": [200, 100],
            "title": "Words",
            "mode": "muted",
            "collapsed": True,
            "pinned": True,
            "color": "#123456",
        }
    ],
    "edges": [{"from": ["1", "text"], "to": ["2", "text"]}],
    "groups": [{"id": "g", "title": "Group", "bounds": [0, 0, 10, 10], "collapsed": True, "color": None}],
    "subgraphs": [
        {
            "id": "s",
            "name": "Inside",
            "description": "",
            "nodes": [],
            "edges": [],
            "groups": [],
            "inputs": [{"name": "text", "to": [["1", "text"]]}],
            "outputs": [{"name": "text", "from": ["1", "text"]}],
        }
    ],
    "view": {"x": 0, "y": 0, "zoom": 1},
    "run": {"mode": "render", "ticks": 12},
    "meta": {"anything": [1, 2]},
}


def test_the_published_schema_is_a_valid_schema_and_takes_a_full_document() -> None:
    Draft202012Validator.check_schema(workflow_schema())
    assert structure_problems(FULL) == []


def test_the_smallest_document_is_enough() -> None:
    assert structure_problems({"schema": 2, "nodes": [], "edges": []}) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"extra": 1}, "top level"),
        ({"nodes": {}}, "nodes"),
        ({"nodes": [{"id": "1"}]}, "nodes[0]"),
        ({"nodes": [{"id": "1", "type": "a.b", "mode": "off"}]}, "nodes[0].mode"),
        ({"edges": [{"from": ["1"], "to": ["2", "x"]}]}, "edges[0].from"),
        ({"run": {"mode": "live", "ticks": 0}}, "run.ticks"),
        ({"view": {"x": 0, "y": 0, "zoom": 0}}, "view.zoom"),
    ],
)
def test_every_fault_names_its_place(change: dict[str, Any], says: str) -> None:
    problems = structure_problems({**FULL, **change})
    assert problems and says in problems[0].message
    assert all(problem.code == "bad_document" and problem.remedy for problem in problems)


def test_unknown_keys_are_welcome_in_meta_only() -> None:
    assert structure_problems({**FULL, "meta": {"x": {"y": 1}}}) == []
    assert structure_problems({**FULL, "x": {"y": 1}})


def test_reading_keeps_modes_run_and_edges() -> None:
    read = parse_document(FULL)
    assert (read.mode, read.ticks, read.name) == ("render", 12, "Hello")
    assert read.nodes["1"].mode == "muted" and read.nodes["1"].inputs == {"text": "a robot"}
    assert (read.edges[0].source, read.edges[0].output, read.edges[0].target) == ("1", "text", "2")


def test_the_newest_version_follows_from_the_steps() -> None:
    assert len(MIGRATIONS) + 1 == SCHEMA_VERSION


def test_an_older_document_goes_through_every_step_in_turn() -> None:
    """Two invented steps: one renames a key, one adds a node field."""

    def rename(document: dict[str, Any]) -> dict[str, Any]:
        document["nodes"] = document.pop("boxes")
        return document

    def add_mode(document: dict[str, Any]) -> dict[str, Any]:
        return {**document, "nodes": [{"mode": "active", **item} for item in document["nodes"]]}

    steps = (rename, add_mode)
    old = {"schema": 1, "boxes": [{"id": "1"}]}
    assert migrate_document(old, steps) == {"schema": 3, "nodes": [{"id": "1", "mode": "active"}]}
    assert old == {"schema": 1, "boxes": [{"id": "1"}]}, "the document given is not changed"
    assert migrate_document({"schema": 2, "nodes": [{"id": "1"}]}, steps)["nodes"] == [{"id": "1", "mode": "active"}]


def test_a_document_from_before_subgraphs_is_read_as_it_was() -> None:
    old = {"schema": 1, "nodes": [{"id": "1", "type": "test.words"}], "edges": []}
    assert migrate_document(old) == {**old, "schema": 2}
    assert structure_problems(migrate_document(old)) == []


def test_a_newest_document_is_returned_as_it_is() -> None:
    assert migrate_document(FULL) is FULL


@pytest.mark.parametrize("data", [None, [], "x", {}, {"schema": "1"}, {"schema": 0}, {"schema": True}])
def test_what_has_no_version_is_no_workflow(data: Any) -> None:
    with pytest.raises(UserInputError) as caught:
        migrate_document(data)
    assert caught.value.code == "bad_document"


def test_a_newer_document_asks_for_an_update() -> None:
    with pytest.raises(UserInputError) as caught:
        migrate_document({"schema": SCHEMA_VERSION + 1})
    assert caught.value.code == "newer_schema" and "Update" in str(caught.value.remedy)
