"""Values of earlier runs, found again by fingerprint."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from threading import Lock
from typing import Any

from nodegraph.engine.files import Inputs
from nodegraph.engine.sizes import measured_bytes
from nodegraph.graph import File, PlannedNode
from nodegraph.values import Generator

__all__ = ["ValueCache", "fingerprints", "reads_files"]

_DIGEST_BYTES = 16
CACHE_BYTES = 512 << 20


class ValueCache:
    """The results of the value nodes used last. Runs share it across threads.

    Args:
        items: the most results.
        nbytes: the most bytes of arrays and tensors in them; a result that is larger by itself is not held. Loaded
            models do not count: they stay loaded anyway.
    """

    def __init__(self, items: int, nbytes: int = CACHE_BYTES) -> None:
        assert items > 0, "a cache holds something"
        self._limit = items
        self._most_bytes = nbytes
        self._lock = Lock()
        self._results: OrderedDict[bytes, tuple[Any, ...]] = OrderedDict()
        self._sizes: dict[bytes, int] = {}
        self.nbytes = 0

    def __len__(self) -> int:
        return len(self._results)

    def get(self, fingerprint: bytes) -> tuple[Any, ...] | None:
        """Return the result, or None where it is not held."""
        with self._lock:
            result = self._results.get(fingerprint)
            if result is not None:
                self._results.move_to_end(fingerprint)
            return result

    def put(self, fingerprint: bytes, result: tuple[Any, ...]) -> None:
        """Hold a result; those that were not used for longest give way."""
        size = measured_bytes([value for value in result if not isinstance(value, Generator)])
        if size > self._most_bytes:
            return
        with self._lock:
            self.nbytes += size - self._sizes.get(fingerprint, 0)
            self._results[fingerprint], self._sizes[fingerprint] = result, size
            self._results.move_to_end(fingerprint)
            while len(self._results) > self._limit or self.nbytes > self._most_bytes:
                oldest, _ = self._results.popitem(last=False)
                self.nbytes -= self._sizes.pop(oldest)


def fingerprints(nodes: Iterable[PlannedNode], inputs: Inputs) -> dict[str, bytes]:
    """Return node -> hash of its type, its version and the fingerprints of its inputs; `nodes` is topological.

    A file input counts with its size and time of change, so that a new picture under an old name is seen.
    """
    result: dict[str, bytes] = {}
    for node in nodes:
        parts = [f"{node.spec.id}\0{node.spec.version}"]
        for name, value in node.literals.items():
            parts.append(f"{name}={_literal(value)}")
        for name in sorted(node.wires):
            wire = node.wires[name]
            parts.append(f"{name}<{result[wire.source].hex()}.{wire.slot}")
        parts += _file_marks(node, node.literals, inputs)
        result[node.id] = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()
    return result


def reads_files(node: PlannedNode) -> bool:
    """Say whether the fingerprint of a node depends on the input folder."""
    return any(isinstance(port.widget, File) for port in node.spec.inputs)


def _literal(value: Any) -> str:
    if value is None or isinstance(value, (str, int, float)):
        return repr(value)
    return json.dumps(value, sort_keys=True, default=repr)


def _file_marks(node: PlannedNode, literals: Mapping[str, Any], inputs: Inputs) -> list[str]:
    marks = []
    for port in node.spec.inputs:
        if isinstance(port.widget, File) and isinstance(literals.get(port.name), str):
            try:
                stat = inputs.place(literals[port.name]).stat()
                marks.append(f"{port.name}@{stat.st_mtime_ns}.{stat.st_size}")
            except OSError:
                marks.append(f"{port.name}@absent")
    return marks
