"""The bench of memory directs a real server, and its figure is a growth."""

from __future__ import annotations

import pytest

from nodegraph.bench.memory import bench_memory, by_minute, growth_mib, second_half


def test_growth_is_counted_after_warming_up() -> None:
    loading = [(float(at), 100.0 + 5 * min(at, 20)) for at in range(101)]
    assert growth_mib(loading, 100) == 0, "what was loaded in the beginning is no growth"
    assert by_minute(loading) == [200.0, 200.0]
    leaking = [(at, mib + 0.5 * at) for at, mib in loading]
    assert growth_mib(leaking, 100) == pytest.approx(35)


def test_memory_that_rises_to_a_plateau_and_stays_there_is_flat() -> None:
    filling = [(float(at), 500.0 + 10 * min(at, 40)) for at in range(121)]
    assert second_half(filling) == {
        "half_median_mib": 900.0, "half_slope_mib_per_minute": 0.0, "half_growth_share": 0.0, "flat": True,
    }  # fmt: skip
    spiky = [(at, mib + (300 if at % 12 < 3 else 0)) for at, mib in filling]
    assert second_half(spiky)["flat"]
    leaking = [(at, mib + at) for at, mib in filling]
    found = second_half(leaking)
    assert found["half_slope_mib_per_minute"] == pytest.approx(60) and not found["flat"]
    assert found["half_growth_share"] == pytest.approx(60 / 990, abs=0.001)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_server_is_steered_rewound_and_branched() -> None:
    found = await bench_memory(minutes=0.8, preset="debug")
    assert found["ticks"] > 10 and found["snapshots"] > 0 and found["controls"] > 0
    assert found["rewinds"] >= 1 and found["rss_mib"] > 50
