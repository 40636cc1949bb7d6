"""A control's way to the screen is measured stage by stage, from stamps of server and client."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nodegraph.client import Client as PublicClient
from nodegraph.engine import Item
from nodegraph.server.clients import Client, Clients
from nodegraph.server.frames import Stamps
from nodegraph.server.latency import STAGES, LatencyMeter, percentiles
from nodegraph.values import Latent
from tests.fakes_server import FakeClock
from tests.fakes_takes import GENERATOR, make_take_pack, take_document
from tests.server.conftest import Server, ServerMaker
from tests.server.test_live import connected, frame, message, start


@pytest.fixture
async def watcher() -> tuple[Clients, Client]:
    clients = Clients()
    client = Client("me", outbox_limit=100, on_room=lambda client, key: None)
    clients.add(client)
    clients.watch("me", "run")
    return clients, client


def stamps(tick: int, at: float) -> Stamps:
    return Stamps(tick, at, at + 20, at + 25, at + 26)


async def test_stages_add_up_and_are_told_once_a_second(watcher: tuple[Clients, Client]) -> None:
    clients, client = watcher
    clock = FakeClock()
    meter = LatencyMeter("run", clients, clock)
    meter.control("me", "a", t_sent=None)
    meter.applied("a", 7)
    now = meter._journeys["a"].applied or 0.0
    meter.drawn("me", stamps(6, now), now + 90)
    assert meter.stages() == {}, "the frame was made before"
    meter.drawn("you", stamps(7, now), now + 90)
    assert meter.stages() == {}, "another client's screen"
    meter.drawn("me", stamps(8, now + 50), now + 90)
    found = meter.stages()
    assert set(found) == {*STAGES, "total"}
    assert [round(found[name]["p50"]) for name in STAGES[2:]] == [50, 20, 5, 1, 14]
    assert found["total"]["p50"] == pytest.approx(sum(found[name]["p50"] for name in STAGES), abs=0.1)
    told: dict[str, Any] = json.loads(str(await client.next()))
    assert told["type"] == "latency" and told["data"]["count"] == 1
    clock.now_s = 61.0
    assert meter.stages() == {}, "a minute has passed"


async def test_a_control_that_never_shows_costs_no_memory(watcher: tuple[Clients, Client]) -> None:
    meter = LatencyMeter("run", watcher[0], FakeClock())
    for number in range(2000):
        meter.control("me", str(number), None)
        latent = Latent(tick=number, data=None, generator=GENERATOR)
        meter.on_item(Item("1", "take.state", number, {"latent": latent}, made_s=0.0, ms=1.0))
    assert len(meter._journeys) <= 256 and len(meter._generated) <= 64


def test_percentiles_are_by_rank() -> None:
    assert percentiles([float(n) for n in range(101)]) == {"p50": 50.0, "p95": 95.0, "p99": 99.0}
    assert percentiles([3.0]) == {"p50": 3.0, "p95": 3.0, "p99": 3.0}


async def test_the_servers_clock_and_stages_come_over_the_socket(start_server: ServerMaker) -> None:
    async with start_server(registry=make_take_pack()) as server, connected(server) as ws:
        await ws.send_json({"type": "ping", "data": {"t_client": 5.5}})
        pong = await message(ws, "pong")
        assert pong["t_client"] == 5.5
        run_id = await start(server, take_document())
        control = {"run_id": run_id, "id": "c", "node": "1", "input": "push", "value": 1, "t_sent": pong["t_server"]}
        await ws.send_json({"type": "control", "data": control})
        tick = (await message(ws, "control_applied"))["tick"]
        await _draw_until(ws, run_id, tick)
        told = await message(ws, "latency")
        assert told["run_id"] == run_id and told["count"] == 1
        stages = told["stages"]
        assert stages["total"]["p50"] > 0 and all(stages[name]["p50"] >= 0 for name in STAGES)
        (entry,) = (await server.call("GET", "/api/runs")).json["runs"]
        assert set(entry["latency"]) == set(stages)


async def _draw_until(ws: Any, run_id: str, tick: int) -> None:
    while True:
        header, _ = await frame(ws)
        assert header["t_generated"] <= header["t_decoded"] <= header["t_encoded"] <= header["t_sent"]
        ack = {"run_id": run_id, "node_id": header["node_id"], "seq": header["seq"], "t_drawn": header["t_sent"] + 3}
        await ws.send_json({"type": "ack", "data": ack})
        if header["tick"] > tick:
            return


async def test_the_public_client_stamps_what_it_sends_and_draws(start_server: ServerMaker) -> None:
    async with start_server(registry=make_take_pack()) as server:
        await _perform(server)


async def _perform(server: Server) -> None:
    async with PublicClient(server.url) as client:
        assert abs(client._offset_ms) < 1000, "both clocks are this machine's"
        run_id = await client.start_live(take_document())
        frames = client.frames(run_id)
        await anext(frames)
        applied = await client.control(run_id, "1", "push", 2.0)
        async for one in frames:
            if one.tick > applied.tick + 6:
                break
        async for told in client.messages(run_id):
            if told["type"] == "latency":
                assert told["data"]["count"] >= 1
                break
        await client.stop(run_id)
