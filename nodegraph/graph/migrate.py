"""Bring saved workflows up to the newest schema, one numbered step at a time.

`MIGRATIONS[i]` turns a document of version i + 1 into one of version i + 2, so the numbers have no gap by construction
and the newest version is `len(MIGRATIONS) + 1`. A step gets a copy whose keys it may set; what it changes further
inside it replaces, because the parts are shared with the document given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nodegraph.errors import UserInputError
from nodegraph.graph.schema import SCHEMA_VERSION

__all__ = ["MIGRATIONS", "Migration", "migrate_document"]

Migration = Callable[[dict[str, Any]], dict[str, Any]]


def _with_subgraphs(document: dict[str, Any]) -> dict[str, Any]:
    """Version 2 knows subgraphs, pinned nodes and collapsed groups; an older document has none of them."""
    return document


MIGRATIONS: tuple[Migration, ...] = (_with_subgraphs,)

assert len(MIGRATIONS) == SCHEMA_VERSION - 1, "every schema version but the first has the step that leads to it"


def migrate_document(data: Any, migrations: Sequence[Migration] = MIGRATIONS) -> dict[str, Any]:
    """Return the document in the newest schema. The one given is not changed; a newest one is returned as it is.

    Raises:
        UserInputError: "bad_document" where it has no version, "newer_schema" where it comes from a newer program.
    """
    newest = len(migrations) + 1
    version = data.get("schema") if isinstance(data, Mapping) else None
    if not isinstance(data, dict) or not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UserInputError(
            "bad_document",
            "This is not a nodegraph workflow.",
            got="no schema version" if version is None else f"schema {version!r:.40}",
            expected=f'a JSON object with "schema": {newest}',
            remedy="Open a workflow that nodegraph saved, or a file that was made with one.",
        )
    if version > newest:
        raise UserInputError(
            "newer_schema",
            "The workflow was saved by a newer version of nodegraph.",
            got=f"schema {version}",
            expected=f"schema {newest} or older",
            remedy="Update nodegraph, then open it again.",
        )
    if version == newest:
        return data
    document = dict(data)
    for number in range(version, newest):
        document = migrations[number - 1](document)
        document["schema"] = number + 1
    return document
