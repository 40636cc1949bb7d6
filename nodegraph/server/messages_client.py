"""Every message that a client sends."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ClientFeatures(TypedDict):
    """What the client understands."""

    supports_preview_metadata: bool


class ClientFeatureFlags(TypedDict):
    """Must be a client's first message if it wants frames with metadata."""

    type: Literal["feature_flags"]
    data: ClientFeatures


class ControlData(TypedDict):
    """`id` is the client's own; both receipts carry it. `t_sent`: when, on the server's clock as `pong` tells it."""

    run_id: str
    id: str
    node: str
    input: str
    value: Any
    t_sent: NotRequired[float]


class ControlMessage(TypedDict):
    """Change a value of a run."""

    type: Literal["control"]
    data: ControlData


class AckData(TypedDict):
    """Every frame up to `seq` was drawn or thrown away. `t_drawn`: when `seq` was drawn, on the server's clock."""

    run_id: str
    node_id: str
    seq: int
    t_drawn: NotRequired[float]


class Ack(TypedDict):
    """Send it after the frame was drawn: it opens the way for newer ones."""

    type: Literal["ack"]
    data: AckData


class WatchData(TypedDict):
    """The run to follow."""

    run_id: str


class Watch(TypedDict):
    """Send me the messages and frames of this run."""

    type: Literal["watch"]
    data: WatchData


class Unwatch(TypedDict):
    """Send me no more of this run."""

    type: Literal["unwatch"]
    data: WatchData


class PingData(TypedDict):
    """The client's clock, epoch milliseconds."""

    t_client: float


class Ping(TypedDict):
    """Ask for the server's clock; send a few at the start and one a minute."""

    type: Literal["ping"]
    data: PingData


ClientMessage = ClientFeatureFlags | ControlMessage | Ack | Watch | Unwatch | Ping
