"""Messages that measure, and answers to one client."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from nodegraph.server.payloads_runs import Percentiles
from nodegraph.server.payloads_workflow import ErrorBody


class LatencyData(TypedDict):
    """Milliseconds from one stamp to the next, over the last minute.

    A control's way: `received` (since it was sent), `applied`, `generated`, `decoded`, `encoded`, `sent`, `drawn`;
    `total` from sent to drawn. `count` is the number of controls in it.
    """

    run_id: str
    stages: dict[str, Percentiles]
    count: int


class Latency(TypedDict):
    """Where the time goes, once a second while somebody steers."""

    type: Literal["latency"]
    data: LatencyData


class WireFill(TypedDict):
    """The channel between two nodes: on average `fill` (0 to 1) of its `capacity` in ticks was taken."""

    source: str
    target: str
    capacity: int
    fill: float


class ProfileData(TypedDict):
    """`nodes` gives each running node's milliseconds a tick, the median of its last 24 ticks."""

    run_id: str
    nodes: dict[str, float]
    wires: list[WireFill]


class Profile(TypedDict):
    """Where a run's time goes, twice a second; a newer one replaces one that was not sent yet."""

    type: Literal["profile"]
    data: ProfileData


class TakesThinnedData(TypedDict):
    """`takes` lost their films or latents, oldest first; `freed` bytes, so that all takes together fit into `cap`."""

    takes: list[str]
    freed: int
    cap: int


class TakesThinned(TypedDict):
    """Takes held more of the disk than they may: the films and latents of the oldest unpinned ones were deleted."""

    type: Literal["takes_thinned"]
    data: TakesThinnedData


class PongData(TypedDict):
    """`t_client` as it came; `t_server` is the server's clock when it answered. Both epoch milliseconds."""

    t_client: float
    t_server: float


class Pong(TypedDict):
    """Answer to `ping`: offset = t_server - (t_client + now) / 2, best where the round trip was shortest."""

    type: Literal["pong"]
    data: PongData


class ErrorData(TypedDict):
    """`reply_to` is the `id` of the refused message, where it had one."""

    error: ErrorBody
    reply_to: NotRequired[str]


class ErrorMessage(TypedDict):
    """A message of this client was refused; or, to all who watch, something is wrong with a run that goes on."""

    type: Literal["error"]
    data: ErrorData
