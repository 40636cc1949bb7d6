"""`nodegraph estimate`: memory and speed to expect, before anything is loaded."""

from __future__ import annotations

import argparse
from typing import Any

from nodegraph.cli.bench_output import print_result
from nodegraph.cli.bench_speed import add_shape

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "estimate", help="memory and speed of a model to expect on a device", description=_estimate.__doc__
    )
    add_shape(parser)
    parser.add_argument("--fp8", action="store_true", help="linear layers of the video blocks in 8-bit floats")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=_estimate)


def _estimate(args: argparse.Namespace) -> int:
    """Say what a model will need and how fast it will be.

    --device takes a torch device, which is timed for a few seconds, or a name such as h200, which is judged by its
    data sheet and assumed efficiencies.
    """
    from nodegraph.bench.estimate import estimate
    from nodegraph.bench.work import parse_size, sized

    config = sized(args.preset, parse_size(args.size), args.window)
    return print_result(estimate(config, args.device, fp8=args.fp8).as_dict(), args)
