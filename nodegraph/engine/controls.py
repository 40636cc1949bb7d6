"""Controls: new values for `Live` inputs, each bound to the tick at which it takes effect."""

from __future__ import annotations

from bisect import insort_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nodegraph.engine.events import ControlApplied, Event
from nodegraph.engine.protocol import Control, Receipt
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.graph import InvalidWorkflow, Live, Plan, coerced, value_problem

__all__ = ["ControlTable"]


@dataclass(frozen=True)
class _Pending:
    """A value that waits for its tick. `by_edit`: it comes from the document; at one tick controls go after it."""

    id: str
    input: str
    value: Any
    tick: int
    by_edit: bool

    @property
    def order(self) -> tuple[int, bool]:
        return self.tick, not self.by_edit


class ControlTable:
    """Accepts controls, logs them and hands them to the nodes.

    Args:
        first: the run's first tick.
        seen_from: ticks before it are replayed: nothing new takes effect there, and what does is not reported.

    Attributes:
        log: every accepted control with its tick, in the order of arrival.
        begun: the newest tick that any node has begun; the one before `first` at the start.
    """

    def __init__(
        self, plan: Plan, ticks: int | None, emit: Callable[[Event], None], *, first: int = 0, seen_from: int = 0
    ) -> None:
        self._ticks = ticks
        self._emit = emit
        self._first = first
        self.seen_from = seen_from
        self._pending: dict[str, list[_Pending]] = {}
        self._in_force: dict[str, dict[str, Any]] = {}
        self._plan = plan
        self._streams = frozenset(plan.streams)
        self.log: list[Control] = []
        self.begun = first - 1

    @property
    def next_tick(self) -> int:
        """The first tick that no node has begun and that is not replayed."""
        return max(self.begun + 1, self.seen_from)

    def accept(self, control: Control) -> Receipt:
        """Check a control and bind it to a tick; a tick that has begun already is moved to the first that has not.

        Raises:
            UserInputError: the input takes no controls, the value is not allowed, or the run ends before.
        """
        value = self._checked(control)
        tick = max(self.next_tick, control.tick or 0)
        self._refuse_late(control, tick)
        self._take(replace(control, value=value, tick=tick))
        return Receipt(control.id, tick)

    def replay(self, control: Control, *, edits_follow: bool) -> None:
        """Take a control of an earlier run's log; one before the first tick is left out.

        With `edits_follow` a control that does not fit the plan may be for a node that an edit will bring.

        Raises:
            UserInputError: see `accept`.
        """
        tick = control.tick or 0
        if tick < self._first:
            return
        self._refuse_late(control, tick)
        try:
            value = self._checked(control)
        except NodegraphError:
            if not edits_follow:
                raise
            value = control.value
        self._take(replace(control, value=value, tick=tick))

    def schedule(self, edit_id: str, values: Mapping[tuple[str, str], Any], tick: int) -> None:
        """Put in force what an edited document says, at a tick that nobody has begun."""
        for (node, name), value in values.items():
            self._queue(node, _Pending(edit_id, name, value, tick, by_edit=True))

    def begin(self, node: str, tick: int, lives: Mapping[str, Live[Any]], wired: Collection[str]) -> None:
        """Put in force what the node must see at `tick`, and report it. A wire wins over a control."""
        self.begun = max(self.begun, tick)
        pending = self._pending.get(node)
        while pending and pending[0].tick <= tick:
            found = pending.pop(0)
            live = lives.get(found.input)
            if live is None or found.input in wired:
                continue
            live.value = found.value
            if found.by_edit:
                self._in_force.get(node, {}).pop(found.input, None)
            else:
                self._in_force.setdefault(node, {})[found.input] = found.value
            if tick >= self.seen_from:
                self._emit(ControlApplied(found.id, node, found.input, tick))

    def in_force(self, node: str, tick: int) -> dict[str, Any]:
        """Return input -> the value that controls gave it before `tick`, where no edit up to that tick has undone it.

        The node has begun the tick before.
        """
        undone = {found.input for found in self._pending.get(node, ()) if found.by_edit and found.tick <= tick}
        return {name: value for name, value in self._in_force.get(node, {}).items() if name not in undone}

    def restore(self, node: str, lives: Mapping[str, Live[Any]], values: Mapping[tuple[str, str], Any]) -> None:
        """Put in force what controls had left in a node's inputs."""
        for (owner, name), value in values.items():
            if owner == node and name in lives:
                lives[name].value = value
                self._in_force.setdefault(node, {})[name] = value

    def forget(self, node: str, name: str) -> None:
        """The document rules an input again, or a wire does."""
        self._in_force.get(node, {}).pop(name, None)

    def drop_edits(self, node: str) -> set[str]:
        """Forget values that edits have put before a node and that it has not seen; return the inputs."""
        pending = self._pending.get(node, [])
        self._pending[node] = [found for found in pending if not found.by_edit]
        return {found.input for found in pending if found.by_edit}

    def replan(self, plan: Plan, tick: int, begun_anew: Collection[str]) -> None:
        """Follow another plan from `tick` on; nodes that begin there know nothing of earlier controls."""
        self._plan = plan
        self._streams = frozenset(plan.streams)
        for node in set(self._in_force) - self._streams | set(begun_anew):
            self._in_force.pop(node, None)
        for node in begun_anew:
            self._pending[node] = [found for found in self._pending.get(node, ()) if found.tick >= tick]

    def _take(self, control: Control) -> None:
        assert control.tick is not None, "accepted controls have a tick"
        self.log.append(control)
        self._queue(control.node, _Pending(control.id, control.input, control.value, control.tick, by_edit=False))

    def _queue(self, node: str, found: _Pending) -> None:
        insort_right(self._pending.setdefault(node, []), found, key=lambda other: other.order)

    def _refuse_late(self, control: Control, tick: int) -> None:
        if self._ticks is not None and tick >= self._ticks:
            raise UserInputError(
                "bad_request",
                f"The run ends before this control of node {control.node} could take effect.",
                got=f"tick {tick}",
                expected=f"a tick before {self._ticks}",
                remedy="Start another run.",
                node=control.node,
                port=control.input,
            )

    def _checked(self, control: Control) -> object:
        planned = self._plan.nodes.get(control.node)
        if planned is None:
            raise _refused(control, "does not take part in this run", "Address a node that runs.", "not_found")
        port = planned.spec.input(control.input)
        if port is None:
            names = ", ".join(found.name for found in planned.spec.inputs if found.mode == "live")
            raise _refused(control, f"has no input named {control.input}", f"Use one of: {names}.", "unknown_port")
        if port.mode != "live":
            remedy = "Stop the run, change the value and start again."
            raise _refused(control, f"keeps {control.input} for the whole run", remedy, "bad_request")
        if control.input in planned.wires:
            remedy = "Control the node at the other end, or remove the wire."
            raise _refused(control, f"gets {control.input} over a wire", remedy, "bad_request")
        if control.node not in self._streams:
            remedy = "Wire it into an input that follows changes, or start again."
            raise _refused(control, "was evaluated once, before the first tick", remedy, "bad_request")
        problem = value_problem(control.value, port, control.node)
        if problem is not None:
            raise InvalidWorkflow([problem])
        return coerced(control.value, port)


def _refused(control: Control, reason: str, remedy: str, code: str) -> UserInputError:
    text = f"Node {control.node} {reason}."
    return UserInputError(code, text, remedy=remedy, node=control.node, port=control.input)
