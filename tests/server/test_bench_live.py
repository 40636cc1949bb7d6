"""The live bench measures a real server."""

import pytest

from nodegraph.bench.live import bench_live
from nodegraph.errors import NodegraphError
from tests.fakes_pack import show_document
from tests.server.conftest import Server


@pytest.mark.timeout(60)
async def test_the_numbers_come_from_frames_that_arrived(server: Server) -> None:
    result = await bench_live(server.url, seconds=1.5, workflow=show_document())
    assert 20 <= result["fps"] <= 30, "the live clock makes 24 frames a second"
    assert 0 < result["first_frame_ms"] < 5000
    assert 0 < result["control_ms_p50"] <= result["control_ms_p95"] < 2000
    assert (result["size"], result["seconds"], result["dropped"]) == ("8x8", 1.5, 0)
    assert result["controls"] >= 1


async def test_a_workflow_without_anything_to_steer_is_refused(server: Server) -> None:
    document = show_document()
    document["nodes"].append({"id": "3", "type": "test.number", "version": 1, "inputs": {}, "pos": [0, 0]})
    document["nodes"][0]["type"] = "test.gate"
    with pytest.raises(NodegraphError) as caught:
        await bench_live(server.url, seconds=1, workflow=document)
    assert caught.value.code == "missing_input"


async def test_a_run_that_fails_is_the_benchs_error(server: Server) -> None:
    document = show_document(between={"type": "test.break", "inputs": {"at": 1}})
    with pytest.raises(NodegraphError) as caught:
        await bench_live(server.url, seconds=5, workflow=document)
    assert (caught.value.code, caught.value.node) == ("out_of_range", "5")
