"""Value nodes: evaluated once, in order, and only where an earlier run has not left the result.

The work is a queue of nodes (`_todo`) that is taken from the front, and results by node (`results`); nothing else knows
the shape of the graph while it runs, so a node could put further nodes in front of the queue.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from nodegraph.engine.boundary import NODE_ERRORS, node_error
from nodegraph.engine.cache import ValueCache
from nodegraph.engine.context import NodeContext, Surroundings
from nodegraph.engine.events import NodeFailed, NodesCached, NodesFinished, NodeStarted
from nodegraph.engine.outlast import outlast
from nodegraph.engine.plans import Prepared
from nodegraph.errors import NodegraphError
from nodegraph.graph import Live, NodeSpec, PlannedNode
from nodegraph.values import Generator

__all__ = ["THREAD", "ValuePhase", "checked_result"]

THREAD = "values"
_REPORT_S = 0.1


def checked_result(result: Any, spec: NodeSpec) -> tuple[Any, ...]:
    """Return what a node handed out if it is what its signature promises.

    Raises:
        NodegraphError: "node_failed", where it is something else.
    """
    if spec.result_type is None:
        return ()
    if isinstance(result, spec.result_type):
        return result
    raise NodegraphError(
        "node_failed",
        f"Node type {spec.id} returned something else than it declares.",
        got=type(result).__name__,
        expected=spec.result_type.__name__,
        remedy=f"Report this to the author of the pack {spec.pack}.",
    )


def _replaced(result: tuple[Any, ...], stand_in: Callable[[Generator], Generator]) -> tuple[Any, ...]:
    if not any(isinstance(value, Generator) for value in result):
        return result
    make: Any = type(result)  # a NamedTuple, made from its fields
    found: tuple[Any, ...] = make(*(stand_in(value) if isinstance(value, Generator) else value for value in result))
    return found


class ValuePhase:
    """Evaluates value nodes.

    Args:
        known: fingerprint -> result, of a run that goes on: these are not made again, even where they show or save.

    Attributes:
        results: node -> its NamedTuple.
        failed: nodes that raised, and all that needed them.
    """

    def __init__(
        self,
        prepared: Prepared,
        cache: ValueCache,
        around: Surroundings,
        known: Mapping[bytes, tuple[Any, ...]] | None = None,
    ) -> None:
        self._prepared = prepared
        self._plan = prepared.plan
        self._cache = cache
        self._around = around
        self._known = known or {}
        self._marks: dict[str, bytes] = {}
        self._todo: deque[PlannedNode] = deque()
        self._current: str | None = None
        self._done: deque[str] = deque()  # appended to in the worker thread
        self._cancelled = threading.Event()
        self.results: dict[str, tuple[Any, ...]] = {}
        self.failed: set[str] = set()
        self.first_error: NodegraphError | None = None

    @property
    def marks(self) -> Mapping[str, bytes]:
        """Node -> fingerprint of its result; known once `run` has begun."""
        return self._marks

    def known(self) -> dict[bytes, tuple[Any, ...]]:
        """Return fingerprint -> result of what was made, for an edit of this run."""
        return {self._marks[node]: result for node, result in self.results.items() if node in self._marks}

    async def run(self) -> None:
        """Evaluate what the run needs before its first tick."""
        nodes = [self._plan.nodes[node] for node in self._plan.values]
        self._marks = self._prepared.marks(self._around.inputs)
        todo = self._missing(nodes)
        missing = {node.id for node in todo}
        cached = tuple(node.id for node in nodes if node.id not in missing)
        if cached:
            self._around.emit(NodesCached(cached))
        await self.evaluate(todo)
        if self._around.stand_in is not None:
            self.results = {node: _replaced(result, self._around.stand_in) for node, result in self.results.items()}

    async def evaluate(self, nodes: Iterable[PlannedNode]) -> None:
        """Evaluate nodes in order; plain functions run together in a worker thread, coroutines in the loop."""
        self._todo.extend(nodes)
        while self._todo:
            if self._todo[0].spec.asynchronous:
                await self._await_one(self._todo.popleft())
            else:
                batch = []
                while self._todo and not self._todo[0].spec.asynchronous:
                    batch.append(self._todo.popleft())
                await self._in_thread(batch)

    def cancel(self) -> None:
        """Begin no further node in the worker thread; called when the run is stopped."""
        self._cancelled.set()

    def _missing(self, nodes: list[PlannedNode]) -> list[PlannedNode]:
        """Walk from what is wanted towards the sources and stop at results that are still held."""
        wanted = {node for node in self._plan.targets if node in self._marks}
        for later in (*self._plan.streams, *self._plan.closing):
            wanted.update(wire.source for wire in self._plan.nodes[later].wires.values())
        missing: list[PlannedNode] = []
        for node in reversed(nodes):
            if node.id not in wanted:
                continue
            held = self._known.get(self._marks[node.id])
            if held is None and not node.spec.output_node:
                held = self._cache.get(self._marks[node.id])
            if held is not None:
                self.results[node.id] = held
            else:
                missing.append(node)
                wanted.update(wire.source for wire in node.wires.values())
        missing.reverse()
        return missing

    async def _await_one(self, node: PlannedNode) -> None:
        if self._skips(node):
            return
        self._around.emit(NodeStarted(node.id))
        try:
            self._keep(node, checked_result(await node.spec.target(**self._arguments(node)), node.spec))
        except NODE_ERRORS as error:
            self._fail(node, error)
        self._report()

    async def _in_thread(self, batch: list[PlannedNode]) -> None:
        work = asyncio.ensure_future(self._around.workers.call(THREAD, self._evaluate_batch, batch))
        reported: str | None = None
        try:
            while not work.done():
                await asyncio.wait([work], timeout=_REPORT_S)
                if not work.done() and self._current != reported and (current := self._current) is not None:
                    self._report()
                    self._around.emit(NodeStarted(current))
                    reported = current
        except asyncio.CancelledError:
            self.cancel()
            work.cancel()
            await outlast([work])
            raise
        finally:
            self._current = None
            self._report()
        work.result()

    def _evaluate_batch(self, batch: list[PlannedNode]) -> None:
        for node in batch:
            if self._cancelled.is_set():
                return
            if self._skips(node):
                continue
            self._current = node.id
            try:
                self._keep(node, checked_result(node.spec.target(**self._arguments(node)), node.spec))
            except NODE_ERRORS as error:
                self._fail(node, error)

    def _arguments(self, node: PlannedNode) -> dict[str, Any]:
        arguments = dict(node.literals)
        for name, wire in node.wires.items():
            arguments[name] = self.results[wire.source][wire.slot]
        for port in node.spec.inputs:
            if port.mode == "live":
                arguments[port.name] = Live(arguments[port.name])
        if node.spec.context_param is not None:
            arguments[node.spec.context_param] = NodeContext(self._around, node.id, THREAD)
        return arguments

    def _skips(self, node: PlannedNode) -> bool:
        if any(wire.source in self.failed for wire in node.wires.values()):
            self.failed.add(node.id)
            return True
        return False

    def _keep(self, node: PlannedNode, result: tuple[Any, ...]) -> None:
        self.results[node.id] = result
        self._done.append(node.id)
        mark = self._marks.get(node.id)
        if mark is not None and not node.spec.output_node:
            self._cache.put(mark, result)

    def _fail(self, node: PlannedNode, error: BaseException) -> None:
        found = node_error(error, node.id, node.spec.id)
        self.failed.add(node.id)
        self.first_error = self.first_error or found
        self._around.emit(NodeFailed(node.id, found))

    def _report(self) -> None:
        done = tuple(self._done.popleft() for _ in range(len(self._done)))
        if done:
            self._around.emit(NodesFinished(done))
