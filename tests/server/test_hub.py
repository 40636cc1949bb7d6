"""Frames to many clients: newest wins, encoded once, bounded memory, and nobody waits for anybody."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator

import pytest

from nodegraph.server.clients import STALL_S, Client, Clients
from nodegraph.server.frames import Encoded, Offer, encode
from nodegraph.server.hub import PreviewHub
from nodegraph.server.messages import MAX_UNACKED_FRAMES
from tests.fakes_server import FakeClock, make_frames, take_frames

RUN, NODE = "run", "7"
KEY = (RUN, NODE)


class Gate:
    """An encoder that waits for permission, counting what it encodes."""

    def __init__(self) -> None:
        self.ticks: list[int] = []
        self.threads: set[str] = set()
        self.open = threading.Semaphore(0)

    def __call__(self, offer: Offer) -> Encoded:
        self.open.acquire(timeout=10)
        self.ticks.append(offer.frames.tick)
        self.threads.add(threading.current_thread().name)
        return encode(offer)


@pytest.fixture
def clients() -> Clients:
    return Clients()


@pytest.fixture
async def hub(clients: Clients) -> AsyncIterator[PreviewHub]:
    hub = PreviewHub(clients)
    yield hub
    await hub.close()


def connect(clients: Clients, hub: PreviewHub, sid: str, clock: FakeClock | None = None) -> Client:
    client = Client(sid, outbox_limit=100, on_room=hub.on_room, clock=clock or FakeClock())
    client.supports_metadata = True
    clients.add(client)
    clients.watch(sid, RUN)
    return client


def offer(hub: PreviewHub, tick: int, count: int = 4) -> None:
    hub.offer(RUN, NODE, make_frames(tick, count), format="jpeg", quality=80)


async def settle(hub: PreviewHub) -> None:
    """Let the encoder finish whatever it was given."""
    stream = hub._streams[KEY]
    while stream.encoding is not None:
        await asyncio.wait([stream.encoding])


async def test_one_message_per_video_frame_with_rising_numbers(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    offer(hub, 0, count=1)
    await settle(hub)
    offer(hub, 1)
    headers = await take_frames(client, 5)
    assert [(h["tick"], h["index"], h["count"], h["seq"]) for h in headers] == [
        (0, 0, 1, 0),
        (1, 0, 4, 1),
        (1, 1, 4, 2),
        (1, 2, 4, 3),
        (1, 3, 4, 4),
    ]
    assert headers[0]["t_generated"] <= headers[0]["t_encoded"] <= headers[0]["t_sent"]
    assert (headers[0]["width"], headers[0]["height"], headers[0]["fps"]) == (8, 8, 24)


async def test_without_metadata_the_older_message_is_sent(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    client.supports_metadata = False
    offer(hub, 0, count=1)
    message = await client.next()
    assert isinstance(message, bytes)
    assert message[:8] == b"\0\0\0\1\0\0\0\1"
    assert message[8:10] == b"\xff\xd8"


async def test_nothing_is_encoded_while_nobody_watches(clients: Clients) -> None:
    gate = Gate()
    hub = PreviewHub(clients, encoder=gate)
    for tick in range(5):
        offer(hub, tick)
    assert hub._streams[KEY].encoding is None
    assert hub._streams[KEY].dropped_ticks == 4
    await hub.close()
    assert gate.ticks == []


async def test_frames_are_encoded_once_for_all_in_a_thread_and_newest_wins(clients: Clients) -> None:
    gate = Gate()
    hub = PreviewHub(clients, encoder=gate)
    viewers = [connect(clients, hub, sid) for sid in "abc"]
    for tick in range(10):  # nine arrive while the first is being encoded
        offer(hub, tick)
        await asyncio.sleep(0)
    gate.open.release(2)
    heads = [await take_frames(viewer, 8) for viewer in viewers]
    assert gate.ticks == [0, 9]
    assert threading.current_thread().name not in gate.threads
    assert all([h["tick"] for h in head] == [0] * 4 + [9] * 4 for head in heads)
    await hub.close()


async def test_a_client_that_acknowledges_holds_at_most_its_allowance(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    client.acknowledge(KEY, -1)
    for tick in range(10):
        offer(hub, tick)
        await settle(hub)
    headers = await take_frames(client, MAX_UNACKED_FRAMES)
    assert [h["tick"] for h in headers[::4]] == [0, 1, 2]
    assert hub._streams[KEY].encoded_ticks == 3, "what nobody has room for is not encoded"
    client.acknowledge(KEY, headers[3]["seq"])
    newest = await take_frames(client, 4)
    assert {h["tick"] for h in newest} == {9}, "room is filled with the newest tick at once"


async def test_a_client_that_never_acknowledged_is_held_to_two_ticks(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    for tick in range(10):
        offer(hub, tick)
        await settle(hub)
    headers = await take_frames(client, 12)
    assert [h["tick"] for h in headers[::4]] == [0, 1, 9]


async def test_a_client_that_stops_reading_slows_nobody_and_costs_bounded_memory(
    clients: Clients, hub: PreviewHub
) -> None:
    stuck, reader = connect(clients, hub, "stuck"), connect(clients, hub, "reader")
    seen = []
    for tick in range(200):
        offer(hub, tick)
        await settle(hub)
        headers = await take_frames(reader, 4)
        reader.acknowledge(KEY, headers[-1]["seq"])
        seen.append(headers[-1]["tick"])
    assert seen == list(range(200))
    assert len(stuck._frames) == 8
    assert len(hub._streams) == 1 and hub._streams[KEY].waiting is None


async def test_a_page_that_lost_count_gets_a_picture_again(clients: Clients, hub: PreviewHub) -> None:
    clock = FakeClock()
    client = connect(clients, hub, "a", clock)
    client.acknowledge(KEY, -1)
    for tick in range(3):
        offer(hub, tick)
        await settle(hub)
    await take_frames(client, 12)
    assert not client.has_room(KEY, 4)
    clock.now_s += STALL_S
    offer(hub, 3)
    assert {h["tick"] for h in await take_frames(client, 4)} == {3}
    assert client.has_room(KEY, 4)


async def test_a_new_watcher_sees_the_picture_of_the_moment(clients: Clients, hub: PreviewHub) -> None:
    connect(clients, hub, "a")
    offer(hub, 5)
    await settle(hub)
    late = connect(clients, hub, "b")
    hub.show_newest(late, RUN)
    assert {h["tick"] for h in await take_frames(late, 4)} == {5}


async def test_messages_overtake_frames_and_keep_their_order(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    offer(hub, 0)
    await settle(hub)
    client.put("one")
    client.put("two")
    assert [await client.next(), await client.next()] == ["one", "two"]
    assert isinstance(await client.next(), bytes)


async def test_a_newer_pulse_replaces_the_unsent_one(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    client.put_latest("live_tick", "old")
    client.put_latest("live_tick", "new")
    client.put("control")
    assert [await client.next(), await client.next()] == ["control", "new"]


async def test_a_client_too_far_behind_is_cut_off(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    for number in range(101):
        client.put(str(number))
    assert client.overflowed
    assert await client.next() is None


async def test_a_run_that_ended_leaves_nothing_behind(clients: Clients, hub: PreviewHub) -> None:
    client = connect(clients, hub, "a")
    offer(hub, 0)
    await hub.drain(RUN)
    clients.forget(RUN)
    assert hub._streams == {} and client._flows == {}
    assert clients.watchers(RUN) == []
    assert len(await take_frames(client, 4)) == 4, "the last frames still arrive"


async def test_a_preview_that_cannot_be_encoded_is_told_once_and_comes_back(clients: Clients) -> None:
    broken = True

    def encoder(offer: Offer) -> Encoded:
        if broken:
            raise OSError("no such codec")
        return encode(offer)

    hub = PreviewHub(clients, encoder=encoder)
    client = connect(clients, hub, "a")
    for tick in range(3):
        offer(hub, tick)
        await settle(hub)
    told = json.loads(await client.next())
    error = told["data"]["error"]
    assert told["type"] == "error" and (error["node"], error["got"]) == (NODE, "OSError: no such codec")
    assert "go on" in error["remedy"]
    broken = False
    offer(hub, 3)
    await settle(hub)
    assert [head["tick"] for head in await take_frames(client, 4)] == [3] * 4, "nothing else was said meanwhile"
    await hub.close()
