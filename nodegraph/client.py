"""A client for scripts, benches and tests: submit, watch, steer, fetch.

    async with Client("http://127.0.0.1:8188") as client:
        run_id = await client.start_live(document)
        async for frame in client.frames(run_id):   # every frame taken is acknowledged
            await client.control(run_id, "3", "forward", 1.0)

Needs only the `websockets` package and the standard library.
"""

from __future__ import annotations

import asyncio
import json
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from nodegraph.errors import CODES, NodegraphError

__all__ = ["Applied", "Client", "Ended", "Frame"]

FRAME_BUFFER = 48
"""Frames kept for a consumer that is busy; the oldest go first."""

MAX_MESSAGE_BYTES = 64 << 20
PINGS = 5
PONG_TIMEOUT_S = 30.0
_EVENT_FRAME = 4


@dataclass(frozen=True)
class Frame:
    """One video frame: `meta` is the server's FrameHeader, `data` the image, `received_s` monotonic."""

    meta: dict[str, Any]
    data: bytes
    received_s: float

    @property
    def tick(self) -> int:
        """The tick this frame belongs to."""
        return int(self.meta["tick"])


@dataclass(frozen=True)
class Applied:
    """A control's two receipts: when each arrived (monotonic seconds) and the first tick with the new value."""

    id: str
    tick: int
    sent_s: float
    received_s: float
    applied_s: float


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    status: str
    error: NodegraphError | None = None


@dataclass
class _Watched:
    """What arrived for one run and waits to be taken."""

    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=FRAME_BUFFER))
    messages: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=1000))
    ended: Ended | None = None
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)


