"""The benches of viewers and kills work on real server processes."""

from __future__ import annotations

import pytest

from nodegraph.bench.kill import bench_kill
from nodegraph.bench.viewers import bench_viewers


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_killed_take_is_whole_and_replays() -> None:
    result = await bench_kill(times=2)
    assert (result["times"], result["recovered"], result["torn"]) == (2, 2, 2)
    assert result["ticks"] >= 2


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_slow_viewers_get_less_and_the_fast_ones_do_not_wait_for_them() -> None:
    result = await bench_viewers(viewers=3, slow=1, seconds=6, preset="debug")
    assert result["fps"] > 0 and result["fast_fps_min"] > result["slow_fps_max"]
