"""Bodies of the HTTP API under /api/ and the workflow document, as types. `typescript.py` makes the editor's."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class ErrorBody(TypedDict):
    """What was wrong, what was got and expected, and what to do; `code` is a key of `nodegraph.errors.CODES`."""

    code: str
    message: str
    got: NotRequired[str]
    expected: NotRequired[str]
    remedy: NotRequired[str]
    node: NotRequired[str]
    port: NotRequired[str]


class ErrorAnswer(TypedDict):
    """Body of every refused request under /api/; `problems` where a workflow was refused."""

    error: ErrorBody
    problems: NotRequired[list[ErrorBody]]


class WorkflowNode(TypedDict):
    """One node: `inputs` holds the literal values, wires are edges."""

    id: str
    type: str
    version: int
    inputs: dict[str, Any]
    pos: tuple[float, float]
    size: NotRequired[tuple[float, float]]
    title: NotRequired[str]
    mode: NotRequired[Literal["active", "muted", "bypassed"]]
    collapsed: NotRequired[bool]
    pinned: NotRequired[bool]
    color: NotRequired[str]


WorkflowEdge = TypedDict("WorkflowEdge", {"from": tuple[str, str], "to": tuple[str, str]})


class WorkflowGroup(TypedDict):
    """`bounds` is x, y, width, height."""

    id: str
    title: str
    bounds: tuple[float, float, float, float]
    collapsed: NotRequired[bool]
    color: NotRequired[str]


class WorkflowView(TypedDict):
    """Where the canvas stands."""

    x: float
    y: float
    zoom: float


class WorkflowRun(TypedDict):
    """`ticks` null: a live run goes on until it is stopped, a render makes 48 ticks (8 s)."""

    mode: Literal["live", "render"]
    ticks: int | None


class WorkflowSubgraphInput(TypedDict):
    """An exposed input; it stands for one or more [node id, input name] inside."""

    name: str
    to: list[tuple[str, str]]


WorkflowSubgraphOutput = TypedDict("WorkflowSubgraphOutput", {"name": str, "from": tuple[str, str]})


class WorkflowSubgraph(TypedDict):
    """What nodes of type "subgraph:<id>" are instances of."""

    id: str
    name: str
    description: NotRequired[str]
    nodes: list[WorkflowNode]
    edges: list[WorkflowEdge]
    groups: NotRequired[list[WorkflowGroup]]
    inputs: list[WorkflowSubgraphInput]
    outputs: list[WorkflowSubgraphOutput]


class Workflow(TypedDict):
    """The saved graph. An edge goes from [node id, output name] to [node id, input name]."""

    schema: Literal[2]
    id: str
    name: str
    description: NotRequired[str]
    nodes: list[WorkflowNode]
    edges: list[WorkflowEdge]
    groups: NotRequired[list[WorkflowGroup]]
    subgraphs: NotRequired[list[WorkflowSubgraph]]
    view: NotRequired[WorkflowView]
    run: NotRequired[WorkflowRun]
    meta: NotRequired[dict[str, Any]]


class NumberWidget(TypedDict):
    """`bind` names the stage control that drives it."""

    kind: Literal["number"]
    integer: bool
    ge: float | None
    le: float | None
    step: float | None
    unit: str | None
    bind: str | None


class TextWidget(TypedDict):
    """A text field."""

    kind: Literal["text"]
    multiline: bool
    placeholder: str
    bind: str | None


class ChoiceWidget(TypedDict):
    """One of `options`."""

    kind: Literal["choice"]
    options: list[str]
    bind: str | None


class ToggleWidget(TypedDict):
    """A switch."""

    kind: Literal["toggle"]
    bind: str | None


class SeedWidget(TypedDict):
    """A whole number with a button for a new one."""

    kind: Literal["seed"]


class FileWidget(TypedDict):
    """An uploaded file of one kind."""

    kind: Literal["file"]
    accept: Literal["image", "pose", "video"]


class JsonWidget(TypedDict):
    """`schema` names an editor for the value, such as "camera_keyframes"."""

    kind: Literal["json"]
    schema: str
    bind: str | None


Widget = NumberWidget | TextWidget | ChoiceWidget | ToggleWidget | SeedWidget | FileWidget | JsonWidget


class InputSchema(TypedDict):
    """One input; `mode` fixed holds for a run, live may change at every tick; `hidden` ones are for programs."""

    name: str
    type: str
    mode: Literal["fixed", "live", "stream"]
    required: bool
    default: Any
    doc: str
    widget: Widget | None
    hidden: bool


class OutputSchema(TypedDict):
    """One output; `stream` gives one item a tick."""

    name: str
    type: str
    stream: bool


class NodeSchema(TypedDict):
    """One installed node type. Type "*" fits every type; INT fits FLOAT."""

    id: str
    version: int
    name: str
    category: str
    description: str
    kind: Literal["value", "stream", "stateful"]
    output_node: bool
    pack: str
    inputs: list[InputSchema]
    outputs: list[OutputSchema]


class NodesAnswer(TypedDict):
    """GET /api/nodes"""

    nodes: list[NodeSchema]


class ServerStatus(TypedDict):
    """GET /api/status. `torch` tells whether a run would start at once."""

    version: str
    protocol: int
    torch: Literal["loading", "ready", "failed"]
    device: str | None
    presets: list[str]


class Template(TypedDict):
    """A workflow to start from; addresses of its picture, still and moving, where they were made."""

    id: str
    name: str
    description: str
    document: Workflow
    thumbnail: NotRequired[str]
    moving: NotRequired[str]


class TemplatesAnswer(TypedDict):
    """GET /api/templates"""

    templates: list[Template]


class WorkflowEntry(TypedDict):
    """`updated_at` is epoch milliseconds, as are all times here."""

    id: str
    name: str
    updated_at: int


class WorkflowsAnswer(TypedDict):
    """GET /api/workflows, newest first."""

    workflows: list[WorkflowEntry]


class SavedWorkflow(TypedDict):
    """GET and PUT /api/workflows/{id}. The body of PUT is `{"document": ...}`."""

    id: str
    name: str
    updated_at: int
    document: Workflow


class WorkflowBody(TypedDict):
    """POST /api/validate, and the answer of POST /api/open."""

    workflow: Workflow


class ProblemsAnswer(TypedDict):
    """POST /api/validate"""

    problems: list[ErrorBody]


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
    """What is kept of a take: `exact` are the ticks with a snapshot in memory, the others first and last tick."""

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
    """GET /api/takes/{take_id}"""

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
    torn: TakeTorn | None
    files: NotRequired[list[TakeFile]]


class TakeChangesBody(TypedDict):
    """PATCH /api/takes/{take_id}: what is absent stays as it was."""

    name: NotRequired[str]
    pinned: NotRequired[bool]


class BranchBody(TypedDict):
    """POST /api/takes/{take_id}/branch: a new live run that goes on before `tick`.

    `controls` replaces the log up to there; controls at or after `tick` are refused. `restore`: "exact" goes on from a
    snapshot or by making the ticks again, "latents" from a cache rebuilt from the recorded latents, which is
    approximate. Without it the exact way is taken unless the model or the machine is another one than then.
    """

    tick: int
    client_id: NotRequired[str]
    document: NotRequired[Workflow]
    controls: NotRequired[list[TakeControl]]
    seed: NotRequired[int]
    restore: NotRequired[Literal["exact", "latents"]]


class BranchAnswer(TypedDict):
    """Answer of branch, rewind and reanchor. `exact` false: the state was rebuilt from latents, so frames differ.

    `caught_up_ticks` were replayed, as fast as possible, from the nearest snapshot. `restored` says where the state
    came from: a snapshot, the ticks made again from the first on, or, which is approximate, latents, for `reason`.
    """

    run_id: str
    take_id: str
    exact: bool
    caught_up_ticks: int
    restored: NotRequired[Literal["snapshot", "replay", "latents"]]
    reason: NotRequired[str]


class RewindBody(TypedDict):
    """POST /api/live/{run_id}/rewind: it goes on before `tick` as a branch of its own take; the old run ends."""

    tick: int
    client_id: NotRequired[str]


class EditBody(TypedDict):
    """POST /api/live/{run_id}/edit: with `dry_run` nothing changes."""

    document: Workflow
    dry_run: NotRequired[bool]
    id: NotRequired[str]


class EditAnswer(TypedDict):
    """How a graph edit goes: cold is not applied, it needs a new run. `tick` null after a dry run or for cold."""

    id: str
    kind: Literal["hot", "warm", "cold"]
    tick: int | None
    changes: list[str]


class ReanchorBody(TypedDict):
    """POST /api/live/{run_id}/reanchor: "first" goes on from the first frame, "last_good" from before the alarm.

    `tick` names the good moment where the recorder's own guess is not wanted.
    """

    mode: Literal["first", "last_good"]
    tick: NotRequired[int]
    client_id: NotRequired[str]


class RenderSettings(TypedDict, total=False):
    """Replacements for a re-render; `format` and `crf` as in Save video."""

    preset: str
    format: str
    crf: int
    stitch: bool
    seed: int
    ticks: int


class TakeRenderBody(TypedDict):
    """POST /api/takes/{take_id}/render queues a render of the take with its controls and edits."""

    settings: NotRequired[RenderSettings]
    name: NotRequired[str]
    client_id: NotRequired[str]


class TakeRenderAnswer(TypedDict):
    """`warnings` say why frames will differ; empty where they will be the same."""

    prompt_id: str
    warnings: list[str]
