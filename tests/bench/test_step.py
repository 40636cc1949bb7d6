"""The step's bench counts what is there and reports what it promises."""

import json

import pytest
import torch

from nodegraph.bench.step import StepBench, bench_step
from nodegraph.bench.work import count_work, parse_size, sized
from nodegraph.cli import main
from nodegraph.errors import NodegraphError

KEYS = {
    "fps",
    "step_ms_p50",
    "step_ms_p99",
    "step_ms_by_cache",
    "decode_ms",
    "encode_ms",
    "latency_ms",
    "peak_gib",
    "flops_per_tick",
    "achieved_tflops",
    "ceiling_tflops",
    "of_floor",
    "first_100_ms",
    "last_100_ms",
}


def test_operations_of_the_paper_shape_are_those_of_its_matrices() -> None:
    """12 d^2 weights a block and 1,196 tokens; attention of each token to 32 frames and the prompt."""
    config = sized("8b")
    work = count_work(config)
    d, blocks, tokens = 3072, 36, 46 * 26
    assert config.tokens == tokens
    assert work.linear_flops == pytest.approx(2 * 12 * d * d * blocks * tokens, rel=0.02)
    assert work.attention_flops == 4 * tokens * (32 * tokens + 256) * d * blocks
    assert 8.0e9 < work.parameters < 8.5e9 and work.step_parameters < 0.52 * work.parameters
    assert work.cache_bytes == 2 * 2 * (32 * tokens + 256) * d * blocks


def test_the_floor_takes_the_slower_of_sums_and_memory() -> None:
    work = count_work(sized("8b"))
    assert work.floor_s(1e15, 1e30) == pytest.approx(work.flops_per_tick / 1e15)
    memory = work.weight_bytes + work.cache_bytes + work.decoder_bytes
    assert work.floor_s(1e30, 1e12) == pytest.approx(memory / 1e12)
    assert work.floor_s(1e15, 5e12, linear_flops_s=2e15) < work.floor_s(1e15, 5e12)


def test_720p_takes_the_shorter_window_of_the_paper() -> None:
    assert sized("8b").transformer.window == 30
    assert sized("8b", (1280, 720)).transformer.window == 15
    assert sized("8b", (1280, 720), 4).transformer.window == 4


@pytest.mark.parametrize("text", ["big", "736", "736x", "x416"])
def test_a_size_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(NodegraphError, match="WIDTHxHEIGHT"):
        parse_size(text)


@pytest.mark.parametrize("plain", [False, True])
def test_the_bench_reports_every_figure(plain: bool) -> None:
    result = bench_step(StepBench(preset="debug", ticks=4, device="cpu", plain=plain))
    assert result.keys() >= KEYS
    assert result["path"].startswith("plain" if plain else "fast")
    assert "random" in result["weights"]
    assert list(result["step_ms_by_cache"]) == [0, 1, 2, 3, 4]
    assert all(result[key] > 0 for key in KEYS - {"step_ms_by_cache"})
    assert result["latency_ms"] >= result["decode_ms"]


def test_another_size_and_window_are_measured_with_seeded_weights(capsys: pytest.CaptureFixture[str]) -> None:
    command = ["bench", "step", "--preset", "debug", "--size", "32x32", "--window", "2", "--ticks", "2", "--json"]
    assert main([*command, "--device", "cpu", "--fp8"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["size"], result["window"]) == ("32x32", 2)
    assert "fp8" in result["path"]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_steps_stay_as_quick_as_they_were() -> None:
    result = bench_step(StepBench(preset="tiny", ticks=300, device="cuda"))
    assert result["last_100_ms"] < 1.1 * result["first_100_ms"]
