"""The one command for a GPU machine: every piece is a real command, answers are kept, aims are read from them."""

import json
import sys
from pathlib import Path

import pytest
import torch

from nodegraph.bench.gpu import PIECES, Piece, bench_gpu, run_piece, summary
from nodegraph.cli import bench_speed, main
from nodegraph.errors import NodegraphError


@pytest.mark.skipif(torch.cuda.is_available(), reason="has a CUDA device")
def test_without_a_gpu_it_says_what_to_do_instead(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["bench", "gpu", "--out", str(tmp_path)]) == 1
    assert "nodegraph estimate" in " ".join(capsys.readouterr().err.split())


def test_an_unknown_piece_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NodegraphError, match="417"):
        bench_gpu(tmp_path, only=("417",))


def test_every_piece_is_a_command_that_parses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parsed by the real parser; only the work behind it is left out."""
    from nodegraph.cli import estimate

    seen = []
    for module, name in ((bench_speed, "print_result"), (estimate, "print_result")):
        monkeypatch.setattr(module, name, lambda *_: 0)
    for name in ("_step", "_parallel", "_compare"):
        monkeypatch.setattr(bench_speed, name, lambda args: seen.append(args) or 0)
    monkeypatch.setattr(estimate, "_estimate", lambda args: seen.append(args) or 0)
    commands = [piece for piece in PIECES if not piece.tests]
    assert all(main(list(piece.arguments)) == 0 for piece in commands)
    assert len(seen) == len(commands)
    assert {piece.name for piece in PIECES} >= {"416_fp8_compile", "720_fp8_compile", "416_flat", "context_8"}


@pytest.mark.slow
def test_a_piece_keeps_its_answer_or_its_error(tmp_path: Path) -> None:
    good = Piece(name="x", arguments=("estimate", "--preset", "8b", "--device", "h200", "--json"))
    answer = run_piece(good, tmp_path)
    assert answer["source"] == "data sheet" and answer["command"].startswith("-m nodegraph estimate")
    bad = run_piece(Piece(name="y", arguments=("estimate", "--device", "abacus")), tmp_path)
    assert "abacus" in bad["error"]
    assert sys.executable not in json.dumps(answer)


def test_the_summary_holds_the_best_against_the_aims(tmp_path: Path) -> None:
    def write(name: str, **values: object) -> None:
        (tmp_path / f"{name}.json").write_text(json.dumps(values))

    write("416_bf16", fps=40.0, latency_ms=100.0, of_floor=2.0, peak_gib=40.0)
    write("416_fp8", fps=50.0, latency_ms=79.0, of_floor=1.9, peak_gib=44.0)
    write("720_bf16_compile", error="out of memory")
    write("estimate_416", latency_ms=110.0, memory_gib=42.0)
    found = summary(tmp_path, 1)
    assert found["aims"]["736x416 fps"] == {"aim": 49.6, "best": 50.0}
    assert found["aims"]["736x416 latency_ms"]["best"] == 79.0
    assert found["aims"]["1280x720 fps"]["best"] is None
    assert found["failed"] == ["720_bf16_compile"]
    assert found["estimate_over_measured"]["estimate_416 latency"] == pytest.approx(1.1)
    assert "416_flat" in found["missing"] and "context_2" not in found["missing"]
    assert json.loads((tmp_path / "summary.json").read_text()) == found
