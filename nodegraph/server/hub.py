"""Where preview nodes leave their frames: the newest is encoded once, in a thread, for all viewers that have room.

Frames are dropped before they are encoded: while nobody has room, or the encoder is at work, a newer tick replaces
the one that waits. A slow client holds up nobody, because each takes the newest tick whenever it has room again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from nodegraph.errors import NodegraphError
from nodegraph.server.answers import error_body
from nodegraph.server.clients import Client, Clients
from nodegraph.server.frames import Encoded, Offer, StreamKey, Tick, encode, epoch_ms
from nodegraph.server.messages import ErrorData, ErrorMessage
from nodegraph.values import Frames

log = logging.getLogger(__name__)


@dataclass
class Stream:
    """One preview node of one run."""

    key: StreamKey
    next_seq: int = 0
    waiting: Offer | None = None
    newest: Tick | None = None
    encoding: asyncio.Task[None] | None = None
    encoded_ticks: int = 0
    dropped_ticks: int = 0
    encode_ms: float = 0.0
    """Time of the newest tick's encoding, all frames together."""
    failing: bool = False
    """The newest tick could not be encoded, and watchers know."""


class PreviewHub:
    """Implements the engine's PreviewSink. All methods are called in the event loop and return at once.

    Args:
        clients: who watches which run.
        encoder: turns an offer into images; blocking, runs in a thread.
        threads: encoders at work at once.

    Attributes:
        generated: returns when a run's latent of a tick was there, epoch milliseconds, where that is known.
    """

    def __init__(self, clients: Clients, *, encoder: Callable[[Offer], Encoded] = encode, threads: int = 2) -> None:
        self._clients = clients
        self.generated: Callable[[str, int], float | None] = _unknown
        self._encoder = encoder
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="preview")
        self._streams: dict[StreamKey, Stream] = {}

    def offer(
        self,
        run_id: str,
        node_id: str,
        frames: Frames,
        *,
        format: str,
        quality: int,
    ) -> None:
        """Take the frames of one tick; never waits."""
        assert len(frames.pixels) > 0, "a tick has at least one frame"
        key = (run_id, node_id)
        stream = self._streams.setdefault(key, Stream(key))
        if stream.waiting is not None:
            stream.dropped_ticks += 1
        now, known = epoch_ms(), self.generated(run_id, frames.tick)
        stream.waiting = Offer(frames=frames, format=format, quality=quality, t_generated=known or now, t_decoded=now)
        self._pump(stream)

    def on_room(self, client: Client, key: StreamKey) -> None:
        """Give a client that can take more the newest tick it has not had."""
        stream = self._streams.get(key)
        if stream is None:
            return
        if stream.newest is not None and client.has_room(key, len(stream.newest.seqs)):
            client.put_tick(stream.newest)
        self._pump(stream)

    def show_newest(self, client: Client, run_id: str) -> None:
        """Give a new watcher the picture of the moment."""
        for key in [key for key in self._streams if key[0] == run_id]:
            self.on_room(client, key)

    def encode_ms(self, run_id: str) -> float | None:
        """Return the encoding time of a run's newest tick, summed over its previews; None before the first."""
        times = [stream.encode_ms for key, stream in self._streams.items() if key[0] == run_id and stream.encoded_ticks]
        return sum(times) if times else None

    async def drain(self, run_id: str) -> None:
        """Wait until the last frames of a run that ended are encoded and queued, then forget it."""
        streams = [stream for key, stream in self._streams.items() if key[0] == run_id]
        for stream in streams:
            while stream.encoding is not None and not stream.encoding.done():
                await asyncio.wait([stream.encoding])
            self._streams.pop(stream.key, None)

    async def close(self) -> None:
        """Stop encoding."""
        streams = list(self._streams.values())
        self._streams.clear()
        for stream in streams:
            stream.waiting = None
        tasks = [stream.encoding for stream in streams if stream.encoding is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pool.shutdown(wait=False)

    def _pump(self, stream: Stream) -> None:
        if stream.encoding is not None or stream.waiting is None:
            return
        count = len(stream.waiting.frames.pixels)
        if any(client.has_room(stream.key, count) for client in self._clients.watchers(stream.key[0])):
            offer, stream.waiting = stream.waiting, None
            stream.encoding = asyncio.get_running_loop().create_task(self._encode(stream, offer))

    async def _encode(self, stream: Stream, offer: Offer) -> None:
        try:
            encoded = await asyncio.get_running_loop().run_in_executor(self._pool, self._encoder, offer)
        except Exception as error:
            self._tell_failed(stream, error)
        else:
            stream.failing = False
            self._distribute(stream, encoded)
        finally:
            stream.encoding = None
            self._pump(stream)

    def _tell_failed(self, stream: Stream, error: Exception) -> None:
        """Tell watchers once that a preview shows nothing; the run and its recording go on."""
        if stream.failing:
            return
        stream.failing = True
        run_id, node = stream.key
        log.error("preview_encode_failed run=%s node=%s", run_id, node, exc_info=error)
        told = NodegraphError(
            "node_failed",
            f"Preview {node} cannot show its frames.",
            got=f"{type(error).__name__}: {error}"[:300],
            remedy="The run and its recording go on. Choose another format or quality in the node.",
            node=node,
        )
        self._clients.send(run_id, ErrorMessage(type="error", data=ErrorData(error=error_body(told))))

    def _distribute(self, stream: Stream, encoded: Encoded) -> None:
        seqs = range(stream.next_seq, stream.next_seq + len(encoded.images))
        stream.next_seq = seqs.stop
        stream.newest = Tick(key=stream.key, seqs=seqs, encoded=encoded)
        stream.encoded_ticks += 1
        stream.encode_ms = encoded.encode_ms
        for client in self._clients.watchers(stream.key[0]):
            if client.has_room(stream.key, len(seqs)):
                client.put_tick(stream.newest)


def _unknown(run_id: str, tick: int) -> float | None:  # noqa: ARG001, the shape of `PreviewHub.generated`
    return None