class Client:
    """One connection. Use it in `async with`.

    Args:
        url: the server's address, as the server prints it; a token in it is used.
        client_id: chosen freely; a new one by default.
        token: the server's secret, where it has one.
    """

    def __init__(self, url: str, *, client_id: str | None = None, token: str | None = None) -> None:
        parts = urllib.parse.urlsplit(url)
        query = urllib.parse.parse_qs(parts.query)
        self.client_id = client_id or uuid.uuid4().hex
        self._base = f"{parts.scheme}://{parts.netloc}"
        self._token = token or next(iter(query.get("token", [])), None)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._runs: dict[str, _Watched] = {}
        self._receipts: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self._closed = False
        self._pong: asyncio.Future[float] | None = None
        self._offset_ms = 0.0
        self._best_trip_ms = float("inf")

    async def __aenter__(self) -> Self:
        address = f"ws{self._base.removeprefix('http')}/ws?clientId={self.client_id}"
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        self._socket = await connect(
            address, additional_headers=headers, max_size=MAX_MESSAGE_BYTES, compression=None, proxy=None
        )
        await self._send("feature_flags", {"supports_preview_metadata": True})
        self._reader = asyncio.create_task(self._read(self._socket))
        await self._set_clock()
        return self

    async def _set_clock(self) -> None:
        """Estimate the server's clock: the shortest of a few round trips tells most."""
        for _ in range(PINGS):
            self._pong = asyncio.get_running_loop().create_future()
            sent = _epoch_ms()
            await self._send("ping", {"t_client": sent})
            t_server = await asyncio.wait_for(self._pong, PONG_TIMEOUT_S)
            trip = _epoch_ms() - sent
            if trip < self._best_trip_ms:
                self._best_trip_ms, self._offset_ms = trip, t_server - (sent + trip / 2)

    def _server_ms(self) -> float:
        return _epoch_ms() + self._offset_ms

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)

    async def request(self, method: str, path: str, body: Any = None) -> Any:
        """Send one HTTP request with a JSON body and return the JSON answer.

        Raises:
            NodegraphError: the server refused; code and remedy are its own.
        """
        data = None if body is None else json.dumps(body).encode()
        return json.loads(await asyncio.to_thread(self._http, method, path, data))

    async def submit(
        self, graph: Mapping[str, Any], *, seed: int | None = None, ticks: int | None = None, count: int = 1
    ) -> str:
        """Queue a render of a workflow document, or of a prompt in ComfyUI's API format; return the (first) prompt id.

        Args:
            graph: a document has the key "schema".
            seed: for a document, replaces its seeds.
            ticks: for a document, how long.
            count: for a document, how many, with rising seeds.
        """
        if "schema" in graph:
            body = {"workflow": graph, "client_id": self.client_id, "count": count}
            body |= {"seed": seed, "ticks": ticks}
            return str((await self.request("POST", "/api/queue", body))["prompt_ids"][0])
        answer = await self.request("POST", "/prompt", {"prompt": graph, "client_id": self.client_id})
        return str(answer["prompt_id"])

    async def start_live(
        self, document: Mapping[str, Any], *, seed: int | None = None, ticks: int | None = None
    ) -> str:
        """Start a live run that this client watches; return its id."""
        body = {"workflow": document, "client_id": self.client_id, "seed": seed, "ticks": ticks}
        return str((await self.request("POST", "/api/runs", body))["run_id"])

    async def watch(self, run_id: str) -> None:
        """Follow a run that another client started."""
        await self._send("watch", {"run_id": run_id})

    async def control(self, run_id: str, node: str, input: str, value: Any) -> Applied:  # noqa: A002
        """Change a value of a live run and wait until a tick is made with it.

        Raises:
            NodegraphError: the server refused it, or the run ended before.
        """
        control_id = uuid.uuid4().hex
        receipts = self._receipts[control_id] = asyncio.Queue()
        sent_s = time.perf_counter()
        try:
            data = {"run_id": run_id, "id": control_id, "node": node, "input": input, "value": value}
            data["t_sent"] = self._server_ms()
            await self._send("control", data)
            received_s = 0.0
            while True:
                message = await self._receipt(receipts, run_id)
                now_s = time.perf_counter()
                if message["type"] == "control_received":
                    received_s = now_s
                elif message["type"] == "control_applied":
                    tick = int(message["data"]["tick"])
                    return Applied(control_id, tick, sent_s, received_s or now_s, now_s)
                else:
                    raise _error(message["data"]["error"])
        finally:
            del self._receipts[control_id]

    async def frames(self, run_id: str, node: str | None = None) -> AsyncIterator[Frame]:
        """Yield the frames of a run's previews, or of one, until it ends; asking for the next acknowledges the last."""
        watched = self._watched(run_id)
        while True:
            async with watched.changed:
                await watched.changed.wait_for(lambda: watched.frames or watched.ended or self._closed)
            if not watched.frames:
                return
            frame = watched.frames.popleft()
            if node is None or frame.meta["node_id"] == node:
                yield frame
            await self._acknowledge(frame)

    async def messages(self, run_id: str) -> AsyncIterator[dict[str, Any]]:
        """Yield the JSON messages of a run until it has ended."""
        watched = self._watched(run_id)
        while True:
            async with watched.changed:
                await watched.changed.wait_for(lambda: watched.messages or watched.ended or self._closed)
            if not watched.messages:
                return
            yield watched.messages.popleft()

    async def wait(self, run_id: str) -> Ended:
        """Wait for the end of a run.

        Raises:
            ConnectionError: the server went away before.
        """
        watched = self._watched(run_id)
        async with watched.changed:
            await watched.changed.wait_for(lambda: watched.ended or self._closed)
        if watched.ended is None:
            raise ConnectionError("the server closed the connection before the run ended")
        return watched.ended

    async def stop(self, run_id: str) -> None:
        """Stop a live run."""
        await self.request("POST", f"/api/runs/{run_id}/stop", {})

    async def results(self, prompt_id: str) -> list[dict[str, Any]]:
        """Return the files of a job: filename, subfolder, type, media_type, url."""
        return list((await self.request("GET", f"/api/jobs/{prompt_id}"))["outputs"])

    async def fetch(self, result: Mapping[str, Any]) -> bytes:
        """Download a file that `results` listed."""
        return await asyncio.to_thread(self._http, "GET", str(result["url"]), None)

    def _watched(self, run_id: str) -> _Watched:
        return self._runs.setdefault(run_id, _Watched())

    async def _receipt(self, receipts: asyncio.Queue[dict[str, Any]], run_id: str) -> dict[str, Any]:
        """Return the next receipt of a control; a run that ends first is an error."""
        arrival = asyncio.ensure_future(receipts.get())
        end = asyncio.ensure_future(self.wait(run_id))
        try:
            await asyncio.wait([arrival, end], return_when=asyncio.FIRST_COMPLETED)
            if arrival.done():
                return arrival.result()
            status = end.result().status
            raise NodegraphError("cancelled", "The run ended before the control was applied", got=f"status {status}")
        finally:
            arrival.cancel()
            end.cancel()

    async def _acknowledge(self, frame: Frame) -> None:
        meta = frame.meta
        try:
            place = {name: meta[name] for name in ("run_id", "node_id", "seq")}
            await self._send("ack", {**place, "t_drawn": self._server_ms()})
        except ConnectionClosed:
            self._closed = True

    async def _send(self, kind: str, data: dict[str, Any]) -> None:
        assert self._socket is not None, "use the client in `async with`"
        await self._socket.send(json.dumps({"type": kind, "data": data}))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for message in socket:
                if isinstance(message, bytes):
                    await self._on_frame(message)
                else:
                    await self._on_message(json.loads(message))
        except ConnectionClosed:
            pass
        finally:
            self._closed = True
            for watched in self._runs.values():
                async with watched.changed:
                    watched.changed.notify_all()

    async def _on_frame(self, message: bytes) -> None:
        received_s = time.perf_counter()
        event, length = struct.unpack(">II", message[:8])
        if event != _EVENT_FRAME:
            return
        meta = json.loads(message[8 : 8 + length])
        watched = self._watched(meta["run_id"])
        async with watched.changed:
            watched.frames.append(Frame(meta, message[8 + length :], received_s))
            watched.changed.notify_all()

    async def _on_message(self, message: dict[str, Any]) -> None:
        data = message["data"]
        if message["type"] == "pong" and self._pong is not None and not self._pong.done():
            self._pong.set_result(float(data["t_server"]))
        control_id = data.get("reply_to") or data.get("id")
        if control_id in self._receipts:
            self._receipts[control_id].put_nowait(message)
        run_id = data.get("run_id") or data.get("prompt_id")
        if not isinstance(run_id, str):
            return
        watched = self._watched(run_id)
        async with watched.changed:
            watched.messages.append(message)
            if message["type"] == "run_finished":
                error = data.get("error")
                watched.ended = Ended(data["status"], _error(error) if error else None)
            watched.changed.notify_all()

    def _http(self, method: str, path: str, data: bytes | None) -> bytes:
        request = urllib.request.Request(self._base + path, data=data, method=method)  # noqa: S310, the user's server
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise _error(_refusal(refusal.read(), refusal.code)) from refusal


def _epoch_ms() -> float:
    return time.time_ns() / 1e6


def _refusal(body: bytes, status: int) -> dict[str, Any]:
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        error = None
    return error if isinstance(error, dict) else {"message": f"The server answered {status}"}


def _error(body: Mapping[str, Any]) -> NodegraphError:
    code = body.get("code", body.get("type"))
    fields = {name: body[name] for name in ("got", "expected", "remedy", "node", "port") if body.get(name) is not None}
    return NodegraphError(code if code in CODES else "bad_request", str(body.get("message", "refused")), **fields)
