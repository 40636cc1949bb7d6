"""Messages about recording: takes, edits and snapshots."""

from __future__ import annotations

from typing import Literal, TypedDict

from nodegraph.server.payloads_takes import TickStats
from nodegraph.server.payloads_workflow import ErrorBody


class TakeStartedData(TypedDict):
    """`tick` is the first tick that is new; `parent` is the take it branched from."""

    run_id: str
    take_id: str
    parent: str | None
    tick: int


class TakeStarted(TypedDict):
    """A run is being recorded."""

    type: Literal["take_started"]
    data: TakeStartedData


class TakeStoppedData(TypedDict):
    """`tick` is the last one that is safe."""

    run_id: str
    take_id: str
    tick: int
    error: ErrorBody


class TakeStopped(TypedDict):
    """Recording stopped before the run's end, for example because the disk is full. The stream goes on."""

    type: Literal["take_stopped"]
    data: TakeStoppedData


class Alarm(TypedDict):
    """A statistic has left the range `low` to `high` that the first minute taught."""

    stat: str
    value: float
    low: float
    high: float


class TakeTickData(TypedDict):
    """Statistics of one committed tick."""

    run_id: str
    tick: int
    stats: TickStats
    alarm: Alarm | None


class TakeTick(TypedDict):
    """The drift strip's news: at most six a second; a newer one replaces one that was not sent yet."""

    type: Literal["take_tick"]
    data: TakeTickData


class EditAppliedData(TypedDict):
    """`gap_ms` is how much longer than usual the frames before and after the swap lay apart."""

    run_id: str
    id: str
    kind: Literal["hot", "warm", "cold"]
    tick: int
    gap_ms: float


class EditApplied(TypedDict):
    """The graph runs as edited from `tick` on."""

    type: Literal["edit_applied"]
    data: EditAppliedData


class EditRolledBackData(TypedDict):
    """`error` names the node where one is to blame."""

    run_id: str
    id: str
    tick: int
    error: ErrorBody


class EditRolledBack(TypedDict):
    """The edited graph failed at its first tick; the one before it goes on."""

    type: Literal["edit_rolled_back"]
    data: EditRolledBackData


class StateHeldData(TypedDict):
    """All ticks with an exact snapshot in memory, and what they take together."""

    run_id: str
    ticks: list[int]
    bytes: int


class StateHeld(TypedDict):
    """The set of snapshots has changed."""

    type: Literal["state_held"]
    data: StateHeldData
