"""What the server and the command line know of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from nodegraph.engine.events import Listener, Outcome, Status
from nodegraph.values import Frames

__all__ = ["Control", "Engine", "PreviewSink", "Receipt", "Run", "RunRequest"]


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
class RunRequest:
    """One execution of a workflow.

    Attributes:
        document: the workflow; it must not change while the run goes.
        live: paced by a clock, or as fast as it goes.
        ticks: None = until stopped for a live run; for a render what the workflow says, else 48 (8 s).
        seed: replaces the value of every Seed input.
        controls: replayed at their ticks, as an earlier run logged them.
        targets: output nodes to run for; none = all.
    """

    run_id: str
    document: dict[str, Any]
    live: bool
    ticks: int | None = None
    seed: int | None = None
    controls: tuple[Control, ...] = ()
    targets: tuple[str, ...] = ()


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
        """The workflow as it runs, with the seed in force."""

    @property
    def control_log(self) -> list[Control]:
        """Every control accepted so far, each with the tick it takes effect; a request may replay it."""

    def control(self, control: Control) -> Receipt:
        """Accept a new value for an input.

        Raises:
            UserInputError: the input takes no controls, the value is not allowed, or the run is over.
        """

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
