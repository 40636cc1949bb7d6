"""The published JSON Schema of workflow documents, and the check against it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from nodegraph.graph.problem import Problem

__all__ = ["SCHEMA_VERSION", "structure_problems", "workflow_schema"]

SCHEMA_VERSION = 2
_SHOWN_CHARS = 80

_NUMBER = {"type": "number"}
_ID = {"type": "string", "minLength": 1, "maxLength": 200}
_POINT = {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2}
_END = {
    "type": "array",
    "prefixItems": [_ID, _ID],
    "items": False,
    "minItems": 2,
    "description": "[node id, name of the output or input]",
}


def _object(properties: dict[str, Any], required: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_NODE = _object(
    {
        "id": _ID,
        "type": {**_ID, "description": "id of the node type, such as camera.fly"},
        "version": {"type": "integer", "minimum": 1},
        "inputs": {"type": "object", "description": "values typed into widgets, by input name"},
        "pos": _POINT,
        "size": _POINT,
        "title": {"type": "string"},
        "mode": {"enum": ["active", "muted", "bypassed"], "default": "active"},
        "collapsed": {"type": "boolean"},
        "pinned": {"type": "boolean", "description": "stays where it is on the canvas"},
        "color": {"type": ["string", "null"]},
    },
    ("id", "type"),
)
_GROUP = _object(
    {
        "id": _ID,
        "title": {"type": "string"},
        "bounds": {"type": "array", "items": _NUMBER, "minItems": 4, "maxItems": 4},
        "collapsed": {"type": "boolean"},
        "color": {"type": ["string", "null"]},
    },
    ("id", "bounds"),
)
_GRAPH = {
    "nodes": {"type": "array", "items": _NODE},
    "edges": {"type": "array", "items": _object({"from": _END, "to": _END}, ("from", "to"))},
    "groups": {"type": "array", "items": _GROUP},
}
_SUBGRAPH = _object(
    {
        "id": _ID,
        "name": {"type": "string"},
        "description": {"type": "string"},
        **_GRAPH,
        "inputs": {
            "type": "array",
            "items": _object({"name": _ID, "to": {"type": "array", "items": _END, "minItems": 1}}, ("name", "to")),
            "description": "exposed inputs; each stands for one or more inputs inside",
        },
        "outputs": {
            "type": "array",
            "items": _object({"name": _ID, "from": _END}, ("name", "from")),
            "description": "exposed outputs; each stands for one output inside",
        },
    },
    ("id", "nodes", "edges"),
)


def workflow_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the newest workflow version."""
    properties = {
        "schema": {"const": SCHEMA_VERSION, "description": "version of this format"},
        "id": {"type": "string", "maxLength": 200},
        "name": {"type": "string"},
        "description": {"type": "string"},
        **_GRAPH,
        "subgraphs": {
            "type": "array",
            "items": _SUBGRAPH,
            "description": "what nodes of type subgraph:<id> are instances of",
        },
        "view": _object({"x": _NUMBER, "y": _NUMBER, "zoom": {"type": "number", "exclusiveMinimum": 0}}, ()),
        "run": _object(
            {"mode": {"enum": ["live", "render"]}, "ticks": {"type": ["integer", "null"], "minimum": 1}}, ()
        ),
        "meta": {"type": "object", "description": "free for other programs"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "nodegraph workflow",
        **_object(properties, ("schema", "nodes", "edges")),
    }


def structure_problems(data: Any) -> list[Problem]:
    """Check a document of the newest version against the schema; every fault becomes one "bad_document"."""
    errors: Iterable[Any] = _validator().iter_errors(data)
    return [_problem(error, data) for error in errors]


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator  # imported when first needed: it takes 50 ms

    return Draft202012Validator(workflow_schema())


def _problem(error: Any, data: Any) -> Problem:
    path = list(error.absolute_path)
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    got = repr(error.instance)
    if len(got) > _SHOWN_CHARS:
        got = got[: _SHOWN_CHARS - 3] + "..."
    fault = error.message if len(error.message) <= 2 * _SHOWN_CHARS else f"it breaks the rule {error.validator!r}"
    return Problem(
        code="bad_document",
        message=f"The workflow is malformed at {where or 'its top level'}: {fault}.",
        node=_node_at(data, path),
        got=got,
        expected=_expected(error),
        remedy="Open a file that nodegraph saved, or mend this place by hand.",
    )


def _expected(error: Any) -> str | None:
    rule, value = error.validator, error.validator_value
    if rule == "required":
        return "the keys " + ", ".join(value)
    if rule == "additionalProperties":
        return "only the keys " + ", ".join(sorted(error.schema["properties"]))
    return f"{rule} {value}" if isinstance(value, (str, int, float, list)) else None


def _node_at(data: Any, path: list[str | int]) -> str | None:
    if len(path) < 2 or path[0] != "nodes":
        return None
    item = data["nodes"][path[1]]
    found = item.get("id") if isinstance(item, dict) else None
    return found if isinstance(found, str) else None
