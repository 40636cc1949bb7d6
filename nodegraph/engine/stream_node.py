"""Drives the code of one stream node: a generator, a stateful object, a fold, or a value node fed by streams."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from nodegraph.engine.context import NodeContext
from nodegraph.engine.join import Gate
from nodegraph.engine.outlet import Outlet
from nodegraph.engine.taps import NodeTap
from nodegraph.engine.value_phase import checked_result
from nodegraph.engine.workers import Workers
from nodegraph.graph import Live, PlannedNode

__all__ = ["StreamNode"]

SLOW_S = 0.002
"""A plain function that took longer runs in a thread from then on, so that it does not hold up the event loop."""


class StreamNode:
    """One node, connected and ready to run.

    Args:
        constants: inputs that never change.
        lives: inputs whose value is put in place before each tick; the gate and the controls write to them.
        streams: names of the `AsyncIterator` parameters.
        first: the tick of its first item.

    Attributes:
        items: the tick of its next item.
    """

    def __init__(
        self,
        planned: PlannedNode,
        gate: Gate,
        outlet: Outlet,
        context: NodeContext,
        tap: NodeTap,
        constants: Mapping[str, Any],
        lives: Mapping[str, Live[Any]],
        streams: Sequence[str],
        workers: Workers,
        *,
        first: int,
    ) -> None:
        self._planned = planned
        self._spec = planned.spec
        self._gate = gate
        self._outlet = outlet
        self._tap = tap
        self._lives = lives
        self._self_paced = bool(streams)
        self._workers = workers
        self._instance: Any = None
        self._slow_snapshot = False
        self._arguments: dict[str, Any] = {**constants, **{name: gate.iterate(name) for name in streams}}
        if self._spec.context_param is not None:
            self._arguments[self._spec.context_param] = context
        self.items = first

    @property
    def has_state(self) -> bool:
        """True for a stateful node with outputs; one that only shows or saves is not rewound."""
        return self._spec.kind == "stateful" and not self._spec.fold

    def construct(self, snapshot: Any = None) -> None:
        """Make the object of a stateful node, from a snapshot where there is one; later calls do nothing."""
        if self._spec.kind == "stateful" and self._instance is None:
            instance = self._spec.target()
            if snapshot is not None:
                instance.restore(snapshot)
            self._instance = instance

    async def snapshot(self) -> Any:
        """Return the state of a stateful node that waits for its next tick; slow ones are copied in their thread."""
        if self._slow_snapshot:
            return await self._workers.call(self._planned.id, self._instance.snapshot)
        started = time.perf_counter()
        state = self._instance.snapshot()
        self._slow_snapshot = time.perf_counter() - started > SLOW_S
        return state

    def snapshot_now(self) -> Any:
        """Return the same at once; None where the node has not begun."""
        return None if self._instance is None else self._instance.snapshot()

    async def run(self, on_item: Callable[[int], None]) -> tuple[Any, ...] | None:
        """Run to the end; `on_item` gets the tick after each item's. Return the result of a node that has one."""
        if self._spec.kind == "value":
            await self._lift(on_item)
            return None
        self.construct()
        target: Callable[..., Any] = self._instance.run if self._spec.kind == "stateful" else self._spec.target
        if self._spec.fold:
            return checked_result(await target(**self._arguments, **self._lives), self._spec)
        await self._generate(target(**self._arguments, **self._lives), on_item)
        return None

    def close(self) -> None:
        """Release producers and consumers."""
        self._gate.close()
        self._outlet.finish()

    def dissolve(self) -> None:
        """Let go of its object and its inputs; it has ended."""
        self._instance = None
        self._arguments.clear()

    async def _generate(self, generator: AsyncGenerator[Any, None], on_item: Callable[[int], None]) -> None:
        async with aclosing(generator) as items:
            while not self._outlet.abandoned:
                if not self._self_paced and not await self._gate.advance():
                    return
                try:
                    item = await anext(items)
                except StopAsyncIteration:
                    return
                await self._hand_on(self.items, checked_result(item, self._spec), on_item)

    async def _lift(self, on_item: Callable[[int], None]) -> None:
        """Evaluate a value node every tick; where no input has changed, the last result serves again."""
        result: tuple[Any, ...] = ()
        previous: list[Any] | None = None
        in_thread = False
        while await self._gate.advance():
            current = [live.value for live in self._lives.values()]
            if self._spec.output_node or previous is None or not _same(previous, current):
                arguments = self._arguments | {name: self._lift_argument(name) for name in self._lives}
                started = time.perf_counter()
                found = self._call(arguments, in_thread)
                result = checked_result(await found if self._spec.asynchronous or in_thread else found, self._spec)
                slow = not self._spec.asynchronous and time.perf_counter() - started > SLOW_S
                in_thread = in_thread or slow
                previous = current
            await self._hand_on(self._gate.tick, result, on_item)

    async def _hand_on(self, tick: int, item: tuple[Any, ...], on_item: Callable[[int], None]) -> None:
        self._tap.show(tick, item)
        await self._outlet.put(tick, item)
        self.items = max(self.items, tick + 1)
        on_item(self.items)
        await self._tap.keep_pace()

    def _call(self, arguments: dict[str, Any], in_thread: bool) -> Any:
        target: Callable[..., Any] = self._spec.target
        if in_thread:
            return self._workers.call(self._planned.id, lambda: target(**arguments))
        return target(**arguments)

    def _lift_argument(self, name: str) -> Any:
        port = self._spec.input(name)
        live = self._lives[name]
        return live if port is not None and port.mode == "live" else live.value


def _same(previous: Sequence[Any], current: Sequence[Any]) -> bool:
    """Compare inputs: plain values by value, all others by identity, because arrays do not compare to one truth."""
    return all(
        old is new or (type(old) is type(new) and isinstance(new, (str, int, float)) and old == new)
        for old, new in zip(previous, current, strict=True)
    )
