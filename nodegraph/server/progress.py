"""Progress of a run, sent as batched deltas: a thousand fast nodes cost ten messages a second, not thousands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from nodegraph.server.messages import (
    Executing,
    ExecutingData,
    NodeState,
    Progress,
    ProgressData,
    ProgressState,
    ProgressStateData,
    ServerMessage,
)

INTERVAL_S = 0.1


class ProgressBatch:
    """Collects changes and sends them at most every `INTERVAL_S`.

    Args:
        run_id: stands in every message as prompt_id.
        send: takes a message for the run's watchers.
        loop: timers come from here.
    """

    def __init__(self, run_id: str, send: Callable[[ServerMessage], None], loop: asyncio.AbstractEventLoop) -> None:
        self._run_id = run_id
        self._send = send
        self._loop = loop
        self._states: dict[str, NodeState] = {}
        self._changed: dict[str, None] = {}
        self._active: str | None = None
        self._announced: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._next_s = 0.0

    def started(self, node: str) -> None:
        """Note that a node began."""
        self._active = node
        self._set(node, 0, 1, "running")

    def moved(self, node: str, done: float, total: float | None) -> None:
        """Note progress in the node's own unit."""
        self._active = node
        self._set(node, done, total or 0, "running")

    def ended(self, nodes: Iterable[str], *, failed: bool = False) -> None:
        """Note that nodes are done, or taken from the cache, or failed."""
        for node in nodes:
            state = self._states.get(node)
            top = max(state["max"], state["value"], 1) if state else 1
            self._set(node, state["value"] if failed and state else top, top, "error" if failed else "finished")

    def snapshot(self) -> ProgressState:
        """Return the state of every node that was touched, for a client that comes later."""
        return self._message(self._states)

    def flush(self) -> None:
        """Send what has changed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._next_s = self._loop.time() + INTERVAL_S
        if self._active is not None and self._active != self._announced:
            self._announced = self._active
            data = ExecutingData(node=self._active, display_node=self._active, prompt_id=self._run_id)
            self._send(Executing(type="executing", data=data))
        if not self._changed:
            return
        self._send(self._message({node: self._states[node] for node in self._changed}))
        if self._active in self._changed:
            state = self._states[self._active]
            bar = ProgressData(value=state["value"], max=state["max"], prompt_id=self._run_id, node=self._active)
            self._send(Progress(type="progress", data=bar))
        self._changed.clear()

    def _set(self, node: str, value: float, top: float, state: str) -> None:
        self._states[node] = NodeState(
            value=value,
            max=top,
            state=state,  # type: ignore[typeddict-item]
            node_id=node,
            display_node_id=node,
            prompt_id=self._run_id,
        )
        self._changed[node] = None
        if self._timer is None:
            self._timer = self._loop.call_at(max(self._next_s, self._loop.time()), self.flush)

    def _message(self, states: dict[str, NodeState]) -> ProgressState:
        data = ProgressStateData(prompt_id=self._run_id, nodes=dict(states))
        return ProgressState(type="progress_state", data=data)
