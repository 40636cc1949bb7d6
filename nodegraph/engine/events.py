"""What a run reports while it goes. Events are called synchronously in the event loop: a listener must be quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from nodegraph.errors import NodegraphError
from nodegraph.values import SavedFile

__all__ = [
    "ChannelFill",
    "ControlApplied",
    "EditApplied",
    "EditRolledBack",
    "Event",
    "Listener",
    "NodeFailed",
    "NodeFinished",
    "NodeProgress",
    "NodeResult",
    "NodeStarted",
    "NodesCached",
    "NodesFinished",
    "Outcome",
    "Profiled",
    "RunFinished",
    "RunStarted",
    "StateHeld",
    "StatesDropped",
    "Status",
    "TickDone",
]

Status = Literal["running", "succeeded", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a run ended. `error` is the first one; `results` are the files by node, also those of a run that failed."""

    status: Status
    error: NodegraphError | None = None
    results: Mapping[str, list[SavedFile]] = field(default_factory=dict)
    ticks_done: int = 0


@dataclass(frozen=True)
class RunStarted:
    """The run has begun; `nodes` take part in it."""

    run_id: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class NodesCached:
    """Nodes whose values an earlier run left behind."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class NodeStarted:
    """A node works. Quick value nodes are only reported as finished."""

    node: str


@dataclass(frozen=True)
class NodeProgress:
    """A node's own count of its work; `total` is None where it is not known."""

    node: str
    done: float
    total: float | None


@dataclass(frozen=True)
class NodesFinished:
    """Value nodes that were evaluated, in one batch."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class NodeFinished:
    """A stream node has ended."""

    node: str


@dataclass(frozen=True)
class NodeFailed:
    """A node raised; `error.node` and, where it is known, `error.port` say where.

    `tick` is the one it did not finish; None before the first.
    """

    node: str
    error: NodegraphError
    tick: int | None = None


@dataclass(frozen=True)
class NodeResult:
    """A node has finished a file."""

    node: str
    saved: SavedFile


@dataclass(frozen=True)
class ControlApplied:
    """The node with the addressed input has begun `tick` with the new value."""

    id: str
    node: str
    input: str
    tick: int


@dataclass(frozen=True)
class EditApplied:
    """From `tick` on the run follows the edited document. `gap_ms` is how long a node that was ready had to wait."""

    id: str
    kind: Literal["hot", "warm"]
    tick: int
    gap_ms: float


@dataclass(frozen=True)
class EditRolledBack:
    """A node of an edited document failed in its first tick; from `tick` on the old document is in force again."""

    id: str
    tick: int
    error: NodegraphError


@dataclass(frozen=True)
class StateHeld:
    """The run can be rewound to the moment before `tick`."""

    tick: int
    nbytes: int


@dataclass(frozen=True)
class StatesDropped:
    """States at these ticks gave way to newer ones."""

    ticks: tuple[int, ...]


@dataclass(frozen=True)
class TickDone:
    """The last sink has finished a tick. `timings` are milliseconds by stage."""

    tick: int
    node: str
    timings: Mapping[str, float]


@dataclass(frozen=True)
class ChannelFill:
    """How full a channel was on average since the last report: `fill` is between 0 and 1 of `capacity` ticks."""

    source: str
    target: str
    capacity: int
    fill: float


@dataclass(frozen=True)
class Profiled:
    """Where the time goes, twice a second: node -> median milliseconds of its recent ticks, and all channels."""

    nodes: Mapping[str, float]
    channels: tuple[ChannelFill, ...]


@dataclass(frozen=True)
class RunFinished:
    """The run is over; nothing of it goes on."""

    outcome: Outcome


Event = (
    RunStarted
    | NodesCached
    | NodeStarted
    | NodeProgress
    | NodesFinished
    | NodeFinished
    | NodeFailed
    | NodeResult
    | ControlApplied
    | EditApplied
    | EditRolledBack
    | StateHeld
    | StatesDropped
    | TickDone
    | Profiled
    | RunFinished
)
Listener = Callable[[Event], None]
