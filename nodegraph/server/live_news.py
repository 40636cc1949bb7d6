"""What only live runs tell their watchers: pulses, applied controls and edits, snapshots, where the time goes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from nodegraph.engine.events import (
    ControlApplied,
    EditApplied,
    EditRolledBack,
    Event,
    Profiled,
    StateHeld,
    StatesDropped,
    TickDone,
)
from nodegraph.server import messages
from nodegraph.server.answers import error_body
from nodegraph.server.clients import Clients
from nodegraph.server.messages import (
    ControlAppliedData,
    EditAppliedData,
    EditRolledBackData,
    LiveTick,
    LiveTickData,
    Profile,
    ProfileData,
    ServerMessage,
    StateHeldData,
    Timings,
    WireFill,
)
from nodegraph.values import FPS, FRAMES_PER_TICK

__all__ = ["LiveNews"]

PULSE_S = 1 / 6
FPS_WINDOW_S = 2.0


class LiveNews:
    """Give `on_event` every event of the run.

    Args:
        live: a steered run, with pulses.
        clients: where the watchers are.
        encode_ms: returns the time the preview's newest tick took to encode.
        clock: seconds, monotonic.

    Attributes:
        tick: the last one that every sink has finished.
    """

    def __init__(
        self,
        run_id: str,
        *,
        live: bool,
        clients: Clients,
        encode_ms: Callable[[str], float | None],
        clock: Callable[[], float],
    ) -> None:
        self.tick = -1
        self._run_id = run_id
        self._live = live
        self._clients = clients
        self._encode_ms = encode_ms
        self._clock = clock
        self._ticks: deque[tuple[float, int]] = deque()
        self._next_pulse_s = 0.0
        self._held: dict[int, int] = {}

    def on_event(self, event: Event) -> None:
        """Take one event of the engine; those that others tell about are passed over."""
        match event:
            case TickDone():
                self._on_tick(event)
            case Profiled():
                self._on_profile(event)
            case ControlApplied():
                data = ControlAppliedData(run_id=self._run_id, id=event.id, tick=event.tick)
                self._clients.send(self._run_id, messages.ControlApplied(type="control_applied", data=data))
            case EditApplied() | EditRolledBack():
                self._on_edit(event)
            case StateHeld() | StatesDropped():
                self._on_states(event)

    def catch_up(self) -> list[ServerMessage]:
        """Return what a client that begins to watch now must know."""
        return [self._states_message()] if self._held else []

    def _on_tick(self, event: TickDone) -> None:
        self.tick = max(self.tick, event.tick)
        now = self._clock()
        if not self._ticks or self._ticks[-1][1] < event.tick:
            self._ticks.append((now, event.tick))
        while now - self._ticks[0][0] > FPS_WINDOW_S and len(self._ticks) > 2:
            self._ticks.popleft()
        if not self._live or now < self._next_pulse_s:
            return
        self._next_pulse_s = now + PULSE_S * 0.9  # ticks come every sixth of a second, give or take
        timings = Timings(**event.timings)  # type: ignore[typeddict-item]
        encode_ms = self._encode_ms(self._run_id)
        if encode_ms is not None:
            timings["encode"] = encode_ms
        pulse = LiveTickData(
            run_id=self._run_id,
            tick=self.tick,
            fps=round(self.fps(), 1),
            timings=timings,
            viewers=len(self._clients.watchers(self._run_id)),
        )
        self._clients.send(self._run_id, LiveTick(type="live_tick", data=pulse), latest=True)

    def _on_profile(self, event: Profiled) -> None:
        data = ProfileData(
            run_id=self._run_id,
            nodes={node: round(ms, 3) for node, ms in event.nodes.items()},
            wires=[
                WireFill(source=one.source, target=one.target, capacity=one.capacity, fill=round(one.fill, 3))
                for one in event.channels
            ],
        )
        self._clients.send(self._run_id, Profile(type="profile", data=data), latest=True)

    def fps(self) -> float:
        """Return generated video frames a second over the last two seconds; 0 before the second tick."""
        if len(self._ticks) < 2:
            return 0.0
        (first_s, first), (last_s, last) = self._ticks[0], self._ticks[-1]
        return (last - first) * FRAMES_PER_TICK / (last_s - first_s) if last_s > first_s else float(FPS)

    def _on_edit(self, event: EditApplied | EditRolledBack) -> None:
        if isinstance(event, EditApplied):
            applied = EditAppliedData(
                run_id=self._run_id, id=event.id, kind=event.kind, tick=event.tick, gap_ms=round(event.gap_ms, 1)
            )
            self._clients.send(self._run_id, messages.EditApplied(type="edit_applied", data=applied))
        else:
            back = EditRolledBackData(run_id=self._run_id, id=event.id, tick=event.tick, error=error_body(event.error))
            self._clients.send(self._run_id, messages.EditRolledBack(type="edit_rolled_back", data=back))

    def _on_states(self, event: StateHeld | StatesDropped) -> None:
        if isinstance(event, StateHeld):
            self._held[event.tick] = event.nbytes
        else:
            for tick in event.ticks:
                self._held.pop(tick, None)
        self._clients.send(self._run_id, self._states_message(), latest=True)

    def _states_message(self) -> messages.StateHeld:
        data = StateHeldData(run_id=self._run_id, ticks=sorted(self._held), bytes=sum(self._held.values()))
        return messages.StateHeld(type="state_held", data=data)
