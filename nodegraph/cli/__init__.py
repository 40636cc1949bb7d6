"""The command `nodegraph`. Each module here adds one subcommand, or a few that belong together."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence

from rich.console import Console

from nodegraph import __version__
from nodegraph.cli import bench, estimate, listing, render, replay, serving, train
from nodegraph.cli import eval as evaluation
from nodegraph.errors import NodegraphError

__all__ = ["main"]

_EPILOG = "A first look: `nodegraph serve` opens the editor on the default workflow."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the process's exit code: 0 done, 1 a mistake that is explained, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="nodegraph", description="Author node graphs that direct live AI video.", epilog=_EPILOG
    )
    parser.add_argument("--version", action="version", version=f"nodegraph {__version__}")
    parser.add_argument("--verbose", action="store_true", help="log what happens to standard error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (serving, render, replay, listing, train, evaluation, bench, estimate):
        module.add(commands)
    args = parser.parse_args(argv)
    logging.basicConfig(
        level=logging.INFO if args.verbose else logging.WARNING, format="%(levelname)s %(name)s %(message)s"
    )
    try:
        return int(args.run(args))
    except NodegraphError as error:
        _explain(error)
        return 1
    except KeyboardInterrupt:
        return 130


def _explain(error: NodegraphError) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(f"[bold red]{error.code}[/]: {error.message}", markup=True)
    place = [f"node {error.node}"] if error.node else []
    if error.port:
        place.append(f"input {error.port}")
    rows = (("where", ", ".join(place)), ("got", error.got), ("expected", error.expected), ("do", error.remedy))
    for name, value in rows:
        if value:
            console.print(f"  {name}: {value}", markup=False)
    for problem in getattr(error, "problems", ()):
        line = problem.as_dict()
        console.print(
            f"  - node {line.get('node')}, {line.get('port') or line['code']}: {line['message']}", markup=False
        )
