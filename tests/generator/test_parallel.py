"""Two processes make the picture that one makes, whichever way they share the model."""

import json
import os
import socket
import subprocess
import sys
from itertools import pairwise

import pytest

from nodegraph.bench.parallel import ParallelBench, bench_parallel
from nodegraph.bench.work import sized
from nodegraph.errors import NodegraphError
from nodegraph.generator.parallel.context import check_heads
from nodegraph.generator.parallel.scaling import expected_step_s


def two_processes(*arguments: str) -> dict[str, float]:
    """Run the bench as torchrun does, on two CPU processes joined by gloo; return what the first one prints."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shared = {"WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "nodegraph", "bench", "parallel", "--device", "cpu", "--json", *arguments]
    started = [
        subprocess.Popen(
            command,
            env=os.environ | shared | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    try:
        said = [process.communicate(timeout=240) for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0, 0], said[0][1] + said[1][1]
    assert not said[1][0], "only the first device reports"
    found: dict[str, float] = json.loads(said[0][0])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["context", "tensor"])
def test_two_devices_equal_one_within_rounding(kind: str) -> None:
    """Beyond the window; at this height a frame's tokens do not divide by two, so that one device has padding."""
    command = ("--preset", "debug", "--kind", kind, "--ticks", "6", "--dtype", "float32", "--size", "48x48")
    found = two_processes(*command)
    assert found["devices"] == 2
    assert found["difference"] < 1e-5


@pytest.mark.slow
def test_tensor_parallelism_holds_in_8_bits() -> None:
    command = ("--preset", "debug", "--kind", "tensor", "--ticks", "4", "--dtype", "bfloat16", "--fp8")
    assert two_processes(*command)["difference"] < 0.1


def test_alone_it_says_how_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with pytest.raises(NodegraphError, match="torchrun"):
        bench_parallel(ParallelBench(preset="debug", kind="context", device="cpu"))


def test_heads_that_do_not_divide_are_refused() -> None:
    assert check_heads(24, 8) == 3
    with pytest.raises(NodegraphError, match="24 heads"):
        check_heads(24, 5)


def test_sharing_tokens_scales_further_than_sharing_matrices() -> None:
    config = sized("8b", (1280, 720))
    one = 0.2
    context = [expected_step_s(config, "context", n, step_s=one) for n in (1, 2, 4, 8)]
    assert context[0] == one
    assert one / context[3] > 7
    assert all(a > b for a, b in pairwise(context))
    assert expected_step_s(config, "tensor", 8, step_s=one) > context[3]
