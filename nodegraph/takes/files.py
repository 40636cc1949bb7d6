"""Uploaded files of a take: recorded by content, kept with it, found again on another day or machine.

A file lies in the take's folder under `files/`, named by the SHA-256 of its content. Where the file system allows it
is the upload itself under a second name, so that it takes no room. An upload is never changed in place: a new one of
the same name takes its place, and the take goes on to hold what it was made with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError
from nodegraph.graph import File, Registry, flatten
from nodegraph.media.disk import named_disk_errors

__all__ = ["FILES", "FoundFiles", "Upload", "find_files", "keep_file", "kept_path", "share", "uploads_in"]

FILES = "files"


@dataclass(frozen=True)
class Upload:
    """A file that a run read: its path below the input folder, what was in it, and from which tick on."""

    value: str
    sha256: str
    nbytes: int
    tick: int


@dataclass(frozen=True)
class FoundFiles:
    """Uploads that are there with the content they had, by their path below the input folder; why others are not."""

    paths: dict[str, Path] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def require(self) -> Mapping[str, Path]:
        """Return the paths.

        Raises:
            NodegraphError: not_found, naming every file that is missing.
        """
        if self.missing:
            raise NodegraphError(
                "not_found",
                "The take cannot be made again without its uploaded files.",
                got="; ".join(self.missing),
                expected="the files it was made with",
                remedy="Put them back into the input folder under these names, or open the bundle that holds them.",
            )
        return self.paths


def uploads_in(document: Mapping[str, Any], registry: Registry) -> list[str]:
    """Return the uploaded files that a workflow names, insides of subgraphs included, each once."""
    flat = flatten(document).document
    wired = {tuple(edge["to"]) for edge in flat.get("edges", ())}
    found: dict[str, None] = {}
    for node in flat.get("nodes", ()):
        spec = registry.get(str(node.get("type")))
        for port in spec.inputs if spec is not None else ():
            value = node.get("inputs", {}).get(port.name, port.default)
            named = isinstance(port.widget, File) and isinstance(value, str) and bool(value)
            if named and (node["id"], port.name) not in wired:
                found[value] = None
    return list(found)


def keep_file(source: Path, folder: Path) -> tuple[str, int]:
    """Keep a file with the take in `folder`; return its SHA-256 and its size in bytes.

    Raises:
        NodegraphError: disk_full.
        OSError: the source cannot be read.
    """
    with source.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    target = kept_path(folder, sha256)
    with named_disk_errors():
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            share(source, target)
    return sha256, target.stat().st_size


def kept_path(folder: Path, sha256: str) -> Path:
    """Return where a take in `folder` keeps a file of this content."""
    return folder / FILES / sha256


def find_files(folder: Path, uploads: Mapping[str, Upload], inputs: Path | None) -> FoundFiles:
    """Look for every upload in the take's folder, then in the input folder; content is compared. Blocking."""
    paths: dict[str, Path] = {}
    missing: list[str] = []
    for value, upload in uploads.items():
        places = [kept_path(folder, upload.sha256)] + ([inputs / value] if inputs is not None else [])
        there = [path for path in places if path.is_file()]
        same = next((path for path in there if _sha256(path) == upload.sha256), None)
        if same is not None:
            paths[value] = same
        else:
            why = "there is another file of this name" if there else "it is not there"
            missing.append(f"{value} (SHA-256 {upload.sha256}): {why}")
    return FoundFiles(paths, tuple(missing))


def share(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system has no such thing, copy it."""
    try:
        os.link(source, target)
    except FileExistsError:
        return
    except OSError:
        shutil.copyfile(source, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
