"""How much the executor itself costs: a chain of nodes that do nothing, run twice."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from nodegraph.engine import Event, LocalEngine, RunRequest
from nodegraph.graph import Registry, node, spec_of

__all__ = ["bench_graph", "chain_document", "chain_registry"]

REPEATS = 5


class Value(NamedTuple):
    """The number that travels down the chain."""

    value: float


@node(id="bench.increment", name="Increment")
def increment(*, value: float = 0.0) -> Value:
    """Add one."""
    return Value(value + 1.0)


@node(id="bench.end", name="End", output=True)
def end(*, value: float) -> Value:
    """End the chain: a run needs a node that shows something."""
    return Value(value)


def chain_registry() -> Registry:
    """Return the registry that holds the two nodes of the chain."""
    specs = [spec_of(increment), spec_of(end)]
    return Registry(spec for spec in specs if spec is not None)


def chain_document(nodes: int) -> dict[str, Any]:
    """Return a workflow of `nodes` nodes in one chain; at least two."""
    assert nodes >= 2, "a chain has a beginning and an end"
    last = nodes - 1
    kinds = ["bench.increment"] * last + ["bench.end"]
    return {
        "schema": 1,
        "id": "bench-chain",
        "name": f"Chain of {nodes}",
        "nodes": [{"id": str(i), "type": kind, "version": 1, "inputs": {}} for i, kind in enumerate(kinds)],
        "edges": [{"from": [str(i), "value"], "to": [str(i + 1), "value"]} for i in range(last)],
    }


def bench_graph(
    nodes: int, *, repeats: int = REPEATS, clock: Callable[[], float] = time.perf_counter
) -> dict[str, Any]:
    """Time a chain of `nodes` trivial nodes from the document to the end of the run, in ms.

    `clock` gives seconds; with `time.process_time` other programs on the machine do not count.

    Returns:
        `nodes`; `uncached_ms` and `cached_ms`, each the median over `repeats`: with an empty cache, and the re-run.
    """
    with tempfile.TemporaryDirectory() as folder:
        times = [asyncio.run(_twice(nodes, Path(folder), clock)) for _ in range(repeats)]
    return {
        "nodes": nodes,
        "uncached_ms": round(statistics.median(first for first, _ in times), 3),
        "cached_ms": round(statistics.median(second for _, second in times), 3),
    }


async def _twice(nodes: int, data_dir: Path, clock: Callable[[], float]) -> tuple[float, float]:
    engine = LocalEngine(chain_registry(), data_dir=data_dir, cache_items=nodes)
    document = chain_document(nodes)
    return await _run_ms(engine, document, clock), await _run_ms(engine, document, clock)


async def _run_ms(engine: LocalEngine, document: dict[str, Any], clock: Callable[[], float]) -> float:
    events: list[Event] = []
    started = clock()
    outcome = await engine.start(RunRequest(run_id="bench", document=document, live=False), events.append).wait()
    elapsed_ms = (clock() - started) * 1e3
    assert outcome.status == "succeeded", outcome
    return elapsed_ms
