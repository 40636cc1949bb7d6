"""Benches of the generator's speed: `nodegraph bench step`, `comparison` and `gpu`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from nodegraph.cli.bench_output import print_result
from nodegraph.generator.presets import DEFAULT_PRESET, PRESETS

__all__ = ["add", "add_shape"]


def add(benches: Any, bench: Any) -> None:
    """Add the benches; `bench` makes the parser of one."""
    step = bench(benches, "step", "milliseconds and frames a second of transformer, decoder and encoder", _step)
    add_shape(step)
    step.add_argument("--ticks", type=int, default=60, help="latent frames streamed (default: 60; 1800 = 5 minutes)")
    step.add_argument("--plain", action="store_true", help="the plain step in place of the fast one")
    step.add_argument("--fp8", action="store_true", help="linear layers of the video blocks in 8-bit floats")
    step.add_argument("--compile", action="store_true", help="torch.compile around the attention")
    step.add_argument("--attention", choices=("auto", "flash", "cudnn", "efficient", "math"), default="auto")
    step.add_argument("--no-kernels", action="store_true", help="do not use our own Triton kernels")
    step.add_argument("--no-graphs", action="store_true", help="do not record steps as CUDA graphs")

    parallel = bench(benches, "parallel", "one model on several devices: the same picture, and how fast", _parallel)
    add_shape(parallel)
    parallel.add_argument("--kind", choices=("context", "tensor"), default="context", help="what the devices share")
    parallel.add_argument("--ticks", type=int, default=30)
    parallel.add_argument("--dtype", choices=("bfloat16", "float32"), default="bfloat16")
    parallel.add_argument("--fp8", action="store_true", help="linear layers of the video blocks in 8-bit floats")

    compare = bench(benches, "comparison", "APT2, CausVid and MAGI-1 by their schedules, with random weights", _compare)
    compare.add_argument("--out", type=Path, required=True, help="folder for the table, the plot and the figures")
    compare.add_argument("--only", nargs="+", metavar="METHOD", help="apt2, causvid, magi1 (default: all)")
    compare.add_argument("--chunks", type=int, default=4, help="chunks that are timed (default: 4)")
    compare.add_argument("--shrink", type=int, default=1, help="divide widths, blocks and picture, for small machines")
    compare.add_argument("--device", help="torch device (default: CUDA where there is one)")
    compare.add_argument("--fp8", action="store_true", help="linear layers of the video blocks in 8-bit floats")

    gpu = bench(benches, "gpu", "all measurements that need a GPU, in pieces; run again to go on", _gpu)
    gpu.add_argument("--out", type=Path, required=True, help="folder for the answers of all pieces")
    gpu.add_argument("--only", nargs="+", metavar="PIECE", help="these pieces only")
    gpu.add_argument("--minutes", type=float, help="start no piece after this long")


def add_shape(parser: Any) -> None:
    """What is measured or estimated, and where."""
    parser.add_argument("--preset", choices=PRESETS, default=DEFAULT_PRESET)
    parser.add_argument("--size", metavar="WxH", help="pixels (default: the preset's)")
    parser.add_argument("--window", type=int, help="past latent frames that a frame sees (default: the preset's)")
    parser.add_argument("--device", help="torch device (default: CUDA where there is one)")


def _step(args: argparse.Namespace) -> int:
    from nodegraph.bench.step import StepBench, bench_step
    from nodegraph.generator.fast.options import FastOptions

    options = FastOptions(
        fp8=args.fp8,
        compile=args.compile,
        attention=args.attention,
        graphs=not args.no_graphs,
        kernels=not args.no_kernels,
    )
    what = StepBench(
        preset=args.preset,
        size=args.size,
        window=args.window,
        ticks=args.ticks,
        device=args.device,
        plain=args.plain,
        options=options,
    )
    return print_result(bench_step(what), args)


def _parallel(args: argparse.Namespace) -> int:
    from nodegraph.bench.parallel import ParallelBench, bench_parallel
    from nodegraph.generator.pool import default_device

    what = ParallelBench(
        preset=args.preset,
        kind=args.kind,
        size=args.size,
        window=args.window,
        ticks=args.ticks,
        device="cuda" if (args.device or default_device()).startswith("cuda") else "cpu",
        dtype=args.dtype,
        fp8=args.fp8,
    )
    found = bench_parallel(what)
    return 0 if found is None else print_result(found, args)


def _compare(args: argparse.Namespace) -> int:
    from nodegraph.bench.comparison import bench_comparison
    from nodegraph.bench.methods import METHODS

    found = bench_comparison(
        args.out,
        only=tuple(args.only or METHODS),
        chunks=args.chunks,
        shrink=args.shrink,
        device=args.device,
        fp8=args.fp8,
    )
    if not args.json:
        sys.stdout.write((args.out / "comparison.md").read_text())
        return 0
    return print_result(found, args)


def _gpu(args: argparse.Namespace) -> int:
    from nodegraph.bench.gpu import bench_gpu

    return print_result(bench_gpu(args.out, only=tuple(args.only or ()), minutes=args.minutes), args)
