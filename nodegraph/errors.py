"""Errors a user can cause. Each carries a stable code and says what, got, expected and what to do.

A user's mistake raises `NodegraphError` (or a subclass); a mistake of ours is an assert.
Codes are stable: clients and translations key on them. `CODES` documents every one.
"""

from __future__ import annotations

from typing import Any

__all__ = ["CODES", "NodegraphError", "UserInputError"]

CODES: dict[str, str] = {
    "bad_document": "The workflow document does not fit the JSON Schema.",
    "bad_declaration": "A node's Python signature cannot be turned into ports.",
    "bad_file": "A file has the wrong format or cannot be read.",
    "bad_request": "A request's body or parameters are malformed.",
    "busy": "A limit on things at work at once is reached.",
    "cancelled": "The run was stopped on request.",
    "checkpoint_mismatch": "Weights do not fit the model's configuration.",
    "cycle": "Edges form a loop; the nodes on it are named.",
    "disk_full": "The data directory has no room left.",
    "duplicate_id": "Two nodes, edges or packs use the same id.",
    "forbidden": "The origin, token or address is not allowed.",
    "internal_error": "The server made a mistake; its log has the details.",
    "missing_input": "A required input has neither a wire nor a value.",
    "newer_schema": "The workflow was saved by a newer version.",
    "no_outputs": "The graph has no node that shows or saves anything.",
    "node_failed": "A node raised an error while it ran.",
    "not_found": "The named thing does not exist.",
    "out_of_memory": "The device has no memory left for this model and size.",
    "out_of_range": "A value lies outside the limits its port declares.",
    "path_outside": "A path leaves the data directory.",
    "too_large": "An upload, graph or message exceeds its limit.",
    "type_mismatch": "A wire joins ports of different types, or a value has the wrong type.",
    "unknown_node": "No installed pack has a node of this type.",
    "unknown_port": "The node has no port of this name.",
    "unknown_preset": "No model preset has this name.",
}


class NodegraphError(ValueError):
    """A mistake that its maker can mend.

    Args:
        code: a key of `CODES`.
        message: one plain sentence that names the thing at fault.
        got: what was received, as short text.
        expected: what would have been right.
        remedy: what to do about it.
        node: id of the node in the workflow, where there is one.
        port: name of the input or output, where there is one.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        got: str | None = None,
        expected: str | None = None,
        remedy: str | None = None,
        node: str | None = None,
        port: str | None = None,
    ) -> None:
        assert code in CODES, f"undocumented error code {code!r}"
        super().__init__(message)
        self.code = code
        self.message = message
        self.got = got
        self.expected = expected
        self.remedy = remedy
        self.node = node
        self.port = port

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form sent to clients; fields without a value are left out."""
        fields = ("code", "message", "got", "expected", "remedy", "node", "port")
        return {name: value for name in fields if (value := getattr(self, name)) is not None}

    def __str__(self) -> str:
        parts = [self.message]
        if self.node is not None:
            parts.append(f"node {self.node}" + (f", port {self.port}" if self.port else ""))
        if self.got is not None:
            parts.append(f"got {self.got}")
        if self.expected is not None:
            parts.append(f"expected {self.expected}")
        if self.remedy is not None:
            parts.append(self.remedy)
        return "; ".join(parts)


class UserInputError(NodegraphError):
    """A request or document that was refused before anything ran."""
