"""Random graphs of values, streams and stateful stages against a plain simulation, rendered and live."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nodegraph.engine import Control
from tests.fakes import SHOWN, Runner, document

TICKS = 7
KINDS = ("number", "count", "add", "filter", "scale")


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[tuple[str, list[int]]], dict[tuple[int, int], float]]:
    """Draw nodes as (kind, sources) and controls as (number node, tick) -> value."""
    nodes: list[tuple[str, list[int]]] = [("count", [])]
    for i in range(1, draw(st.integers(2, 12))):
        kind = draw(st.sampled_from(KINDS))
        inputs = {"number": 0, "count": 0, "scale": 1}.get(kind, 2)
        nodes.append((kind, [draw(st.integers(0, i - 1)) for _ in range(inputs)]))
    numbers = [i for i, (kind, _) in enumerate(nodes) if kind == "number"]
    times = st.tuples(st.sampled_from(numbers), st.integers(0, TICKS - 1)) if numbers else st.nothing()
    return nodes, draw(st.dictionaries(times, st.integers(-50, 50).map(float), max_size=4)) if numbers else {}


def simulate(nodes: list[tuple[str, list[int]]], controls: dict[tuple[int, int], float]) -> list[list[float]]:
    """Return the items of every node, by the definition of the nodes and of ticks alone."""
    rows: list[list[float]] = []
    for i, (kind, sources) in enumerate(nodes):
        row: list[float] = []
        value, state = 1.0, 0.0
        for t in range(TICKS):
            entering = [rows[source][t] for source in sources]
            value = controls.get((i, t), value)
            state = state * 0.5 + sum(entering) if kind == "filter" else state
            made = {"number": value, "count": t + 1.0, "filter": state, "scale": entering[0] if entering else 0.0}
            row.append(made.get(kind, sum(entering)))
        rows.append(row)
    return rows


def as_document(nodes: list[tuple[str, list[int]]]) -> dict[str, Any]:
    """Wire the nodes up and collect the last of them and, beside it, the first."""
    ports = {"add": ("a", "b"), "filter": ("a", "b"), "scale": ("values",)}
    edges = [f"{s}.value > {i}.{ports[k][j]}" for i, (k, found) in enumerate(nodes) for j, s in enumerate(found)]
    kinds: dict[str, Any] = {str(i): f"test.{kind}" for i, (kind, _) in enumerate(nodes)}
    ends = (f"{len(nodes) - 1}.value > end.values", "0.value > side.values")
    return document({**kinds, "end": "test.collect", "side": "test.collect"}, *edges, *ends)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_render_and_live_both_equal_the_simulation(
    drawn: tuple[list[tuple[str, list[int]]], dict[tuple[int, int], float]],
) -> None:
    nodes, controls = drawn
    workflow = as_document(nodes)
    expected = simulate(nodes, controls)
    with tempfile.TemporaryDirectory() as folder:
        for live in (False, True):
            asyncio.run(run_and_compare(Path(folder), workflow, controls, live, [expected[-1], expected[0]]))


async def run_and_compare(
    folder: Path,
    workflow: dict[str, Any],
    controls: dict[tuple[int, int], float],
    live: bool,
    expected: list[list[float]],
) -> None:
    runner = Runner(folder)
    run = runner.start(workflow, ticks=TICKS, live=live)
    for (node, tick), value in controls.items():
        if str(node) in run._plan.streams:
            run.control(Control(id="c", node=str(node), input="value", value=value, tick=tick))
    outcome = await asyncio.wait_for(run.wait(), 30)
    assert outcome.status == "succeeded" and outcome.ticks_done == TICKS
    assert sorted(SHOWN) == sorted(expected)
