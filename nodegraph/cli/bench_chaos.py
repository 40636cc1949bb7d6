"""`nodegraph bench chaos`: random sessions, replayed and branched, compared bit by bit."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from nodegraph.cli.bench_output import print_result

__all__ = ["add"]


def add(benches: Any, bench: Any) -> None:
    """Add the bench; `bench` makes its parser."""
    chaos = bench(benches, "chaos", "random live sessions: is every replay and every branch bit-identical", _chaos)
    chaos.add_argument("--sessions", type=int, default=100, help="how many (default: 100)")
    chaos.add_argument("--seed", type=int, default=0, help="of all that is random; the same seed, the same sessions")


def _chaos(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from nodegraph.bench.chaos import bench_chaos

    with tqdm(total=args.sessions, unit="session", disable=args.json or not sys.stderr.isatty()) as bar:
        result = bench_chaos(args.sessions, args.seed, progress=lambda done: bar.update(done - bar.n))
    print_result(result, args)
    return 0 if result["sessions"] == result["replays_equal"] == result["branches_equal"] else 1
