"""`nodegraph eval`: how good a model is, in numbers with floors beside them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("eval", help="measure how good a model is", description=_run.__doc__)
    parser.add_argument("--seed", type=int, default=0, help="of scenes, prompts, paths, motions and noise (default: 0)")
    parser.add_argument("--out", type=Path, required=True, help="folder for eval.json and index.html")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter streams: minutes instead of hours")
    parser.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    parser.add_argument("--weights", type=Path, help="folder of weights, such as a stage of a training run")
    parser.add_argument("--teacher", type=Path, help="folder of weights that make each frame in several passes")
    parser.add_argument("--only", help="parts to run, with commas: prompt,camera,pose,motion,drift,switch")
    parser.add_argument("--no-floors", action="store_true", help="the streams alone: quicker, and no motion_ratio")
    parser.add_argument("--judge-clips", type=Path, help="rendered shards from which the judges learn")
    parser.add_argument("--device", help="torch device (default: CUDA where there is one)")
    parser.add_argument("--json", action="store_true", help="print eval.json instead of a table")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    """Measure prompts, camera, pose, motion, drift and switches on held-out scenes; write eval.json and a page.

    The judges are trained once for each version of the worlds (about three minutes) and kept in the user's cache.
    """
    from nodegraph.evaluation import FULL, PARTS, QUICK, evaluate, model_of, write_report

    def told(line: str) -> None:
        if not args.json:
            sys.stderr.write(f"{line[:150]}\n")

    model = model_of(args.preset, args.weights, args.device)
    teacher = None
    if args.teacher:
        from nodegraph.evaluation.teacher import teacher_sessions

        teacher = teacher_sessions(model_of(args.preset, args.teacher, args.device))
    result, parts = evaluate(
        model,
        seed=args.seed,
        scale=QUICK if args.quick else FULL,
        only=args.only.split(",") if args.only else PARTS,
        floors=not args.no_floors,
        judge_clips=args.judge_clips,
        teacher=teacher,
        told=told,
    )
    write_report(args.out, result, parts)
    if args.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        _table(result)
        sys.stdout.write(f"{args.out / 'index.html'}\n")
    return 0


def _table(result: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    floors = ("real", "vae", "shuffled", "copy_last", "teacher")
    table = Table("figure", "value", "target", *floors)
    for key, figure in result["figures"].items():
        row = [figure["value"], figure["target"], *(figure["floors"][name] for name in floors)]
        table.add_row(key, *("" if value is None else f"{value:.3f}" for value in row))
    Console().print(table)
