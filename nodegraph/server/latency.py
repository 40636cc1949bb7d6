"""How long a control takes to the screen, by stage: stamps of server and client put together, as percentiles.

All stamps are epoch milliseconds on the server's clock; clients translate theirs with what `pong` tells them.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from nodegraph.engine import Item
from nodegraph.server.clients import Clients
from nodegraph.server.frames import Stamps, epoch_ms
from nodegraph.server.messages import Latency, LatencyData
from nodegraph.server.payloads import Percentiles
from nodegraph.values import Latent

__all__ = ["STAGES", "LatencyMeter"]

STAGES = ("received", "applied", "generated", "decoded", "encoded", "sent", "drawn")
"""Each is the time since the one before; the first since the control was sent. `total` is all of them."""

WINDOW_S = 60.0
REPORT_S = 1.0
KEPT_TICKS = 64
KEPT_CONTROLS = 256


@dataclass
class _Journey:
    """A control on its way."""

    sid: str
    sent: float
    received: float
    applied: float | None = None
    tick: int = -1


@dataclass
class LatencyMeter:
    """One run's stamps.

    Args:
        run_id: of the run.
        clients: told once a second while somebody steers.
        clock: seconds, monotonic.
    """

    run_id: str
    clients: Clients
    clock: Callable[[], float] = time.monotonic
    _generated: dict[int, float] = field(default_factory=dict)
    _journeys: dict[str, _Journey] = field(default_factory=dict)
    _samples: deque[tuple[float, dict[str, float]]] = field(default_factory=deque)
    _reported_s: float = float("-inf")

    def on_item(self, item: Item) -> None:
        """Note when the latent of a tick was there."""
        if any(isinstance(value, Latent) for value in item.outputs.values()):
            self._generated[item.tick] = epoch_ms() - (time.monotonic() - item.made_s) * 1000
            while len(self._generated) > KEPT_TICKS:
                del self._generated[next(iter(self._generated))]

    def generated(self, tick: int) -> float | None:
        """Return when the latent of a recent tick was there."""
        return self._generated.get(tick)

    def control(self, sid: str, control_id: str, t_sent: float | None) -> None:
        """Note that a client's control has arrived; `t_sent` None where it does not say when it was sent."""
        now = epoch_ms()
        self._journeys[control_id] = _Journey(sid, now if t_sent is None else min(t_sent, now), now)
        while len(self._journeys) > KEPT_CONTROLS:
            del self._journeys[next(iter(self._journeys))]

    def applied(self, control_id: str, tick: int) -> None:
        """Note that a tick has begun with the control's value."""
        journey = self._journeys.get(control_id)
        if journey is not None:
            journey.applied, journey.tick = epoch_ms(), tick

    def drawn(self, sid: str, stamps: Stamps, t_drawn: float) -> None:
        """Note that a client has drawn a frame: its controls that the frame was made with have arrived."""
        done = [
            name
            for name, journey in self._journeys.items()
            if journey.sid == sid and journey.applied is not None and journey.tick <= stamps.tick
        ]
        for name in done:
            self._add(self._journeys.pop(name), stamps, t_drawn)
        if done and self.clock() - self._reported_s >= REPORT_S:
            self._reported_s = self.clock()
            self.clients.send(self.run_id, self.message(), latest=True)

    def message(self) -> Latency:
        """Return what is known of the last minute."""
        data = LatencyData(run_id=self.run_id, stages=self.stages(), count=len(self._samples))
        return Latency(type="latency", data=data)

    def stages(self) -> dict[str, Percentiles]:
        """Return p50, p95 and p99 by stage; empty before the first control was seen."""
        while self._samples and self.clock() - self._samples[0][0] > WINDOW_S:
            self._samples.popleft()
        values = [sample for _, sample in self._samples]
        return {stage: percentiles([sample[stage] for sample in values]) for stage in (*STAGES, "total") if values}

    def _add(self, journey: _Journey, stamps: Stamps, t_drawn: float) -> None:
        assert journey.applied is not None, "only applied controls are seen"
        marks = (
            journey.received,
            journey.applied,
            stamps.t_generated,
            stamps.t_decoded,
            stamps.t_encoded,
            stamps.t_sent,
            t_drawn,
        )
        sample: dict[str, float] = {}
        before = journey.sent
        for stage, mark in zip(STAGES, marks, strict=True):
            sample[stage] = max(mark - before, 0.0)  # clocks of two machines agree to a millisecond or so
            before = max(mark, before)
        sample["total"] = before - journey.sent
        self._samples.append((self.clock(), sample))


def percentiles(values: list[float]) -> Percentiles:
    """Return the percentiles of some milliseconds, nearest rank."""
    ordered = sorted(values)
    p50, p95, p99 = (
        round(ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))], 2) for share in (0.5, 0.95, 0.99)
    )
    return Percentiles(p50=p50, p95=p95, p99=p99)
