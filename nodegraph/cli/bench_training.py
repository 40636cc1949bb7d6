"""`nodegraph bench train-kill`: trainings killed and resumed, compared with unbroken ones bit by bit."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from nodegraph.cli.bench_output import print_result

__all__ = ["add"]


def add(benches: Any, bench: Any) -> None:
    """Add the bench; `bench` makes its parser."""
    kill = bench(benches, "train-kill", "kill a training, resume it, and compare its weights", _train_kill)
    kill.add_argument("--times", type=int, default=5, help="kills of each stage (default: 5)")
    kill.add_argument("--seed", type=int, default=0, help="of clips and moments")


def _train_kill(args: argparse.Namespace) -> int:
    from nodegraph.bench.train_kill import bench_train_kill

    def told(line: str) -> None:
        if not args.json:
            sys.stderr.write(line + "\n")

    result = bench_train_kill(args.times, args.seed, told=told)
    print_result(result, args)
    return 0 if result["equal"] == len(result["stages"]) else 1
