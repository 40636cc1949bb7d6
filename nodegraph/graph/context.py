"""What a node may ask of its surroundings. Nodes see this, never the engine, the server or the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from nodegraph.values import Frames, SavedFile

__all__ = ["Context", "Stage"]

R = TypeVar("R")
Stage = Literal["step", "decode", "encode"]


@runtime_checkable
class Context(Protocol):
    """A parameter annotated `Context` receives one, bound to the run and the node. It is never a port."""

    @property
    def run_id(self) -> str:
        """Id of this run, unique on this server."""

    @property
    def node_id(self) -> str:
        """Id of this node in the workflow."""

    @property
    def live(self) -> bool:
        """True while somebody steers, False for a render to files."""

    @property
    def ticks(self) -> int | None:
        """How many ticks the run lasts; None = until it is stopped."""

    @property
    def workflow(self) -> Mapping[str, Any]:
        """The document that runs, with the seed in force: what belongs into a file's metadata."""

    def progress(self, done: float, total: float | None = None) -> None:
        """Report progress in the node's own unit; safe to call from a worker thread."""

    async def preview(self, frames: Frames, *, format: str, quality: int) -> None:
        """Offer frames to whoever watches. Never waits; frames may be dropped, newest wins."""

    def reserve_output(self, prefix: str, suffix: str) -> SavedFile:
        """Reserve a new file in the output folder: `prefix` may hold subfolders, `suffix` is like ".mp4".

        Raises:
            NodegraphError: "path_outside" where the prefix leaves the folder.
        """

    def input_path(self, name: str) -> Path:
        """Return the path of an uploaded file.

        Raises:
            NodegraphError: "path_outside" or "not_found".
        """

    def result(self, saved: SavedFile) -> None:
        """Announce a finished file: it appears in the history and in the gallery."""

    async def work(self, fn: Callable[..., R], *args: Any) -> R:
        """Run a blocking call in a worker thread. A cancelled run waits for the call in flight, so that nothing
        touches a session from two threads."""

    async def compute(self, device: str, fn: Callable[..., R], *args: Any) -> R:
        """Run a blocking call that computes on a device ("cpu", "cuda:0") in the one thread that this process has for
        it: two that compute at once on the same cores take more than twice as long. Else as `work`."""

    def timing(self, stage: Stage, ms: float) -> None:
        """Report how long a stage of the current tick took, for the latency bar."""
