"""`nodegraph replay`: make a take again and compare every tick's hashes."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from tqdm import tqdm

from nodegraph.errors import UserInputError

if TYPE_CHECKING:
    from nodegraph.takes import ReplayReport, TakeReader

__all__ = ["add"]

_TAKE_ID = re.compile(r"[0-9a-f]{4,32}")


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("replay", help="make a take again and compare every frame", description=_run.__doc__)
    parser.add_argument("take", help="a take's folder, its id, or the beginning of its id")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder that holds takes/ and input/")
    parser.add_argument("--ticks", type=int, help="compare no more than so many")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """Run a take's workflow with its controls and edits, as fast as it goes, and compare every hash.

    The exit code is 0 where all are equal, 1 where one differs. Nothing is written.
    """
    from nodegraph.server.restoring import facts_here
    from nodegraph.takes import TakeReader, own_versions, warnings_before

    take = TakeReader(_folder(args.take, args.data))
    warnings = warnings_before(take, own_versions(), facts_here(take.header.facts.preset, take.header.document))
    console = Console(stderr=True, highlight=False)
    for warning in warnings:
        console.print(f"[yellow]warning[/]: {warning}")
    report = asyncio.run(_replay(take, args, warnings))
    sys.stdout.write(json.dumps(asdict(report)) + "\n" if args.json else _told(report))
    return 0 if report.equal else 1


def _told(report: ReplayReport) -> str:
    if report.first_difference is None:
        return f"equal: {report.hashes} hashes of {report.ticks} ticks\n"
    node = report.first_difference["node"]
    where = f"node {node}" if node is not None else "no node"
    return f"different: first at tick {report.first_difference['tick']}, {where}: {report.first_difference['why']}\n"


def _folder(name: str, data: Path) -> Path:
    if Path(name).is_dir():
        return Path(name)
    takes = data / "takes"
    found = sorted(takes.glob(f"{name}*")) if _TAKE_ID.fullmatch(name) else []
    if len(found) == 1:
        return found[0]
    raise UserInputError(
        "not_found",
        f"There are {len(found)} takes of this id." if found else "There is no such take.",
        got=name,
        expected="a take's folder, its id, or at least four characters of its beginning",
        remedy=f"They are below {takes}; choose another place with --data.",
    )


async def _replay(take: TakeReader, args: argparse.Namespace, warnings: tuple[str, ...]) -> ReplayReport:
    from nodegraph.engine import LocalEngine
    from nodegraph.graph import load_registry
    from nodegraph.takes import replay

    with tempfile.TemporaryDirectory(prefix="nodegraph-replay-") as output:
        engine = LocalEngine(load_registry(), data_dir=args.data, output_dir=Path(output))
        with tqdm(unit="tick", disable=args.json, desc=take.header.name) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            return await replay(take, engine, progress, ticks=args.ticks, inputs=args.data / "input", warnings=warnings)
