"""Runs, queued jobs and uploaded files in the HTTP API, as types."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from nodegraph.server.payloads_workflow import ErrorBody, Workflow


class RunRequestBody(TypedDict):
    """POST /api/runs starts a live run; the client watches it. `record` false leaves no take."""

    workflow: Workflow
    client_id: NotRequired[str]
    seed: NotRequired[int]
    ticks: NotRequired[int]
    record: NotRequired[bool]


class RunAnswer(TypedDict):
    """POST /api/runs; `take_id` where the run is recorded."""

    run_id: str
    take_id: NotRequired[str]


class Percentiles(TypedDict):
    """Milliseconds."""

    p50: float
    p95: float
    p99: float


class RunEntry(TypedDict):
    """One live run; `tick` is the last one finished; `latency` by stage, as in the message, once somebody steers."""

    run_id: str
    status: Literal["running", "succeeded", "failed", "cancelled"]
    tick: int
    name: str
    take_id: NotRequired[str]
    latency: NotRequired[dict[str, Percentiles]]


class RunsAnswer(TypedDict):
    """GET /api/runs: live runs only."""

    runs: list[RunEntry]


class QueueRequestBody(TypedDict):
    """POST /api/queue renders a workflow to files, `count` times with rising seeds."""

    workflow: Workflow
    client_id: NotRequired[str]
    count: NotRequired[int]
    seed: NotRequired[int]
    ticks: NotRequired[int]


class QueueAnswer(TypedDict):
    """POST /api/queue; `number` is the place of the first."""

    prompt_ids: list[str]
    number: float


class FileRef(TypedDict):
    """A file as /view takes it."""

    filename: str
    subfolder: str
    type: Literal["output", "input", "temp"]


class JobOutput(FileRef):
    """`url` is ready to use as the source of an image or a video."""

    media_type: str
    url: str


class Job(TypedDict):
    """One render. Times are epoch milliseconds."""

    prompt_id: str
    name: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    created_at: int
    started_at: int | None
    finished_at: int | None
    outputs: list[JobOutput]
    error: NotRequired[ErrorBody]
    workflow: NotRequired[Workflow]


class JobsAnswer(TypedDict):
    """GET /api/jobs?limit&search, newest first."""

    jobs: list[Job]


class UploadAnswer(TypedDict):
    """POST /upload/image and /api/upload: `name` (with `subfolder/` before it) is the value of a file widget."""

    name: str
    subfolder: str
    type: Literal["input"]


class AssetEntry(TypedDict):
    """An uploaded file; `value` is what a file widget stores."""

    value: str
    kind: Literal["image", "pose", "video"]
    created_at: int
    url: str


class AssetsAnswer(TypedDict):
    """GET /api/assets?kind=, newest first."""

    assets: list[AssetEntry]
