"""Connected clients: what waits for each socket, which runs it follows, how many frames it holds undrawn.

Messages are lossless and in order; a client too far behind is cut off, and reads the state anew when it returns.
Frames are bounded per preview node, so a client that stops reading costs a fixed amount of memory.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nodegraph.server.answers import compact
from nodegraph.server.frames import Stamps, StreamKey, Tick, epoch_ms
from nodegraph.server.messages import MAX_UNACKED_FRAMES, ServerMessage

MAX_WAITING_TICKS = 2
"""Ticks of one preview that may wait for the socket of a client that never acknowledged."""

STALL_S = 2.0
"""A client that acknowledges nothing for so long gets one tick again: its page may have lost count."""


@dataclass
class Flow:
    """One preview's way to one client."""

    undrawn: deque[int] = field(default_factory=deque)
    """Sequence numbers sent and not acknowledged."""
    waiting_ticks: int = 0
    """Ticks not yet handed to the socket."""
    stamps: dict[int, Stamps] = field(default_factory=dict)
    """Of the frames handed to the socket and not acknowledged."""
    last_seq: int = -1
    last_sent_s: float = float("-inf")


class Client:
    """One socket's outgoing side.

    Args:
        sid: the id the client chose; several sockets may share one.
        outbox_limit: messages that may wait before the client is cut off.
        on_room: called with a stream's key whenever more of its frames may be sent.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        sid: str,
        *,
        outbox_limit: int,
        on_room: Callable[[Client, StreamKey], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.sid = sid
        self.supports_metadata = False
        self.acknowledges = False
        self.overflowed = False
        self.hanging_up = False
        self._outbox_limit = outbox_limit
        self._on_room = on_room
        self._clock = clock
        self._messages: deque[str] = deque()
        self._latest: dict[str, str] = {}
        self._frames: deque[tuple[Tick, int, bytes]] = deque()
        self._flows: dict[StreamKey, Flow] = {}
        self._wake = asyncio.Event()

    def put(self, text: str) -> None:
        """Queue a message that must arrive."""
        if len(self._messages) >= self._outbox_limit:
            self.overflowed = True
        else:
            self._messages.append(text)
        self._wake.set()

    def put_latest(self, key: str, text: str) -> None:
        """Queue a message that replaces an unsent one of the same key."""
        self._latest[key] = text
        self._wake.set()

    def has_room(self, key: StreamKey, count: int) -> bool:
        """Tell whether `count` more frames of a preview may be queued."""
        flow = self._flows.get(key)
        if flow is None:
            return True
        if not self.acknowledges:
            return flow.waiting_ticks < MAX_WAITING_TICKS
        if len(flow.undrawn) + count <= MAX_UNACKED_FRAMES:
            return True
        return flow.waiting_ticks == 0 and self._clock() - flow.last_sent_s >= STALL_S

    def put_tick(self, tick: Tick) -> None:
        """Queue a tick's frames, unless the client had them."""
        flow = self._flows.setdefault(tick.key, Flow())
        if tick.seqs[-1] <= flow.last_seq:
            return
        if len(flow.undrawn) + len(tick.seqs) > MAX_UNACKED_FRAMES:
            flow.undrawn.clear()
            flow.stamps.clear()
        flow.undrawn.extend(tick.seqs)
        flow.last_seq, flow.last_sent_s = tick.seqs[-1], self._clock()
        flow.waiting_ticks += 1
        messages = tick.messages(metadata=self.supports_metadata)
        self._frames.extend((tick, seq, message) for seq, message in zip(tick.seqs, messages, strict=True))
        self._wake.set()

    def acknowledge(self, key: StreamKey, seq: int) -> Stamps | None:
        """Note that every frame up to `seq` was drawn or dropped by the client; return the stamps of `seq`."""
        self.acknowledges = True
        flow = self._flows.get(key)
        if flow is None:
            return None
        found = flow.stamps.get(seq)
        while flow.undrawn and flow.undrawn[0] <= seq:
            flow.stamps.pop(flow.undrawn.popleft(), None)
        self._on_room(self, key)
        return found

    def forget(self, run_id: str) -> None:
        """Drop what is kept about a run; frames already queued are still sent."""
        self._flows = {key: flow for key, flow in self._flows.items() if key[0] != run_id}

    def hang_up(self) -> None:
        """End the socket: the server stops."""
        self.hanging_up = True
        self._wake.set()

    async def next(self) -> str | bytes | None:
        """Wait for what goes onto the socket next: messages before frames. None when it must be closed."""
        while True:
            if self.overflowed or self.hanging_up:
                return None
            if self._messages:
                return self._messages.popleft()
            if self._latest:
                return self._latest.pop(next(iter(self._latest)))
            if self._frames:
                return self._next_frame()
            self._wake.clear()
            await self._wake.wait()

    def _next_frame(self) -> bytes:
        tick, seq, message = self._frames.popleft()
        flow = self._flows.get(tick.key)
        if flow is not None:
            if self.acknowledges:
                flow.stamps[seq] = tick.stamps(epoch_ms())
            if seq == tick.seqs[-1]:
                flow.waiting_ticks -= 1
                self._on_room(self, tick.key)
        return message


class Clients:
    """All sockets, and who follows which run. Following is by client id, so it outlives a reconnect."""

    def __init__(self) -> None:
        self._sockets: dict[str, list[Client]] = {}
        self._followers: dict[str, set[str]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._sockets.values()))

    def add(self, client: Client) -> None:
        """Register a socket."""
        self._sockets.setdefault(client.sid, []).append(client)

    def remove(self, client: Client) -> None:
        """Forget a closed socket; what its id follows is kept."""
        rest = [one for one in self._sockets.get(client.sid, []) if one is not client]
        if rest:
            self._sockets[client.sid] = rest
        else:
            self._sockets.pop(client.sid, None)

    def watch(self, sid: str, run_id: str) -> None:
        """Let every socket of a client id follow a run."""
        self._followers.setdefault(run_id, set()).add(sid)

    def unwatch(self, sid: str, run_id: str) -> None:
        """Undo `watch`."""
        self._followers.get(run_id, set()).discard(sid)

    def forget(self, run_id: str) -> None:
        """Drop what is kept about a run that ended."""
        self._followers.pop(run_id, None)
        for client in self._all():
            client.forget(run_id)

    def watchers(self, run_id: str) -> list[Client]:
        """Return the sockets that follow a run."""
        return [client for sid in self._followers.get(run_id, ()) for client in self._sockets.get(sid, ())]

    def send(self, run_id: str, message: ServerMessage, *, latest: bool = False) -> None:
        """Send a message to a run's watchers; `latest` lets a newer one of its type replace it before it is sent."""
        watchers = self.watchers(run_id)
        if not watchers:
            return
        text = compact(message)
        for client in watchers:
            if latest:
                client.put_latest(f"{message['type']} {run_id}", text)
            else:
                client.put(text)

    def broadcast(self, message: ServerMessage) -> None:
        """Send a message to every socket; a newer one of its type replaces it before it is sent."""
        text = compact(message)
        for client in self._all():
            client.put_latest(message["type"], text)

    def hang_up(self) -> None:
        """End every socket: the server stops."""
        for client in self._all():
            client.hang_up()

    def _all(self) -> Iterable[Client]:
        return [client for sockets in self._sockets.values() for client in sockets]
