"""What the server keeps or makes for use in any workflow, as types: blueprints and the character's motions."""

from __future__ import annotations

from typing import TypedDict

from nodegraph.server.payloads_workflow import WorkflowSubgraph


class Blueprint(TypedDict):
    """A subgraph kept under a name: it comes first, then those that it holds instances of."""

    name: str
    subgraphs: list[WorkflowSubgraph]


class BlueprintsAnswer(TypedDict):
    """GET /api/blueprints, by name. The inside of a subgraph is as it was sent: who reads it checks it."""

    blueprints: list[Blueprint]


class BlueprintBody(TypedDict):
    """PUT /api/blueprints/{name}; the answer is the `Blueprint`."""

    subgraphs: list[WorkflowSubgraph]


class MotionEntry(TypedDict):
    """A motion that the character knows by itself; `length_s` is one round."""

    name: str
    length_s: float


class MotionsAnswer(TypedDict):
    """GET /api/motions"""

    motions: list[MotionEntry]


class MotionAnswer(TypedDict):
    """POST /api/motions/{name}: what a node's pose clip input is given."""

    value: str
