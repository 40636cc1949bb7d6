"""The first page of a take: what was run, from where, with which weights, on what."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError
from nodegraph.media.disk import named_disk_errors

__all__ = ["HEADER", "SCHEMA", "Facts", "TakeHeader", "own_versions", "read_header", "write_header"]

HEADER = "take.json"
SCHEMA = 1
_VERSIONED = ("nodegraph", "torch", "numpy", "av")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What decides, beside the workflow, whether frames come out the same.

    Attributes:
        preset, sha256: the weights; None for a workflow without a model.
        device: as torch names it, such as "cpu"; with the kind of arithmetic, such as "cpu float32".
        size: width and height in pixels, None before the first frame.
    """

    preset: str | None = None
    sha256: str | None = None
    device: str = ""
    size: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class TakeHeader:
    """`take.json`.

    Attributes:
        root: the first take of the tree this one belongs to; its own id where it has no parent.
        parent: {"take_id", "tick"}: the take it branched from, and the first tick that is its own.
        created: epoch milliseconds.
        document: the workflow before tick 0, with the seed in force; changes of the graph are in the journal.
        settings: what the run was asked for besides, such as `ticks` and `targets`; `exact` false where the state at
            the branch was rebuilt from latents, in this take or one it comes from, `approximate_from` the tick from
            which on that holds; `own_from` is 0 where nothing could be taken over from the parent.
        versions: of the programs that made it.
    """

    take_id: str
    root: str
    parent: dict[str, Any] | None = None
    created: int
    name: str
    document: dict[str, Any]
    seed: int | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)
    schema: int = SCHEMA

    @property
    def first_own_tick(self) -> int:
        """The first tick that this take did not take over from its parent."""
        return int(self.settings.get("own_from", self.parent["tick"] if self.parent else 0))


def own_versions() -> dict[str, str]:
    """Return the versions of what makes frames here; torch is looked up, not imported."""
    found = {"python": platform.python_version()}
    for name in _VERSIONED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def write_header(folder: Path, header: TakeHeader) -> None:
    """Write `take.json` as a whole, in place of an older one.

    Raises:
        NodegraphError: disk_full.
    """
    temporary = folder / f"{HEADER}.new"
    with named_disk_errors():
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(asdict(header), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(folder / HEADER)


def read_header(folder: Path) -> TakeHeader:
    """Read `take.json`.

    Raises:
        NodegraphError: not_found, bad_file, newer_schema.
    """
    try:
        data = json.loads((folder / HEADER).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NodegraphError(
            "not_found", "The folder holds no take.", got=folder.name, remedy=f"Choose a folder with a {HEADER}."
        ) from error
    except ValueError as error:
        raise NodegraphError("bad_file", f"{HEADER} is not JSON.", got=str(error)[:200]) from error
    if isinstance(data, dict) and isinstance(data.get("schema"), int) and data["schema"] > SCHEMA:
        raise NodegraphError(
            "newer_schema",
            "The take was recorded by a newer version of nodegraph.",
            got=f"schema {data['schema']}",
            expected=f"schema {SCHEMA} or older",
            remedy="Update nodegraph.",
        )
    try:
        facts = data.pop("facts")
        size = facts.pop("size")
        return TakeHeader(facts=Facts(**facts, size=tuple(size) if size else None), **data)
    except (TypeError, KeyError, AttributeError) as error:
        raise NodegraphError("bad_file", f"{HEADER} does not describe a take.", got=str(error)[:200]) from error
