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
    color: NotRequired[str]


WorkflowEdge = TypedDict("WorkflowEdge", {"from": tuple[str, str], "to": tuple[str, str]})


class WorkflowGroup(TypedDict):
    """`bounds` is x, y, width, height."""

    id: str
    title: str
    bounds: tuple[float, float, float, float]
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


class Workflow(TypedDict):
    """The saved graph. An edge goes from [node id, output name] to [node id, input name]."""

    schema: Literal[1]
    id: str
    name: str
    description: NotRequired[str]
    nodes: list[WorkflowNode]
    edges: list[WorkflowEdge]
    groups: NotRequired[list[WorkflowGroup]]
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
    """One input; `mode` fixed holds for a run, live may change at every tick."""

    name: str
    type: str
    mode: Literal["fixed", "live", "stream"]
    required: bool
    default: Any
    doc: str
    widget: Widget | None


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
    """A workflow to start from."""

    id: str
    name: str
    description: str
    document: Workflow
    thumbnail: NotRequired[str]


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
    """POST /api/runs starts a live run; the client watches it."""

    workflow: Workflow
    client_id: NotRequired[str]
    seed: NotRequired[int]
    ticks: NotRequired[int]


class RunAnswer(TypedDict):
    """POST /api/runs"""

    run_id: str


class RunEntry(TypedDict):
    """One live run; `tick` is the last one finished."""

    run_id: str
    status: Literal["running", "succeeded", "failed", "cancelled"]
    tick: int
    name: str


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
