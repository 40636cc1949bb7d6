"""`nodegraph bench`: measurements that anyone can repeat."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from nodegraph.cli import bench_chaos, bench_speed, bench_thumbnails, bench_training
from nodegraph.cli.bench_output import print_result as _print
from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS

__all__ = ["add"]


def add(commands: Any) -> None:
    """Add the subcommand and its benches."""
    parser = commands.add_parser("bench", help="measure", description="Measure; every bench takes --json.")
    benches = parser.add_subparsers(dest="bench", required=True, metavar="BENCH")

    graph = _bench(benches, "graph", "what the executor costs per node", _graph)
    graph.add_argument("--nodes", type=int, default=1000, help="length of the chain of trivial nodes (default: 1000)")

    live = _bench(benches, "live", "frames a second, first frame and control latency of a live run", _live)
    live.add_argument("--seconds", type=float, default=30)
    live.add_argument("--url", help="a running server (default: one of its own)")
    live.add_argument("--workflow", type=Path, help="what to run (default: the first template)")

    viewers = _bench(benches, "viewers", "many viewers of one run, some of them slow", _viewers)
    viewers.add_argument("--viewers", type=int, default=10)
    viewers.add_argument("--slow", type=int, default=3, help="how many read at a tenth of the rate (default: 3)")
    viewers.add_argument("--seconds", type=float, default=30)
    viewers.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)

    memory = _bench(benches, "memory", "memory of a server that is steered, rewound and branched", _memory)
    memory.add_argument("--minutes", type=float, default=30)
    memory.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    memory.add_argument("--seed", type=int, default=0)

    kill = _bench(benches, "kill", "kill the server while it records, and see what is left", _kill)
    kill.add_argument("--times", type=int, default=50)
    kill.add_argument("--seed", type=int, default=0)

    bench_speed.add(benches, _bench)
    bench_chaos.add(benches, _bench)
    bench_thumbnails.add(benches, _bench)
    bench_training.add(benches, _bench)

    editor = _bench(benches, "editor", "how the editor bears a large graph, in a real Chromium", _editor)
    editor.add_argument("--nodes", type=int, default=1000, help="size of the graph (default: 1000)")
    editor.add_argument("--url", help="a running server (default: one of its own)")

    sheet = _bench(benches, "sheet", "contact sheet of the model: prompts by moments", _sheet)
    sheet.add_argument("--out", type=Path, required=True, help="PNG to write, or WebP: a moving one")
    sheet.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    sheet.add_argument("--seed", type=int, default=3)
    sheet.add_argument("--moments", type=int, default=6)
    sheet.add_argument("--from-words", action="store_true", help="no drawn first pictures: the model paints them too")

    picture = _bench(benches, "picture", "screenshot of the editor with a live run", _picture)
    picture.add_argument("--out", type=Path, required=True, help="PNG to write")
    picture.add_argument("--width", type=int, default=1600)
    picture.add_argument("--height", type=int, default=950)
    picture.add_argument("--theme", choices=("dark", "light"), default="dark")


def _bench(benches: Any, name: str, text: str, run: Any) -> Any:
    parser = benches.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.set_defaults(run=run)
    return parser


def _graph(args: argparse.Namespace) -> int:
    from nodegraph.bench.graph import bench_graph

    return _print(bench_graph(args.nodes), args)


def _live(args: argparse.Namespace) -> int:
    from nodegraph.bench.live import bench_live

    workflow = json.loads(args.workflow.read_text()) if args.workflow else None
    return _print(asyncio.run(bench_live(args.url, args.seconds, workflow)), args)


def _viewers(args: argparse.Namespace) -> int:
    from nodegraph.bench.viewers import bench_viewers

    return _print(asyncio.run(bench_viewers(args.viewers, args.slow, args.seconds, args.preset)), args)


def _memory(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from nodegraph.bench.memory import bench_memory

    with tqdm(total=args.minutes, unit="min", disable=args.json or not sys.stderr.isatty()) as bar:
        show = partial(_show_minutes, bar)
        return _print(asyncio.run(bench_memory(args.minutes, args.preset, args.seed, show)), args)


def _show_minutes(bar: Any, minutes: float) -> None:
    bar.update(minutes - bar.n)


def _kill(args: argparse.Namespace) -> int:
    from nodegraph.bench.kill import bench_kill

    return _print(asyncio.run(bench_kill(args.times, args.seed)), args)


def _editor(args: argparse.Namespace) -> int:
    from nodegraph.bench.editor import bench_editor

    return _print(asyncio.run(bench_editor(args.nodes, args.url)), args)


def _sheet(args: argparse.Namespace) -> int:
    from nodegraph.bench.sheet import bench_sheet

    return _print(bench_sheet(args.out, args.preset, args.seed, args.moments, pictures=not args.from_words), args)


def _picture(args: argparse.Namespace) -> int:
    from nodegraph.bench.picture import bench_picture

    return _print(asyncio.run(bench_picture(args.out, width=args.width, height=args.height, theme=args.theme)), args)
