"""Every message of the websocket, in both directions. `typescript.py` turns this file into the editor's types.

A message is `{"type": ..., "data": ...}`. The queue's messages are ComfyUI's (its clients work unchanged); live runs
use the same ones with `prompt_id` = run id, and add the messages in the second half of this file.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from nodegraph.server.payloads import ErrorBody, FileRef, Percentiles, TickStats

PROTOCOL = 1
"""Rises when a message changes so that an older editor would misread it. Sent in the first message."""

MAX_UNACKED_FRAMES = 12
"""Frames a client that acknowledges may hold undrawn, per node: three ticks, half a second."""


class ExecInfo(TypedDict):
    """`queue_remaining` counts queued and running jobs."""

    queue_remaining: int


class ExecStatus(TypedDict):
    """What `status` reports."""

    exec_info: ExecInfo


class StatusData(TypedDict):
    """`sid` and `protocol` are in the first message of a socket only."""

    status: ExecStatus
    sid: NotRequired[str]
    protocol: NotRequired[int]


class Status(TypedDict):
    """First message of every socket, and again whenever the queue grows or shrinks."""

    type: Literal["status"]
    data: StatusData


class ServerFeatures(TypedDict):
    """What this server can do; sizes in bytes."""

    supports_preview_metadata: bool
    max_upload_size: int


class ServerFeatureFlags(TypedDict):
    """Answer to a client's `feature_flags`."""

    type: Literal["feature_flags"]
    data: ServerFeatures


class ExecutionStartData(TypedDict):
    """`timestamp` is epoch milliseconds, here and below."""

    prompt_id: str
    timestamp: int


class ExecutionStart(TypedDict):
    """A run began."""

    type: Literal["execution_start"]
    data: ExecutionStartData


class ExecutionCachedData(TypedDict):
    """The nodes that need not run."""

    prompt_id: str
    nodes: list[str]
    timestamp: int


class ExecutionCached(TypedDict):
    """Nodes whose results were taken from the cache."""

    type: Literal["execution_cached"]
    data: ExecutionCachedData


class ExecutingData(TypedDict):
    """`node` null means that the run ended and its history is written."""

    node: str | None
    display_node: NotRequired[str]
    prompt_id: str


class Executing(TypedDict):
    """The node that works now."""

    type: Literal["executing"]
    data: ExecutingData


class NodeState(TypedDict):
    """Progress of one node; `max` is 0 while the total is unknown."""

    value: float
    max: float
    state: Literal["pending", "running", "finished", "error"]
    node_id: str
    display_node_id: str
    prompt_id: str


class ProgressStateData(TypedDict):
    """Changed nodes by id."""

    prompt_id: str
    nodes: dict[str, NodeState]


class ProgressState(TypedDict):
    """Only the nodes that changed since the last one; at most ten a second."""

    type: Literal["progress_state"]
    data: ProgressStateData


class ProgressData(TypedDict):
    """`value` of `max` steps of `node`."""

    value: float
    max: float
    prompt_id: str
    node: str


class Progress(TypedDict):
    """The node that moved last, for clients that draw one bar."""

    type: Literal["progress"]
    data: ProgressData


class NodeOutput(TypedDict):
    """`animated` tells videos among the `images`, item by item."""

    images: list[FileRef]
    animated: NotRequired[list[bool]]


class ExecutedData(TypedDict):
    """Results of one output node."""

    node: str
    display_node: str
    output: NodeOutput
    prompt_id: str


class Executed(TypedDict):
    """An output node has results to show."""

    type: Literal["executed"]
    data: ExecutedData


class ExecutionSuccess(TypedDict):
    """A run ended well."""

    type: Literal["execution_success"]
    data: ExecutionStartData


class ExecutionErrorData(TypedDict):
    """`error` says what to do; `traceback` is always empty: it stays in the server's log."""

    prompt_id: str
    timestamp: int
    node_id: str | None
    node_type: str | None
    executed: list[str]
    exception_message: str
    exception_type: str
    traceback: list[str]
    current_inputs: dict[str, Any]
    current_outputs: list[str]
    error: ErrorBody


class ExecutionError(TypedDict):
    """A run ended because a node failed."""

    type: Literal["execution_error"]
    data: ExecutionErrorData


class ExecutionInterruptedData(TypedDict):
    """The node that was at work when the run was stopped."""

    prompt_id: str
    timestamp: int
    node_id: str | None
    node_type: str | None
    executed: list[str]


class ExecutionInterrupted(TypedDict):
    """A run was stopped on request."""

    type: Literal["execution_interrupted"]
    data: ExecutionInterruptedData


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
    """A message of this client was refused."""

    type: Literal["error"]
    data: ErrorData


ServerMessage = (
    Status
    | ServerFeatureFlags
    | ExecutionStart
    | ExecutionCached
    | Executing
    | ProgressState
    | Progress
    | Executed
    | ExecutionSuccess
    | ExecutionError
    | ExecutionInterrupted
    | ControlReceived
    | ControlApplied
    | LiveTick
    | RunStarted
    | RunFinished
    | QueueChanged
    | TakeStarted
    | TakeStopped
    | TakeTick
    | EditApplied
    | EditRolledBack
    | StateHeld
    | Latency
    | Profile
    | TakesThinned
    | Pong
    | ErrorMessage
)


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


class FrameHeader(TypedDict):
    """JSON part of a binary frame: `u32 4 | u32 length | JSON | image`, big-endian.

    One message per video frame: `index` of `count` in its `tick`. `seq` rises by one per frame of a node's preview,
    with gaps where frames were dropped for this client. The `t_` times are the server's clock, epoch milliseconds:
    the tick's latent was there (`t_generated`), its frames were (`t_decoded`), it was encoded, it was packed.
    """

    node_id: str
    prompt_id: str
    run_id: str
    image_type: str
    tick: int
    index: int
    count: int
    seq: int
    width: int
    height: int
    fps: int
    t_generated: float
    t_decoded: NotRequired[float]
    t_encoded: float
    t_sent: float
