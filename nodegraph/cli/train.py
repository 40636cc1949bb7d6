"""`nodegraph train` and `nodegraph worlds`: make the data, train the stages, ship the weights."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.generator.presets import PRESETS

__all__ = ["add"]

_FEW = {"debug": (64, 33)}
"""Clips and frames of a clip to render for presets that need few."""
_HELD_OUT_CLIPS, _HELD_OUT_SEED = 16, 700_000_000
_STAGES = (
    "render",
    "vae",
    "depth",
    "encode",
    "diffusion",
    "adapt",
    "consistency",
    "adversarial",
    "long",
    "decoder",
    "export",
)


def add(commands: Any) -> None:
    """Add the subcommands."""
    parser = commands.add_parser("train", help="train a model, stage by stage", description=_train.__doc__)
    parser.add_argument("stage", choices=("import", *_STAGES, "all"), help="one stage, or all in order")
    parser.add_argument("--preset", choices=PRESETS, default="tiny")
    parser.add_argument(
        "--out", type=Path, default=Path("runs/tiny"), help="folder of the training run (default: runs/tiny)"
    )
    parser.add_argument("--data", type=Path, help="folder of rendered clips (default: OUT/data)")
    parser.add_argument("--videos", type=Path, help="import: folder of films, NAME.mp4 beside NAME.txt (its caption)")
    parser.add_argument("--clips", type=int, help="clips to render (default: 1200, for debug 64)")
    parser.add_argument("--frames", type=int, help="of a clip: 1 + 4 per latent frame (default: 49, for debug 33)")
    parser.add_argument("--minutes", type=float, help="stop each stage after this long; run again to resume")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", help="torch device (default: CUDA where there is one)")
    parser.add_argument("--start", type=Path, help="weights to start the stage from (default: the stage before)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="change a setting of the stage"
    )
    parser.add_argument(
        "--to", type=Path, help="export: folder for the weights (default: the package; all: OUT/export)"
    )
    parser.add_argument(
        "--from-stage", default="decoder", choices=_STAGES, help="export: whose weights (default: decoder)"
    )
    parser.set_defaults(run=_train)
    worlds = commands.add_parser(
        "worlds", help="pictures and clips of the procedural worlds", description=_worlds.__doc__
    )
    worlds.add_argument("--out", type=Path, required=True, help="the contact sheet, a PNG")
    worlds.add_argument("--clips", type=Path, help="folder for a clip of every setting and light")
    worlds.add_argument("--frames", type=int, default=49, help="frames of a clip (default: 49)")
    worlds.add_argument("--width", type=int, default=320)
    worlds.add_argument("--height", type=int, default=192)
    worlds.set_defaults(run=_worlds)


def _worlds(args: argparse.Namespace) -> int:
    """Draw every setting in every light onto one sheet; with --clips, a clip of each."""
    from nodegraph.worlds.sheet import main

    options = [word for name in ("out", "frames", "width", "height") for word in (f"--{name}", str(vars(args)[name]))]
    return main(options + (["--clips", str(args.clips)] if args.clips else []))


def _train(args: argparse.Namespace) -> int:
    """Train a model from nothing. Every stage resumes where it was stopped; logs and sheets stand in its folder.

    `all` ends with a table of what each stage has gained on clips that it never saw.
    """
    if args.preset == "debug":
        import torch

        # Its operations are too small to be shared between threads: waiting for each other costs more than the work.
        torch.set_num_threads(1)
    for stage in _STAGES if args.stage == "all" else (args.stage,):
        if not _one(stage, args):
            sys.stdout.write(f"{stage}: stopped after {args.minutes} minutes; run the same command again to go on\n")
            return 0
    if args.stage == "all":
        _print_progress(args.out)
    return 0


def _print_progress(folder: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    from nodegraph.training.progress import summary

    table = Table("stage", "on held-out clips", "before", "after", "improved", "besides")
    for row in summary(folder):
        before, after = dict(row["before"]), dict(row["after"])
        own = [f"{figures.pop(row['figure']):.4g}" for figures in (before, after)]
        besides = ", ".join(f"{name} {before[name]:.3g} to {after[name]:.3g}" for name in after)
        table.add_row(row["stage"], row["figure"], *own, "yes" if row["improved"] else "NO", besides)
    Console().print(table)


def _one(stage: str, args: argparse.Namespace) -> bool:
    from nodegraph.generator.config import preset
    from nodegraph.generator.pool import default_device
    from nodegraph.training.folder import caption_words, import_folder
    from nodegraph.training.run import export, run_stage
    from nodegraph.worlds.captions import vocabulary

    data = args.data or args.out / "data"
    if stage == "import":
        if args.videos is None:
            raise UserInputError("bad_request", "Import needs films.", expected="--videos FOLDER")
        size = preset(args.preset)
        count = import_folder(args.videos, data, frames=args.frames, width=size.width, height=size.height)
        sys.stdout.write(f"{data}: {count} clips\n")
        return True
    if stage == "render":
        clips, frames = _FEW.get(args.preset, (1200, 49))
        return _render(data, args, args.clips or clips, args.frames or frames)
    if stage == "export":
        # To train everything must not, by the way, replace the weights that everything else runs with.
        target = args.to or (args.out / "export" if args.stage == "all" else _package_folder(args.preset))
        sys.stdout.write(f"{target}: {export(args.out, args.from_stage, target)}\n")
        return True
    return run_stage(
        args.preset,
        stage,
        args.out,
        data=data,
        vocabulary=tuple(sorted({*vocabulary(), *caption_words(data)})) if stage == "vae" else (),
        seed=args.seed,
        minutes=args.minutes,
        device=args.device or default_device(),
        start=args.start,
        overrides=dict(_setting(text) for text in args.set),
    )


def _render(data: Path, args: argparse.Namespace, clips: int, frames: int) -> bool:
    """Render the clips to learn from, and those to measure with."""
    from nodegraph.generator.config import preset
    from nodegraph.training.progress import HELD_OUT
    from nodegraph.worlds.dataset import main as render

    size = preset(args.preset)
    for folder, count, seed in (
        (data, clips, args.seed),
        (data / HELD_OUT, min(_HELD_OUT_CLIPS, clips), _HELD_OUT_SEED + args.seed),
    ):
        numbers = {"clips": count, "frames": frames, "width": size.width, "height": size.height, "seed": seed}
        # Small sets are cut so that both workers have something to do.
        numbers["shard"] = max(1, min(50, count // 4))
        options = [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
        if render(["--out", str(folder), *options]):
            return False
    return True


def _package_folder(preset: str) -> Path:
    from importlib import resources

    return Path(str(resources.files("nodegraph.generator"))) / "weights" / preset


def _setting(text: str) -> tuple[str, object]:
    """`name=value` in the type the setting has."""
    from nodegraph.training.settings import StageSettings

    name, equals, value = text.partition("=")
    default = getattr(StageSettings(stage="", steps=0), name, None)
    if not equals or default is None:
        raise UserInputError(
            "bad_request", f"--set {text} names no setting.", expected="NAME=VALUE, a field of StageSettings"
        )
    if isinstance(default, bool):
        return name, value.lower() in ("1", "true", "yes")
    try:
        return name, type(default)(value)
    except ValueError as error:
        raise NodegraphError(
            "out_of_range", f"--set {text}: the value does not fit.", got=value, expected=type(default).__name__
        ) from error
