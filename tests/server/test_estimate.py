"""The pre-flight question over HTTP."""

from tests.server.conftest import Server


async def test_a_device_of_the_table_is_judged_by_its_data_sheet(server: Server) -> None:
    small = (await server.call("GET", "/api/estimate?preset=8b&device=h200")).json
    large = (await server.call("GET", "/api/estimate?preset=8b&device=h200&width=1280&height=720")).json
    assert small["source"] == "data sheet"
    assert small["width"] == 736
    assert large["fps"] < small["fps"]
    assert large["memory_gib"] > small["memory_gib"] > 10


async def test_the_machine_itself_is_timed(server: Server) -> None:
    found = (await server.call("GET", "/api/estimate?preset=debug")).json
    assert found["source"] == "timed here"
    assert found["step_ms"] > 0
    assert found["fits"] is True


async def test_an_unknown_preset_or_size_is_refused_with_a_remedy(server: Server) -> None:
    answer = await server.call("GET", "/api/estimate?preset=9b")
    assert answer.status == 400
    assert answer.json["error"]["code"] == "unknown_preset"
    answer = await server.call("GET", "/api/estimate?preset=8b&device=h200&width=50&height=50")
    assert answer.json["error"]["code"] == "out_of_range"
