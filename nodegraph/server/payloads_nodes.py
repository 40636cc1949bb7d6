"""Node types, templates and saved workflows in the HTTP API, as types."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict

from nodegraph.server.payloads_workflow import ErrorBody, Workflow


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
