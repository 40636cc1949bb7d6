"""The Python client against a real server."""

import asyncio
from pathlib import Path

import pytest

from nodegraph.errors import NodegraphError
from tests.fakes_pack import Gate, save_document, show_document
from tests.server.conftest import Server, running


@pytest.fixture
async def server(tmp_path: Path):
    Gate.reset()
    async with running(tmp_path / "data") as server:
        yield server


async def test_a_live_run_is_watched_steered_and_stopped(server: Server) -> None:
    async with server.client() as client:
        run_id = await client.start_live(show_document())
        steered = None
        async for frame in client.frames(run_id):
            assert frame.data[:2] == b"\xff\xd8"
            if frame.tick == 1 and steered is None:
                steered = asyncio.create_task(client.control(run_id, "1", "level", 200))
            if steered is not None and steered.done() and frame.tick > steered.result().tick:
                break
        assert steered is not None
        applied = steered.result()
        assert applied.sent_s <= applied.received_s <= applied.applied_s
        assert applied.tick >= 2
        await client.stop(run_id)
        assert (await client.wait(run_id)).status == "cancelled"


async def test_a_refused_control_raises_the_servers_error(server: Server) -> None:
    async with server.client() as client:
        run_id = await client.start_live(show_document())
        with pytest.raises(NodegraphError) as caught:
            await client.control(run_id, "1", "level", 999)
        assert (caught.value.code, caught.value.node, caught.value.port) == ("out_of_range", "1", "level")
        with pytest.raises(NodegraphError) as caught:
            await client.control("nothing", "1", "level", 1)
        assert caught.value.code == "not_found"


async def test_a_control_does_not_wait_for_ever_when_the_run_ends(server: Server) -> None:
    async with server.client() as client:
        run_id = await client.start_live(show_document(between={"type": "test.gate"}))
        await Gate.passed.wait()
        waiting = asyncio.create_task(client.control(run_id, "1", "level", 5))
        message = await anext(m async for m in client.messages(run_id) if m["type"] == "control_received")
        assert message["data"]["run_id"] == run_id
        await client.stop(run_id)
        try:
            assert (await waiting).tick >= 0
        except NodegraphError as error:
            assert error.code == "cancelled"


async def test_a_render_is_queued_followed_and_fetched(server: Server) -> None:
    async with server.client() as client:
        prompt_id = await client.submit(save_document(level=9), ticks=3)
        ended = await client.wait(prompt_id)
        assert (ended.status, ended.error) == ("succeeded", None)
        (result,) = await client.results(prompt_id)
        assert await client.fetch(result) == bytes([9, 9, 9])


async def test_an_api_prompt_is_queued_too(server: Server) -> None:
    prompt = {
        "1": {"class_type": "test.source", "inputs": {"level": 3}},
        "2": {"class_type": "test.save", "inputs": {"frames": ["1", 0]}},
    }
    async with server.client() as client:
        prompt_id = await client.submit(prompt)
        assert (await client.wait(prompt_id)).status == "succeeded"
        (result,) = await client.results(prompt_id)
        assert await client.fetch(result) == bytes([3]) * 48


async def test_a_failed_run_tells_why(server: Server) -> None:
    async with server.client() as client:
        prompt_id = await client.submit(save_document(between={"type": "test.break"}), ticks=5)
        ended = await client.wait(prompt_id)
        assert ended.status == "failed"
        assert ended.error is not None
        assert (ended.error.code, ended.error.node, ended.error.remedy) == ("out_of_range", "5", "Paint them")


async def test_a_second_client_may_watch(server: Server) -> None:
    async with server.client() as first, server.client() as second:
        run_id = await first.start_live(show_document())
        await second.watch(run_id)
        frames = [await anext(second.frames(run_id)) for _ in range(2)]
        assert all(frame.meta["run_id"] == run_id for frame in frames)


async def test_a_server_that_goes_away_ends_the_wait(server: Server) -> None:
    async with server.client() as client:
        run_id = await client.start_live(show_document())
        waiting = asyncio.create_task(client.wait(run_id))
        await anext(client.frames(run_id))
        assert client._socket is not None
        await client._socket.close()
        with pytest.raises(ConnectionError):
            await waiting
