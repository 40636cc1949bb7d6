"""What an edit takes: a value, a swap, or another run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import pytest

from nodegraph.errors import NodegraphError
from nodegraph.graph import make_plan, node
from nodegraph.graph.difference import Difference, difference
from tests.fakes import document, registry

NODES: dict[str, Any] = {"n": "test.number", "c": "test.count", "f": "test.filter", "s": "test.collect"}
EDGES = ("n.value > c.step", "c.value > f.a", "f.value > s.values")


def change(nodes: dict[str, Any], *edges: str, broken: tuple[str, ...] = ()) -> Difference:
    """Return what it takes to get from the workflow above to another; its nodes have no values of their own."""
    old = make_plan(document(NODES, *EDGES), registry())
    new = make_plan(document({**NODES, **nodes}, *(edges or EDGES)), registry())
    marks = dict.fromkeys(("n", "m"), b"same")
    return difference(old, new, marks, marks, broken)


def test_where_nothing_changes_nothing_is_done() -> None:
    found = change({})
    assert (found.kind, found.kept, found.added, found.removed) == ("hot", {"n", "c", "f", "s"}, (), ())
    assert found.changes == () and found.values == {}


def test_a_value_of_a_live_input_is_hot() -> None:
    found = change({"n": ("test.number", {"value": 4})})
    assert found.kind == "hot" and found.values == {("n", "value"): 4.0}


def test_an_input_that_is_fixed_for_the_run_begins_its_node_again() -> None:
    found = change({"c": ("test.count", {"limit": 9})})
    assert (found.kind, found.added, found.removed) == ("warm", ("c",), ("c",))
    assert found.changes == ("changes test.count c",)


def test_another_wire_into_a_live_input_keeps_both_nodes() -> None:
    found = change({"m": "test.number"}, "m.value > c.step", "c.value > f.a", "n.value > f.b", "f.value > s.values")
    assert found.kind == "warm" and found.kept == {"n", "c", "f", "s"} and found.added == ("m",)
    assert set(found.changes) == {"adds test.number m", "rewires test.count c", "rewires test.filter f"}


def test_a_wire_that_is_taken_out_leaves_the_documents_value() -> None:
    found = change({}, "c.value > f.a", "f.value > s.values")
    assert found.kind == "warm" and found.removed == ("n",) and found.values == {("c", "step"): 1.0}


def test_what_has_failed_begins_again() -> None:
    found = change({}, broken=("f",))
    assert (found.kind, found.added, found.changes) == ("warm", ("f",), ("restarts test.filter f",))


class Out(NamedTuple):
    value: float


async def generator(*, tick: AsyncIterator[int]) -> AsyncIterator[Out]:
    """Count."""
    async for t in tick:
        yield Out(float(t))


def plain(*, value: float = 0.0) -> Out:
    """Hand it on."""
    return Out(value)


def test_only_a_stateful_node_holds_a_session_and_only_a_generator_hides_its_state() -> None:
    with pytest.raises(NodegraphError, match="hold a session"):
        node(id="declare.session", session=True)(generator)
    with pytest.raises(NodegraphError, match="hidden state"):
        node(id="declare.hidden", hidden_state=True)(plain)
