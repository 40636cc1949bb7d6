"""Everything about speed that needs a GPU, in pieces of under ten minutes; run again, it goes on where it stopped.

Each piece is a command of its own in a process of its own, so that one that fails or runs out of memory costs nothing
but itself. Its answer stands in OUT/<piece>.json; a piece with an answer is not run again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from nodegraph.bench import probe
from nodegraph.errors import NodegraphError

__all__ = ["PIECES", "Piece", "bench_gpu"]

_PIECE_S = 570
_ERROR_CHARACTERS = 2000


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A measurement: the arguments of `nodegraph`, what it answers, and how many devices it takes."""

    name: str
    arguments: tuple[str, ...]
    devices: int = 1
    tests: bool = False
    """The arguments are pytest's."""


def _step(name: str, *arguments: str) -> Piece:
    return Piece(name=name, arguments=("bench", "step", "--json", *arguments))


_LARGE = ("--preset", "8b", "--size", "736x416")
_HD = ("--preset", "8b", "--size", "1280x720")
PIECES = (
    Piece(name="tests", arguments=("-q", "-p", "no:cacheprovider", "-m", "gpu", "tests"), tests=True),
    _step("tiny", "--preset", "tiny", "--ticks", "300"),
    _step("416_plain", *_LARGE, "--plain", "--ticks", "40"),
    _step("416_bf16", *_LARGE, "--ticks", "120"),
    _step("416_bf16_compile", *_LARGE, "--compile", "--ticks", "120"),
    _step("416_fp8", *_LARGE, "--fp8", "--ticks", "120"),
    _step("416_fp8_compile", *_LARGE, "--fp8", "--compile", "--ticks", "120"),
    _step("416_fp8_no_kernels", *_LARGE, "--fp8", "--no-kernels", "--ticks", "60"),
    _step("416_no_graphs", *_LARGE, "--fp8", "--compile", "--no-graphs", "--ticks", "60"),
    _step("416_flat", *_LARGE, "--fp8", "--compile", "--ticks", "1800"),
    _step("720_bf16_compile", *_HD, "--compile", "--ticks", "60"),
    _step("720_fp8_compile", *_HD, "--fp8", "--compile", "--ticks", "60"),
    Piece(name="estimate_416", arguments=("estimate", "--json", *_LARGE)),
    Piece(name="estimate_416_fp8", arguments=("estimate", "--json", "--fp8", *_LARGE)),
    Piece(name="estimate_720", arguments=("estimate", "--json", *_HD)),
    *(
        Piece(name=f"comparison_{name}", arguments=("bench", "comparison", "--json", "--out", "{out}", "--only", name))
        for name in ("apt2", "causvid", "magi1")
    ),
    *(
        Piece(
            name=f"{kind}_{devices}",
            arguments=("bench", "parallel", "--json", "--kind", kind, *_HD),
            devices=devices,
        )
        for devices in (2, 4, 8)
        for kind in ("context", "tensor")
    ),
)


def bench_gpu(out: Path, *, only: tuple[str, ...] = (), minutes: float | None = None) -> dict[str, Any]:
    """Run the pieces that have no answer yet and write `summary.json`.

    Pieces for more devices than are there are left out. With `minutes`, no piece is started after that long.
    Raises `out_of_range` without CUDA and `not_found` for an unknown piece.
    """
    unknown = set(only) - {piece.name for piece in PIECES}
    if unknown:
        expected = ", ".join(piece.name for piece in PIECES)
        raise NodegraphError("not_found", f"No such piece: {', '.join(sorted(unknown))}.", expected=expected)
    if not torch.cuda.is_available():
        raise NodegraphError(
            "out_of_range",
            "There is no CUDA device here.",
            expected="a machine with an NVIDIA GPU and a torch build for it",
            remedy="Measure the CPU with `nodegraph bench step`, or plan with `nodegraph estimate --device h200`.",
        )
    out.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    devices = torch.cuda.device_count()
    for piece in PIECES:
        wanted = (not only or piece.name in only) and piece.devices <= devices
        if not wanted or (out / f"{piece.name}.json").exists():
            continue
        if minutes is not None and time.monotonic() - started > minutes * 60:
            break
        sys.stderr.write(f"{piece.name} ...\n")
        answer = run_piece(piece, out)
        (out / f"{piece.name}.json").write_text(json.dumps(answer, indent=1) + "\n")
    return summary(out, devices)


