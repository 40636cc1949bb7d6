"""Messages of live runs: receipts of controls, pulses, begin and end."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from nodegraph.server.payloads_workflow import ErrorBody


class ControlReceivedData(TypedDict):
    """`id` is the one the client gave."""

    run_id: str
    id: str


class ControlReceived(TypedDict):
    """First receipt: the control is stamped with a tick and logged."""

    type: Literal["control_received"]
    data: ControlReceivedData


class ControlAppliedData(TypedDict):
    """`id` is the one the client gave."""

    run_id: str
    id: str
    tick: int


class ControlApplied(TypedDict):
    """Second receipt: `tick` is the first one that was made with the new value."""

    type: Literal["control_applied"]
    data: ControlAppliedData


class Timings(TypedDict, total=False):
    """Milliseconds of one tick, by stage."""

    step: float
    decode: float
    encode: float


class LiveTickData(TypedDict):
    """`fps` counts generated video frames a second over the last two seconds; `viewers` counts watching clients."""

    run_id: str
    tick: int
    fps: float
    timings: Timings
    viewers: int


class LiveTick(TypedDict):
    """Pulse of a live run, at most six a second; a newer one replaces one that was not sent yet."""

    type: Literal["live_tick"]
    data: LiveTickData


class RunStartedData(TypedDict):
    """`live` tells a steered run from a render."""

    run_id: str
    name: str
    live: bool


class RunStarted(TypedDict):
    """A run that this client watches exists; also the answer to `watch`."""

    type: Literal["run_started"]
    data: RunStartedData


class RunFinishedData(TypedDict):
    """`error` where the status is failed."""

    run_id: str
    status: Literal["succeeded", "failed", "cancelled"]
    error: NotRequired[ErrorBody]


class RunFinished(TypedDict):
    """Last message of a run."""

    type: Literal["run_finished"]
    data: RunFinishedData


class QueueChanged(TypedDict):
    """The list of jobs is different; ask /api/jobs again."""

    type: Literal["queue_changed"]
    data: dict[str, str]
