"""The uploaded files that a run reads, handed to its recording: each once, and again where it was replaced."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from nodegraph.engine import Control
from nodegraph.engine.files import Inputs
from nodegraph.errors import NodegraphError
from nodegraph.graph import File, Registry, flatten
from nodegraph.takes import TakeWriter, uploads_in

__all__ = ["TakeUploads"]


class TakeUploads:
    """Knows what was handed over.

    Args:
        inputs: where the run reads from.
        registry: node types.
    """

    def __init__(self, inputs: Inputs, registry: Registry) -> None:
        self._inputs = inputs
        self._registry = registry
        self._known: set[tuple[str, int, int]] = set()

    def of_document(self, document: Mapping[str, Any], tick: int, writer: TakeWriter) -> None:
        """Hand over the files that a workflow names; it is in force from `tick` on."""
        self._keep(uploads_in(document, self._registry), tick, writer)

    def of_control(self, control: Control, document: Mapping[str, Any], writer: TakeWriter) -> None:
        """Hand over the file that a control names, where it goes to a file input."""
        if not isinstance(control.value, str):
            return
        types = {node["id"]: node["type"] for node in flatten(document).document["nodes"]}
        spec = self._registry.get(types.get(control.node, ""))
        port = spec.input(control.input) if spec is not None else None
        if port is not None and isinstance(port.widget, File):
            self._keep([control.value], control.tick or 0, writer)

    def _keep(self, values: Iterable[str], tick: int, writer: TakeWriter) -> None:
        for value in values:
            with contextlib.suppress(NodegraphError, OSError):  # the node that reads it says that it is not there
                path = self._inputs.path(value)
                stat = path.stat()
                known = value, stat.st_mtime_ns, stat.st_size
                if known not in self._known:
                    self._known.add(known)
                    writer.on_upload(value, path, tick)
