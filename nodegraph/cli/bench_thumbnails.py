"""`nodegraph bench thumbnails`: pictures of the shipped workflows for the gallery."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from nodegraph.cli.bench_output import print_result
from nodegraph.generator.presets import PRESETS

__all__ = ["add"]


def add(benches: Any, bench: Any) -> None:
    """Add the bench; `bench` makes its parser."""
    parser = bench(benches, "thumbnails", "moving pictures of the shipped workflows, made by running them", _thumbnails)
    parser.add_argument("names", nargs="*", metavar="NAME", help="shipped workflows, such as hello (default: all)")
    parser.add_argument("--out", type=Path, default=Path("workflows/thumbs"), help="default: workflows/thumbs")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of the clips (default: 3)")
    parser.add_argument("--preset", choices=PRESETS, help="another model than the workflows name")


def _thumbnails(args: argparse.Namespace) -> int:
    from nodegraph.bench.thumbnails import bench_thumbnails

    def tell(name: str) -> None:
        sys.stderr.write(f"{name}\n")

    sizes = bench_thumbnails(args.out, seconds=args.seconds, preset=args.preset, only=args.names, tell=tell)
    return print_result(sizes, args)
