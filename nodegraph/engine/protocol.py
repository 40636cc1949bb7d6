"""What the server and the command line know of an engine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from nodegraph.engine.events import Listener, Outcome, Status
from nodegraph.values import Frames, Generator

__all__ = [
    "Control",
    "Edit",
    "EditKind",
    "EditReceipt",
    "Engine",
    "Item",
    "Pace",
    "PreviewSink",
    "Receipt",
    "Retired",
    "Run",
    "RunRequest",
    "RunState",
    "Tap",
]

EditKind = Literal["hot", "warm", "cold"]
"""What an edit costs: "hot" changes values only; "warm" swaps nodes and wires at a tick and keeps every session;
"cold" changes what a session was made from, so that it needs another run."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A new value for a `Live` input. Without `tick` it takes effect at the first tick that no node has begun."""

    id: str
    node: str
    input: str
    value: Any
    tick: int | None = None


@dataclass(frozen=True)
class Receipt:
    """A control was accepted and will be applied at `tick`."""

    id: str
    tick: int


@dataclass(frozen=True, kw_only=True)
class Edit:
    """The workflow as it shall go on. Without `tick` it takes effect at the first tick that no node has begun."""

    id: str
    document: dict[str, Any]
    tick: int | None = None


@dataclass(frozen=True)
class EditReceipt:
    """What became of an edit.

    Attributes:
        kind: "cold" = nothing was done; it takes another run.
        tick: the first tick under the new document.
        changes: what is different, in plain words, such as "adds view.preview 12".
    """

    id: str
    kind: EditKind
    tick: int
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """What a node made for one tick, where one of its outputs is a latent or frames.

    Attributes:
        outputs: output name -> value; what it holds is shared with the other nodes and must not be changed.
        made_s: when, on the clock of `time.monotonic`.
        ms: how long the node computed: what it reported itself, otherwise the time since its tick began.
    """

    node: str
    type_id: str
    tick: int
    outputs: Mapping[str, Any]
    made_s: float
    ms: float


Tap = Callable[[Item], None]
Pace = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Retired:
    """The last state of a stateful node that an edit took out; it goes on from there when it comes back.

    Attributes:
        fixed: a digest of its type, its version and, where it holds a session, of what that was made from.
    """

    fixed: str
    snapshot: Any


@dataclass(frozen=True, kw_only=True)
class RunState:
    """All that a run's further course depends on, as it was before `tick` began. Sharing one between runs is safe.

    Attributes:
        document: the workflow in force, edits at `tick` included.
        nodes: stateful node -> its snapshot; a node without one starts afresh.
        values: (node, input) -> the value that controls before `tick` left in a `Live` input.
        retired: nodes that an edit took out.
        nbytes: size of the tensors and arrays inside; what is shared inside counts once.
        exact: going on from here gives bit-identical items.
    """

    tick: int
    document: dict[str, Any]
    nodes: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    retired: Mapping[str, Retired] = field(default_factory=dict)
    nbytes: int = 0
    exact: bool = True


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """One execution of a workflow.

    Attributes:
        document: the workflow; it must not change while the run goes. With `start`, that state's document is used.
        live: paced by a clock, or as fast as it goes.
        ticks: the run ends before this tick. None = until stopped for a live run; for a render what the workflow says,
            else 48 (8 s).
        seed: replaces the value of every Seed input.
        controls: replayed at their ticks, as an earlier run logged them; those before `start` are left out.
        edits: replayed at their ticks in the same way, without a dry run; at one tick edits go before controls.
        targets: output nodes to run for; none = all.
        files: uploaded file, as a file widget names it -> the file to read instead of the one in the input folder.
        stand_in: given every generator that the workflow has loaded; the nodes are given what it returns.
        start: begin here and not at tick 0.
        resume_at: ticks before it are replayed as fast as possible, unseen by nodes that show or save; then the clock
            starts. None = `start`'s tick.
        tap: called in the event loop for every item with latents or frames, replayed ones too; it must be quick.
        pace: awaited after every such item, when it has been handed on: the node that made it goes on once it returns.
        state_budget_bytes: memory for states to rewind to; None = hold none. With a `stand_in` none is held before
            `resume_at`: what the nodes know there may not be theirs.
        state_every: ticks from one state to the next.
    """

    run_id: str
    document: dict[str, Any]
    live: bool
    ticks: int | None = None
    seed: int | None = None
    controls: tuple[Control, ...] = ()
    edits: tuple[Edit, ...] = ()
    targets: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    stand_in: Callable[[Generator], Generator] | None = None
    start: RunState | None = None
    resume_at: int | None = None
    tap: Tap | None = None
    pace: Pace | None = None
    state_budget_bytes: int | None = None
    state_every: int = 12


class PreviewSink(Protocol):
    """Takes preview frames, and drops what nobody can see in time."""

    def offer(self, run_id: str, node_id: str, frames: Frames, *, format: str, quality: int) -> None:
        """Take the frames of one tick; never blocks."""


class Run(Protocol):
    """A run that has been started."""

    @property
    def run_id(self) -> str:
        """The id given in the request."""

    @property
    def status(self) -> Status:
        """How it stands now."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The workflow in force, with its seed; edits change it."""

    @property
    def control_log(self) -> list[Control]:
        """Every control accepted so far, each with the tick it takes effect; a request may replay it."""

    def control(self, control: Control) -> Receipt:
        """Accept a new value for an input.

        Raises:
            UserInputError: the input takes no controls, the value is not allowed, or the run is over.
        """

    @property
    def edit_log(self) -> list[Edit]:
        """Every edit that was applied, with its tick and the whole document; a request may replay it."""

    async def edit(self, edit: Edit) -> EditReceipt:
        """Change the workflow while it runs. Returns once the change is in force, or at once where it is "cold".

        A new node is tried out beside the run before it takes part. Of edits and controls at one tick the controls
        win. Nodes that are not touched never notice; one that comes back goes on from its last state; one that has
        failed is started again.

        Raises:
            InvalidWorkflow: with all problems of the new document.
            NodegraphError: a new node failed while it was tried out; the run goes on as it was.
            UserInputError: "bad_request", where the run is over.
        """

    def held(self) -> list[tuple[int, int]]:
        """Return (tick, bytes) of every state that is held, oldest first."""

    def hold_at_most(self, budget_bytes: int) -> None:
        """Hold states within another budget from now on, thinned at once; a run without states is left alone."""

    async def state_before(self, tick: int) -> RunState | None:
        """Return the newest held state at or before `tick`, or None."""

    def stop(self) -> None:
        """End the run: a live run that writes a film lets the ticks in flight end and closes the file, every other
        run (and a second call) is cancelled at once."""

    async def wait(self) -> Outcome:
        """Wait for the end."""


class Engine(Protocol):
    """Starts runs."""

    def start(self, request: RunRequest, on_event: Listener) -> Run:
        """Plan the run and start it in the running event loop.

        Raises:
            InvalidWorkflow: with all problems of the nodes it needs.
            UserInputError: a control to replay is not allowed.
        """

    def classify(self, old: dict[str, Any], new: dict[str, Any]) -> tuple[EditKind, tuple[str, ...]]:
        """Say what it takes to go from one workflow to another while it runs, and what changes, in plain words.

        Raises:
            InvalidWorkflow: with all problems of either.
        """
