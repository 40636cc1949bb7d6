"""Every message that the server sends."""

from __future__ import annotations

from nodegraph.server.messages_live import (
    ControlApplied,
    ControlReceived,
    LiveTick,
    QueueChanged,
    RunFinished,
    RunStarted,
)
from nodegraph.server.messages_measures import ErrorMessage, Latency, Pong, Profile, TakesThinned
from nodegraph.server.messages_queue import (
    Executed,
    Executing,
    ExecutionCached,
    ExecutionError,
    ExecutionInterrupted,
    ExecutionStart,
    ExecutionSuccess,
    Progress,
    ProgressState,
    ServerFeatureFlags,
    Status,
)
from nodegraph.server.messages_takes import EditApplied, EditRolledBack, StateHeld, TakeStarted, TakeStopped, TakeTick

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
