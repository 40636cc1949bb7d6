"""The large graph that the editor's bench opens."""

from __future__ import annotations

import pytest

from nodegraph.bench.editor import grid_workflow
from nodegraph.graph import load_registry, structure_problems, validate


@pytest.mark.parametrize("nodes", [1, 3, 100])
def test_the_grid_is_a_workflow_of_that_size_whose_only_fault_is_that_it_shows_nothing(nodes: int) -> None:
    workflow = grid_workflow(nodes)
    assert len(workflow["nodes"]) == nodes
    assert structure_problems(workflow) == []
    assert [problem.code for problem in validate(workflow, load_registry())] == ["no_outputs"]


def test_the_grid_is_wired_along_its_rows() -> None:
    workflow = grid_workflow(100)
    rows = {node["pos"][1] for node in workflow["nodes"]}
    assert len(workflow["edges"]) == 100 - len(rows)
