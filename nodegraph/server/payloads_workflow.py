"""The workflow document and the error body, as types."""

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
