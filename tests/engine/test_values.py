"""Value nodes: run once, found again by fingerprint, failing behind one boundary."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest

from nodegraph.bench.graph import bench_graph
from nodegraph.engine import LocalEngine, RunRequest
from nodegraph.engine.cache import ValueCache
from nodegraph.engine.events import NodeFailed, NodesCached, NodesFinished, NodeStarted, RunFinished, RunStarted
from nodegraph.errors import NodegraphError
from nodegraph.graph import File, InvalidWorkflow, Registry, node, spec_of
from nodegraph.values import Generator
from tests.fakes import CALLS, SHOWN, Runner, Words, document


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


CHAIN = document(
    {"a": "test.add", "b": "test.add", "c": "test.add", "s": "test.show"},
    "a.value > b.a",
    "b.value > c.a",
    "c.value > s.value",
)


def changed(data: dict[str, Any], name: str, **inputs: Any) -> dict[str, Any]:
    nodes = [{**item, "inputs": inputs} if item["id"] == name else item for item in data["nodes"]]
    return {**data, "nodes": nodes}


async def test_values_run_once_in_order(runner: Runner) -> None:
    outcome = await runner.run(CHAIN)
    assert (outcome.status, SHOWN, len(CALLS)) == ("succeeded", [3.0], 3)
    assert isinstance(runner.events[0], RunStarted) and isinstance(runner.events[-1], RunFinished)
    assert [event.nodes for event in runner.seen(NodesFinished)] == [("a", "b", "c", "s")]


async def test_a_rerun_only_runs_the_output(runner: Runner) -> None:
    await runner.run(CHAIN)
    await runner.run(CHAIN)
    assert (SHOWN, CALLS) == ([3.0], [])
    assert runner.seen(NodesCached) == [NodesCached(("a", "b", "c"))]


async def test_a_change_runs_what_stands_behind_it(runner: Runner) -> None:
    await runner.run(CHAIN)
    await runner.run(changed(CHAIN, "b", b=2))
    assert (SHOWN, len(CALLS)) == ([4.0], 2)


async def test_one_and_one_point_oh_and_true_are_different_values(runner: Runner) -> None:
    data = document({"p": ("test.pass", {"value": 1}), "s": "test.show"}, "p.value > s.value")
    for value in (1, 1.0, True, "1"):
        await runner.run(changed(data, "p", value=value))
        assert type(SHOWN[0]) is type(value)


async def test_values_are_shared_by_equal_nodes(runner: Runner) -> None:
    """A copy of a node elsewhere in the graph finds the result that the first one leaves behind in a later run."""
    await runner.run(CHAIN)
    other = document({"x": "test.add", "s": "test.show"}, "x.value > s.value")
    await runner.run(other)
    assert CALLS == []


async def test_a_new_picture_under_an_old_name_is_seen(tmp_path: Path) -> None:
    (tmp_path / "input").mkdir()
    file = tmp_path / "input" / "a.txt"

    @node(id="test.read")
    def read(*, file: Annotated[str, File()]) -> Words:
        """Read a file of the input folder."""
        return Words((tmp_path / "input" / file).read_text())

    specs = [spec_of(read), *Runner(tmp_path).engine._registry]  # the shared nodes and one more
    engine = LocalEngine(Registry(spec for spec in specs if spec is not None), data_dir=tmp_path)
    data = document({"r": ("test.read", {"file": "a.txt"}), "s": "test.show"}, "r.text > s.value")
    SHOWN.clear()
    for text, moment in (("one", 1), ("two", 2), ("two", 2)):
        file.write_text(text)
        os.utime(file, ns=(moment, moment))
        await engine.start(RunRequest(run_id="r", document=data, live=False), lambda event: None).wait()
    assert SHOWN == ["one", "two", "two"]


async def test_a_run_seed_replaces_the_widgets(runner: Runner) -> None:
    data = document({"n": ("test.seed", {"seed": 1}), "s": "test.show"}, "n.seed > s.value")
    run = runner.start(data, seed=99)
    await run.wait()
    assert SHOWN == [99] and run.document["nodes"][0]["inputs"] == {"seed": 99}


async def test_coroutines_and_functions_mix(runner: Runner) -> None:
    nodes = {"a": "test.add", "b": ("test.add_async", {"b": 10}), "c": "test.add", "s": "test.show"}
    outcome = await runner.run(document(nodes, "a.value > b.a", "b.value > c.a", "c.value > s.value"))
    assert outcome.status == "succeeded" and SHOWN == [12.0]
    assert runner.seen(NodeStarted) == [NodeStarted("b")]


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [
        ("plain", "node_failed", "RuntimeError: broken inside"),
        ("memory", "out_of_memory", "MemoryError"),
        ("device", "out_of_memory", "CUDA"),
        ("user", "out_of_range", "Too big."),
        ("exit", "node_failed", "SystemExit: 3"),
    ],
)
async def test_an_exception_becomes_an_error_that_names_node_and_remedy(
    runner: Runner, kind: str, code: str, says: str
) -> None:
    nodes = {"f": ("test.fail", {"kind": kind}), "s": "test.show"}
    outcome = await runner.run(document(nodes, "f.value > s.value"))
    assert outcome.status == "failed" and outcome.error is not None and SHOWN == []
    assert (outcome.error.code, outcome.error.node) == (code, "f")
    assert says in str(outcome.error) and outcome.error.remedy
    assert runner.seen(NodeFailed) == [NodeFailed("f", outcome.error)]
    if kind == "user":
        assert outcome.error.port == "a"


async def test_independent_branches_go_on_after_a_failure(runner: Runner) -> None:
    nodes = {"f": "test.fail", "x": "test.add", "s": "test.show", "a": "test.add", "t": "test.show"}
    outcome = await runner.run(document(nodes, "f.value > x.a", "x.value > s.value", "a.value > t.value"))
    assert outcome.status == "failed" and SHOWN == [1.0]


async def test_a_failure_is_not_remembered(runner: Runner) -> None:
    data = document({"f": "test.fail", "s": "test.show"}, "f.value > s.value")
    await runner.run(data)
    assert (await runner.run(data)).status == "failed"


async def test_a_result_of_the_wrong_kind_is_the_nodes_failure(runner: Runner) -> None:
    outcome = await runner.run(document({"w": "test.wrong", "s": "test.show"}, "w.value > s.value"))
    assert outcome.error is not None and outcome.error.code == "node_failed"
    assert (outcome.error.got, outcome.error.expected) == ("int", "Value")


async def test_an_invalid_workflow_does_not_start(runner: Runner) -> None:
    with pytest.raises(InvalidWorkflow):
        runner.start(document({"a": "test.add"}))
    assert runner.events == []


async def test_a_document_that_is_not_json_is_refused(runner: Runner) -> None:
    with pytest.raises(NodegraphError) as caught:
        runner.start(changed(CHAIN, "a", a={1, 2}))
    assert caught.value.code == "bad_document"


async def test_a_document_changed_after_its_run_is_a_new_one(runner: Runner) -> None:
    data = changed(CHAIN, "a", a=1)
    await runner.run(data)
    data["nodes"][0]["inputs"]["a"] = 5
    await runner.run(data)
    assert SHOWN == [8.0]
    data["nodes"][0]["inputs"]["a"] = 1
    await runner.run(data)
    assert SHOWN == [4.0]


async def test_targets_run_alone(runner: Runner) -> None:
    data = document({"a": "test.add", "s": "test.show", "t": "test.show"}, "a.value > s.value", "a.value > t.value")
    await runner.run(data, targets=("t",))
    assert len(SHOWN) == 1


def test_the_cache_forgets_what_was_not_used_for_longest() -> None:
    cache = ValueCache(2)
    cache.put(b"a", (1,))
    cache.put(b"b", (2,))
    assert cache.get(b"a") == (1,)
    cache.put(b"c", (3,))
    assert (cache.get(b"a"), cache.get(b"b"), cache.get(b"c"), len(cache)) == ((1,), None, (3,), 2)


def test_the_cache_is_bounded_in_bytes_too() -> None:
    cache = ValueCache(100, nbytes=250)
    model = Generator(handle=np.zeros(1000, np.uint8), preset="fake", width=8, height=8)
    cache.put(b"model", (model,))
    for name in (b"a", b"b", b"a", b"c"):
        cache.put(name, (np.zeros(100, np.uint8),))
    assert cache.nbytes == 200 and cache.get(b"b") is None and cache.get(b"a") is not None
    cache.put(b"large", (np.zeros(251, np.uint8),))
    assert cache.get(b"large") is None and cache.nbytes == 200, "what is larger by itself is not held"


async def test_a_chain_longer_than_the_cache_is_found_by_its_end(tmp_path: Path) -> None:
    runner = Runner(tmp_path, cache_items=1)
    await runner.run(CHAIN)
    await runner.run(CHAIN)
    assert CALLS == [] and SHOWN == [3.0]


def test_a_thousand_nodes_are_quick_and_ten_thousand_cost_about_ten_times_as_much() -> None:
    """The bounds of the product, in processor time: the machine may be shared."""
    small = bench_graph(1000, repeats=3, clock=time.process_time)
    large = bench_graph(10_000, repeats=1, clock=time.process_time)
    assert small["uncached_ms"] < 100 and small["cached_ms"] < 20
    # A cost that grew with the square would be a hundred times as much; caches and neighbours take their part.
    assert large["uncached_ms"] < 40 * small["uncached_ms"]


async def test_many_nodes_send_few_events(tmp_path: Path) -> None:
    nodes: dict[str, Any] = {str(i): "test.add" for i in range(2000)}
    edges = [f"{i}.value > {i + 1}.a" for i in range(1999)]
    runner = Runner(tmp_path)
    started = time.perf_counter()
    await runner.run(document({**nodes, "s": "test.show"}, *edges, "1999.value > s.value"))
    assert SHOWN == [2000.0]
    assert len(runner.events) < 30 + 20 * (time.perf_counter() - started)
