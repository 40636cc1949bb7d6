"""Branching, rewinding, editing and rendering in the HTTP API, as types."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from nodegraph.server.payloads_takes import TakeControl
from nodegraph.server.payloads_workflow import Workflow


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


class DirectBody(TypedDict):
    """POST /api/direct: what was said while the prompt `before` held."""

    before: str
    said: str


class DirectAnswer(TypedDict):
    """The prompt from then on; `before` itself where nothing was understood or nothing changes."""

    text: str


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
    """Replacements for a re-render; `format` and `crf` as in Save video, `width` and `height` in pixels, together."""

    preset: str
    width: int
    height: int
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
