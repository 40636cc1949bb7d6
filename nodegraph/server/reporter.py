"""One run's events become messages for its watchers, and what the history keeps of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from nodegraph.engine.events import (
    Event,
    NodeFailed,
    NodeFinished,
    NodeProgress,
    NodeResult,
    NodesCached,
    NodesFinished,
    NodeStarted,
)
from nodegraph.errors import NodegraphError
from nodegraph.server.answers import error_body
from nodegraph.server.clients import Clients
from nodegraph.server.live_news import LiveNews
from nodegraph.server.messages import (
    Executed,
    ExecutedData,
    NodeOutput,
    RunFinishedData,
    RunStarted,
    RunStartedData,
    ServerMessage,
)
from nodegraph.server.payloads import FileRef
from nodegraph.server.progress import ProgressBatch
from nodegraph.values import SavedFile


class RunReporter:
    """Give `on_event` to the engine; call `finished` when the run has ended and its history is written.

    Args:
        run_id: also stands as prompt_id in ComfyUI's messages.
        document: the workflow, for names and node types.
        live: a steered run, with pulses.
        clients: where the watchers are.
        encode_ms: returns the time the preview's newest tick took to encode.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        run_id: str,
        document: Mapping[str, Any],
        *,
        live: bool,
        clients: Clients,
        encode_ms: Callable[[str], float | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.run_id = run_id
        self.live = live
        self.name = str(document.get("name") or "Untitled")
        self.history: list[list[Any]] = []
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        self._types = {node["id"]: node["type"] for node in document.get("nodes", ())}
        self._clients = clients
        self._progress = ProgressBatch(run_id, self._send, asyncio.get_running_loop())
        self._done: dict[str, None] = {}
        self._active: str | None = None
        self._failed = False
        self._live_news = LiveNews(run_id, live=live, clients=clients, encode_ms=encode_ms, clock=clock)

    @property
    def tick(self) -> int:
        """The last tick that every sink has finished; -1 before the first."""
        return self._live_news.tick

    def started(self) -> None:
        """Tell watchers that the run exists."""
        self._send(self.started_message())
        self._comfy("execution_start", {})

    def started_message(self) -> RunStarted:
        """Return the first message of the run."""
        return RunStarted(type="run_started", data=RunStartedData(run_id=self.run_id, name=self.name, live=self.live))

    def catch_up(self) -> list[ServerMessage]:
        """Return what a client that begins to watch now must know."""
        return [self.started_message(), self._progress.snapshot(), *self._live_news.catch_up()]

    def on_event(self, event: Event) -> None:
        """Take one event of the engine; cheap, called in the event loop."""
        self._live_news.on_event(event)
        match event:
            case NodeProgress():
                self._active = event.node
                self._progress.moved(event.node, event.done, event.total)
            case NodeStarted():
                self._active = event.node
                self._progress.started(event.node)
            case NodesCached():
                self._progress.ended(event.nodes)
                self._comfy("execution_cached", {"nodes": list(event.nodes)})
            case NodesFinished() | NodeFinished():
                self._on_finished(event.nodes if isinstance(event, NodesFinished) else (event.node,))
            case NodeResult():
                self._on_result(event.node, event.saved)
            case NodeFailed():
                self._on_failed(event.node, event.error)

    def ended(self, status: str, error: NodegraphError | None) -> None:
        """Note the end in the history; call it before the history is written."""
        self._progress.flush()
        if status == "succeeded":
            self._comfy("execution_success", {}, send=False)
        elif status == "cancelled":
            self._comfy("execution_interrupted", self._where(self._active), send=False)
        elif not self._failed:
            self._on_failed(error.node if error else None, error or _unknown_failure())

    def finished(self, status: str, error: NodegraphError | None) -> None:
        """Tell watchers that the run ended and its history is written."""
        for kind, data in self.history[-1:]:
            if kind in ("execution_success", "execution_interrupted"):
                self._send({"type": kind, "data": data})
        end = RunFinishedData(run_id=self.run_id, status=status)  # type: ignore[typeddict-item]
        if error is not None and status == "failed":
            end["error"] = error_body(error)
        self._send({"type": "run_finished", "data": end})
        self._send({"type": "executing", "data": {"node": None, "prompt_id": self.run_id}})

    def _on_finished(self, nodes: tuple[str, ...]) -> None:
        self._done.update(dict.fromkeys(nodes))
        self._progress.ended(nodes)
        for node in nodes:
            if node in self.outputs:
                self._send_executed(node)

    def _on_result(self, node: str, saved: SavedFile) -> None:
        ref = FileRef(filename=saved.filename, subfolder=saved.subfolder, type="output")
        self.outputs.setdefault(node, []).append({**ref, "media_type": saved.media_type})
        if node in self._done:
            self._send_executed(node)

    def _send_executed(self, node: str) -> None:
        data = ExecutedData(
            node=node, display_node=node, output=comfy_output(self.outputs[node]), prompt_id=self.run_id
        )
        self._send(Executed(type="executed", data=data))

    def _on_failed(self, node: str | None, error: NodegraphError) -> None:
        self._failed = True
        if node is not None:
            self._progress.ended((node,), failed=True)
        self._progress.flush()
        details = {
            "exception_message": str(error),
            "exception_type": error.code,
            "traceback": [],
            "current_inputs": {},
            "current_outputs": [],
            "error": error_body(error),
        }
        self._comfy("execution_error", self._where(node) | details)

    def _where(self, node: str | None) -> dict[str, Any]:
        return {"node_id": node, "node_type": self._types.get(node or ""), "executed": list(self._done)}

    def _comfy(self, kind: str, data: dict[str, Any], *, send: bool = True) -> None:
        full = {"prompt_id": self.run_id, "timestamp": time.time_ns() // 1_000_000, **data}
        self.history.append([kind, full])
        if send:
            self._send({"type": kind, "data": full})

    def _send(self, message: ServerMessage | dict[str, Any]) -> None:
        self._clients.send(self.run_id, message)  # type: ignore[arg-type]


def comfy_output(files: list[dict[str, Any]]) -> NodeOutput:
    """Return a node's files as ComfyUI shows them."""
    refs = [FileRef(filename=file["filename"], subfolder=file["subfolder"], type=file["type"]) for file in files]
    return NodeOutput(images=refs, animated=[file["media_type"].startswith("video/") for file in files])


def _unknown_failure() -> NodegraphError:
    return NodegraphError("internal_error", "The run ended without a reason", remedy="Look into the server's log")
