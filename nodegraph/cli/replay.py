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
    from nodegraph.takes import Facts, ReplayReport, TakeReader

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
    from nodegraph.takes import TakeReader, own_versions, warnings_before

    take = TakeReader(_folder(args.take, args.data))
    warnings = [*warnings_before(take, own_versions(), _facts_here(take)), *_missing_files(take, args.data)]
    console = Console(stderr=True, highlight=False)
    for warning in warnings:
        console.print(f"[yellow]warning[/]: {warning}")
    report = asyncio.run(_replay(take, args, tuple(warnings)))
    sys.stdout.write(json.dumps(asdict(report)) + "\n" if args.json else _told(report))
    return 0 if report.equal else 1


def _told(report: ReplayReport) -> str:
    if report.first_difference is None:
        return f"equal: {report.hashes} hashes of {report.ticks} ticks\n"
    node = report.first_difference["node"]
    where = f"node {node}" if node is not None else "the replay ended there"
    return f"different: first at tick {report.first_difference['tick']}, {where}\n"


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


def _facts_here(take: TakeReader) -> Facts:
    """What the same model is on this machine; nothing for a take that had none."""
    from nodegraph.takes import Facts

    preset = take.header.facts.preset
    if preset is None:
        return Facts()
    from nodegraph.errors import NodegraphError
    from nodegraph.generator.pool import load

    try:
        model = load(preset)
    except NodegraphError:  # the run itself will say so, with the node it stands in
        return Facts()
    kind = str(model.dtype).removeprefix("torch.")
    size = (model.width, model.height)
    return Facts(preset=preset, sha256=model.model_hash, device=f"{model.device} {kind}", size=size)


def _missing_files(take: TakeReader, data: Path) -> list[str]:
    import hashlib

    found = []
    for value, sha256 in take.files().items():
        path = data / "input" / value
        if not path.is_file():
            found.append(f"The uploaded file {value} is not there. The run cannot be made again without it.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            found.append(f"The uploaded file {value} is another one than then. Frames will differ.")
    return found


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

            return await replay(take, engine, progress, ticks=args.ticks, warnings=warnings)
