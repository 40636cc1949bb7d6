"""Takes in the HTTP API, as types."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from nodegraph.server.payloads_workflow import Workflow


class TakeEntry(TypedDict):
    """One recorded run. `ticks` counts committed ticks, `bytes` what it holds on the disk; `run_id` while it is live.

    `parent` and `parent_tick` say which take it branched from, and before which tick; `root` is the first of its tree.
    `approximate`: it, or one it comes from, goes on from a state rebuilt from latents. `pinned` ones are never thinned;
    `thinned` says what was deleted to stay within the disk's share.
    """

    take_id: str
    root: str
    parent: str | None
    parent_tick: int | None
    name: str
    created: int
    ticks: int
    status: Literal["live", "done", "torn"]
    workflow_name: str
    seed: int | None
    thumb: str | None
    bytes: int
    run_id: NotRequired[str]
    approximate: NotRequired[bool]
    pinned: NotRequired[bool]
    thinned: NotRequired[list[Literal["film", "latents"]]]


class TakesDisk(TypedDict):
    """Bytes that all takes hold together, that they may hold, and that are free on their disk."""

    bytes: int
    cap: int
    free: int


class TakesAnswer(TypedDict):
    """GET /api/takes?root=, newest first."""

    takes: list[TakeEntry]
    disk: NotRequired[TakesDisk]


class TakeControl(TypedDict):
    """A control as it was logged; `tick` is the first one made with the value."""

    tick: int
    id: str
    node: str
    input: str
    value: Any


class TakeEdit(TypedDict):
    """A change of the graph that took effect before `tick`."""

    tick: int
    id: str
    kind: Literal["hot", "warm", "cold"]
    changes: list[str]


class TakeMarker(TypedDict):
    """A moment that somebody, or the recorder, has named."""

    tick: int
    name: str


class TakeFile(TypedDict):
    """An uploaded file that a take was made with from `tick` on, and keeps."""

    value: str
    sha256: str
    bytes: int
    tick: int


class TakeHeld(TypedDict):
    """What is kept of a take: `exact` are the ticks with a snapshot in memory, the others first and last on the disk.

    Snapshots are those of a run at work or just ended; they never go to the disk.
    """

    exact: list[int]
    latents: tuple[int, int] | None
    video: tuple[int, int] | None


class TickStats(TypedDict, total=False):
    """Statistics of one tick. Latents in their own unit; `luma`, `saturation`, `motion` and `first_distance` 0 to 1."""

    latent_mean: float
    latent_std: float
    luma: float
    saturation: float
    sharpness: float
    motion: float
    first_distance: float


class TakeStats(TypedDict):
    """Statistics of all ticks from `first_tick` on, one array each; null where a tick has none.

    `levels` are the lowest and highest values without alarm, learnt from the first minute; empty before.
    """

    first_tick: int
    values: dict[str, list[float | None]]
    levels: dict[str, tuple[float, float]]


class TakeModel(TypedDict):
    """The weights a take was made with."""

    preset: str
    sha256: str


class TakeTicks(TypedDict):
    """Committed ticks: `first` is above 0 where the beginning is missing; `ms` is the median of the step."""

    first: int
    last: int
    count: int
    ms: float | None


class TakeTorn(TypedDict):
    """What a kill or a full disk took: bytes cut off the journal, and why."""

    bytes: int
    reason: str


class TakeAnswer(TakeEntry):
    """GET /api/takes/{take_id}; `approximate_from`: the first tick that cannot be made again exactly, if any."""

    document: Workflow
    model: TakeModel | None
    device: str
    size: tuple[int, int] | None
    versions: dict[str, str]
    summary: TakeTicks
    controls: list[TakeControl]
    edits: list[TakeEdit]
    markers: list[TakeMarker]
    held: TakeHeld
    stats: TakeStats
    exact: bool
    approximate_from: NotRequired[int]
    torn: TakeTorn | None
    files: NotRequired[list[TakeFile]]


class TakeChangesBody(TypedDict):
    """PATCH /api/takes/{take_id}: what is absent stays as it was."""

    name: NotRequired[str]
    pinned: NotRequired[bool]