def run_piece(piece: Piece, out: Path) -> dict[str, Any]:
    """What a piece answers, or `error` with the end of what it said."""
    command = [part.replace("{out}", str(out / "comparison")) for part in _command(piece)]
    start = time.monotonic()
    try:
        ran = subprocess.run(  # noqa: S603 - our own commands, from the table above
            command, capture_output=True, text=True, timeout=_PIECE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return {"command": " ".join(command[1:]), "error": f"longer than {_PIECE_S} s"}
    answer: dict[str, Any] = {"command": " ".join(command[1:]), "took_s": round(time.monotonic() - start, 1)}
    if piece.tests:
        passed = ran.returncode == 0
        return answer | {"passed": passed, "said": ran.stdout[-_ERROR_CHARACTERS:]}
    lines = [line for line in ran.stdout.splitlines() if line.startswith("{")]
    if ran.returncode or not lines:
        return answer | {"error": (ran.stderr or ran.stdout)[-_ERROR_CHARACTERS:]}
    found: dict[str, Any] = json.loads(lines[-1])
    return answer | found


def _command(piece: Piece) -> list[str]:
    if piece.tests:
        return [sys.executable, "-m", "pytest", *piece.arguments]
    if piece.devices > 1:
        run = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(piece.devices)]
        return [sys.executable, *run, "-m", "nodegraph", *piece.arguments]
    return [sys.executable, "-m", "nodegraph", *piece.arguments]


def summary(out: Path, devices: int) -> dict[str, Any]:
    """What is known so far, against what is aimed at, as `summary.json`."""
    files = {piece.name: out / f"{piece.name}.json" for piece in PIECES}
    done = {name: json.loads(file.read_text()) for name, file in files.items() if file.exists()}
    small = [d for name, d in done.items() if name.startswith("416") and "fps" in d]
    large = [d for name, d in done.items() if name.startswith("720") and "fps" in d]
    found = {
        "device": probe.device_name("cuda") if torch.cuda.is_available() else "none",
        "devices": devices,
        "done": sorted(done),
        "failed": sorted(name for name, d in done.items() if "error" in d or d.get("passed") is False),
        "missing": [p.name for p in PIECES if p.name not in done and p.devices <= devices],
        "aims": {
            "736x416 fps": {"aim": 49.6, "best": max((d["fps"] for d in small), default=None)},
            "736x416 latency_ms": {"aim": 80.0, "best": min((d["latency_ms"] for d in small), default=None)},
            "1280x720 fps": {"aim": 24.0, "best": max((d["fps"] for d in large), default=None)},
            "of_floor 736x416": min((d["of_floor"] for d in small), default=None),
            "of_floor 1280x720": min((d["of_floor"] for d in large), default=None),
        },
        "estimate_over_measured": _ratios(done),
    }
    (out / "summary.json").write_text(json.dumps(found, indent=1) + "\n")
    return found


def _ratios(done: dict[str, Any]) -> dict[str, float]:
    """Estimated over measured: milliseconds of a tick and memory."""
    pairs = {"estimate_416": "416_bf16", "estimate_416_fp8": "416_fp8", "estimate_720": "720_bf16_compile"}
    ratios = {}
    for guess, truth in pairs.items():
        expected, measured = done.get(guess, {}), done.get(truth, {})
        if "latency_ms" in expected and "latency_ms" in measured:
            ratios[f"{guess} latency"] = expected["latency_ms"] / measured["latency_ms"]
            ratios[f"{guess} memory"] = expected["memory_gib"] / measured["peak_gib"]
    return ratios
