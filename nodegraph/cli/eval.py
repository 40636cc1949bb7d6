"""`nodegraph eval`: how good a model is, in numbers with floors beside them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("eval", help="measure how good a model is", description=_run.__doc__)
    parser.add_argument(
        "what", nargs="?", choices=("model", "ablations"), default="model",
        help="a model's figures, or a table of what each part of the method is worth (trains; default: model)",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=0, help="of scenes, prompts, paths, motions and noise (default: 0)")
    parser.add_argument("--out", type=Path, required=True, help="folder for eval.json and index.html")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter streams: minutes instead of hours")
    parser.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    parser.add_argument("--weights", type=Path, help="folder of weights, such as a stage of a training run")
    parser.add_argument("--teacher", type=Path, help="folder of weights that make each frame in several passes")
    parser.add_argument(
        "--pictures", action="store_true",
        help="streams begin with a picture drawn for their words, and turn to another with new words, as the default "
        "workflow does",
    )  # fmt: skip
    parser.add_argument("--only", help="parts to run, with commas: prompt,camera,pose,motion,drift,switch")
    parser.add_argument("--no-floors", action="store_true", help="the streams alone: quicker, and no motion_ratio")
    parser.add_argument("--judge-clips", type=Path, help="rendered shards from which the judges learn")
    parser.add_argument("--device", help="torch device (default: CUDA where there is one)")
    parser.add_argument("--json", action="store_true", help="print eval.json instead of a table")
    sizes = parser.add_argument_group("ablations")
    sizes.add_argument("--seeds", type=int, default=3, help="times that everything is trained (default: 3)")
    sizes.add_argument("--clips", type=int, default=120, help="clips to render (default: 120)")
    sizes.add_argument("--vae-steps", type=int, help="updates of the autoencoder (default: the preset's)")
    sizes.add_argument("--adapt-steps", type=int, help="updates of the common start (default: the preset's)")
    sizes.add_argument("--steps", type=int, help="updates of each variant after it (default: the preset's)")
    parser.set_defaults(run=_run)


def _ablations(args: argparse.Namespace) -> int:
    """Train and measure the variants; write ablations.json and a table."""
    from nodegraph.evaluation.ablations import AblationSettings, run_ablations
    from nodegraph.generator.pool import default_device

    settings = AblationSettings(
        seeds=args.seeds, clips=args.clips, vae_steps=args.vae_steps, adapt_steps=args.adapt_steps, steps=args.steps
    )
    device = args.device or default_device()
    result = run_ablations(args.preset, args.out, settings, seed=args.seed, device=device, told=_teller(args))
    if args.json:
        sys.stdout.write(json.dumps(result) + "\n")
        return 0
    for name, row in result["rows"].items():
        cells = [
            f"{column} {row['mean'][column]:.3f} +- {row['deviation'][column]:.3f}" for column in result["columns"]
        ]
        sys.stdout.write(f"{name}: {', '.join(cells)}\n")
    sys.stdout.write(f"{args.out / 'index.html'}\n")
    return 0


def _teller(args: argparse.Namespace) -> Callable[[str], None]:
    def told(line: str) -> None:
        if not args.json:
            sys.stderr.write(f"{line[:150]}\n")

    return told


def _run(args: argparse.Namespace) -> int:
    """Measure prompts, camera, pose, motion, drift and switches on held-out scenes; write eval.json and a page.

    The judges are trained once for each version of the worlds (about three minutes) and kept in the user's cache.
    """
    from nodegraph.evaluation import FULL, PARTS, QUICK, evaluate, model_of, write_report

    if args.what == "ablations":
        return _ablations(args)
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
        pictures=args.pictures,
        told=_teller(args),
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
