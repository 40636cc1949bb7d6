"""Controls: new values for `Live` inputs, each bound to the tick at which it takes effect."""

from __future__ import annotations

from bisect import insort_right
from collections.abc import Callable
from dataclasses import replace

from nodegraph.engine.events import ControlApplied, Event
from nodegraph.engine.protocol import Control, Receipt
from nodegraph.errors import UserInputError
from nodegraph.graph import InvalidWorkflow, Live, Plan, coerced, value_problem

__all__ = ["ControlTable"]


class ControlTable:
    """Accepts controls, logs them and hands them to the nodes.

    Attributes:
        log: every accepted control with its tick, in the order of arrival.
        begun: the newest tick that any node has begun; -1 before the first.
    """

    def __init__(self, plan: Plan, ticks: int | None, emit: Callable[[Event], None]) -> None:
        self._plan = plan
        self._ticks = ticks
        self._emit = emit
        self._streams = frozenset(plan.streams)
        self._pending: dict[str, list[Control]] = {}
        self.log: list[Control] = []
        self.begun = -1

    def accept(self, control: Control) -> Receipt:
        """Check a control and bind it to a tick; a tick that has begun already is moved to the first that has not.

        Raises:
            UserInputError: the input takes no controls, the value is not allowed, or the run ends before.
        """
        value = self._checked(control)
        tick = max(self.begun + 1, control.tick or 0)
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
        stamped = replace(control, value=value, tick=tick)
        self.log.append(stamped)
        insort_right(self._pending.setdefault(control.node, []), stamped, key=_tick_of)
        return Receipt(control.id, tick)

    def begin(self, node: str, tick: int, inputs: dict[str, Live[object]]) -> None:
        """Put in force what the node must see at `tick`, and report it."""
        self.begun = max(self.begun, tick)
        pending = self._pending.get(node)
        while pending and _tick_of(pending[0]) <= tick:
            control = pending.pop(0)
            inputs[control.input].value = control.value
            self._emit(ControlApplied(control.id, node, control.input, tick))

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


def _tick_of(control: Control) -> int:
    assert control.tick is not None, "accepted controls have a tick"
    return control.tick


def _refused(control: Control, reason: str, remedy: str, code: str) -> UserInputError:
    text = f"Node {control.node} {reason}."
    return UserInputError(code, text, remedy=remedy, node=control.node, port=control.input)
