"""Messages of the queue, which are ComfyUI's: its clients work unchanged."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from nodegraph.server.payloads_runs import FileRef
from nodegraph.server.payloads_workflow import ErrorBody

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
