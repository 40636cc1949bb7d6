"""A training that is killed and resumed ends with the weights of an unbroken one."""

from __future__ import annotations

import pytest

from nodegraph.bench.train_kill import bench_train_kill


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_killed_training_ends_with_the_same_weights() -> None:
    result = bench_train_kill(times=1, stages=("adapt",))
    assert (result["equal"], result["differing"]) == (1, [])
    assert result["kills"] == 1
