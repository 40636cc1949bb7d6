"""What the estimate promises before a model is loaded."""

import json

import pytest
import torch

from nodegraph.bench.estimate import estimate
from nodegraph.bench.step import StepBench, bench_step
from nodegraph.bench.work import sized
from nodegraph.cli import main
from nodegraph.errors import NodegraphError


def test_a_better_data_sheet_promises_more() -> None:
    config = sized("8b")
    h100, h200, b200 = (estimate(config, name) for name in ("h100", "h200", "b200"))
    assert h100.fps <= h200.fps < b200.fps
    assert h200.source == "data sheet"
    assert estimate(config, "h200", fp8=True).fps > h200.fps
    assert h200.fits and not estimate(config, "rtx4090").fits


def test_memory_is_that_of_weights_and_cache() -> None:
    parts = estimate(sized("8b"), "h200").memory_parts_gib
    assert parts["weights"] == pytest.approx(8.33e9 * 2 / 2**30, rel=0.01)
    assert 15 < parts["cache"] < 18
    shorter = estimate(sized("8b", window=10), "h200")
    assert shorter.memory_parts_gib["cache"] < parts["cache"] / 2
    assert shorter.step_ms < estimate(sized("8b"), "h200").step_ms


def test_a_device_at_hand_is_timed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", "--preset", "debug", "--device", "cpu", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["source"] == "timed here"
    assert found["latency_ms"] == pytest.approx(found["step_ms"] + found["decode_ms"])
    assert found["fps"] == pytest.approx(4e3 / found["latency_ms"])
    assert found["fits"] is True and found["memory_gib"] > 0.05


def test_an_unknown_device_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NodegraphError, match="h200"):
        estimate(sized("debug"), "abacus")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_the_estimate_is_within_15_percent_of_the_bench() -> None:
    expected = estimate(sized("8b"), "cuda")
    measured = bench_step(StepBench(preset="8b", ticks=30, device="cuda"))
    assert expected.latency_ms == pytest.approx(measured["latency_ms"], rel=0.15)
    assert expected.memory_gib == pytest.approx(measured["peak_gib"], rel=0.15)
