"""`nodegraph run`: render a workflow without a server."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import uuid
from pathlib import Path
from typing import Any

from tqdm import tqdm

from nodegraph.errors import NodegraphError, UserInputError

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("run", help="render a workflow to files", description=_run.__doc__)
    parser.add_argument(
        "workflow", type=Path, help="a workflow (JSON), or a file that carries one (MP4, WebM, PNG, WebP)"
    )
    parser.add_argument("--output", type=Path, help="folder for the results (default: DATA/output)")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder that holds input/ (default: data)")
    parser.add_argument("--seed", type=int, help="replaces the value of every seed in the graph")
    parser.add_argument("--ticks", type=int, help="latent frames to make; four video frames each")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NODE.INPUT=VALUE", help="change a value; JSON or plain text"
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """Render a workflow as fast as it goes and print the files it made, one a line."""
    document = _read(args.workflow)
    for assignment in args.set:
        _assign(document, assignment)
    outcome = asyncio.run(_render(document, args))
    if outcome.error is not None:
        raise outcome.error
    for files in outcome.results.values():
        for saved in files:
            sys.stdout.write(f"{saved.path}\n")
    return 0


def _read(path: Path) -> dict[str, Any]:
    """The document in a file: our format, ComfyUI's API format, or media metadata."""
    from nodegraph.graph import from_api, load_registry

    try:
        if path.suffix.lower() == ".json":
            data: Any = json.loads(path.read_text())
        else:
            from nodegraph.media.metadata import read_workflow_metadata

            found = read_workflow_metadata(path)
            data = found.get("workflow") or found.get("prompt")
    except OSError as error:
        raise UserInputError(
            "not_found", f"{path} cannot be read.", got=str(error.strerror), remedy="Check the path."
        ) from error
    except json.JSONDecodeError as error:
        raise UserInputError(
            "bad_file", f"{path.name} is not JSON.", got=str(error), remedy="Save the workflow again."
        ) from error
    if (
        isinstance(data, dict)
        and "nodes" not in data
        and all(isinstance(v, dict) and "class_type" in v for v in data.values())
    ):
        return dict(from_api(data, load_registry()))
    if not isinstance(data, dict):
        raise UserInputError(
            "bad_document", f"{path.name} holds no workflow.", got=type(data).__name__, expected="an object"
        )
    return data


def _assign(document: dict[str, Any], assignment: str) -> None:
    target, equals, text = assignment.partition("=")
    node_id, dot, name = target.rpartition(".")
    node = next((n for n in document.get("nodes", []) if n.get("id") == node_id), None)
    if not (equals and dot) or node is None:
        raise UserInputError(
            "bad_request",
            f"--set {assignment} names no value of the graph.",
            expected="NODE.INPUT=VALUE with the id of a node",
            remedy="Ids: " + ", ".join(f"{n['id']} ({n['type']})" for n in document.get("nodes", [])),
        )
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        value = text
    node.setdefault("inputs", {})[name] = value


async def _render(document: dict[str, Any], args: argparse.Namespace) -> Any:
    from nodegraph.engine import LocalEngine, RunRequest
    from nodegraph.engine.events import TickDone
    from nodegraph.graph import load_registry

    engine = LocalEngine(load_registry(), data_dir=args.data, output_dir=args.output)
    with tqdm(unit="tick", disable=args.quiet, desc=str(document.get("name") or args.workflow.stem)) as bar:

        def watch(event: object) -> None:
            if isinstance(event, TickDone):
                bar.update(event.tick + 1 - bar.n)

        request = RunRequest(run_id=uuid.uuid4().hex, document=document, live=False, ticks=args.ticks, seed=args.seed)
        run = engine.start(request, watch)
        outcome = await run.wait()
    if outcome.status == "cancelled":
        raise NodegraphError("cancelled", "The render was stopped.")
    return outcome
