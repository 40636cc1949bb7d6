"""The websocket: one reader, one writer. The reader takes controls and acknowledgements; nothing it does waits long."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from nodegraph.engine import Control
from nodegraph.errors import NodegraphError, UserInputError
from nodegraph.server.answers import compact, error_body, parse_json, take
from nodegraph.server.clients import Client
from nodegraph.server.frames import epoch_ms
from nodegraph.server.keys import CLIENTS, CONFIG, HUB, QUEUE, RUNS
from nodegraph.server.messages import PROTOCOL, ErrorData, ErrorMessage, PongData, ServerFeatures, ServerMessage
from nodegraph.server.queue import status_message

log = logging.getLogger(__name__)

SEND_BUFFER_BYTES = 256 * 1024
"""Kernel buffer per socket: enough for a second of frames, small enough that a stalled client is noticed."""

HEARTBEAT_S = 30.0
_CLIENT_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def client_id_of(value: str | None) -> str | None:
    """Return a client id that was sent, None if there is none.

    Raises:
        UserInputError: bad_request for one with odd characters.
    """
    if not value:
        return None
    if not _CLIENT_ID.fullmatch(value):
        raise UserInputError(
            "bad_request",
            "The client id is malformed",
            got=repr(value[:40]),
            expected="1 to 128 of A-Z a-z 0-9 . _ : -",
        )
    return value


async def websocket(request: web.Request) -> web.StreamResponse:
    """GET /ws?clientId="""
    app = request.app
    clients, config = app[CLIENTS], app[CONFIG]
    sid = client_id_of(request.query.get("clientId")) or uuid.uuid4().hex
    if len(clients) >= config.limits.sockets:
        raise UserInputError("busy", "Too many clients are connected", remedy="Close other tabs of the editor")
    ws = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=config.limits.message_bytes, compress=False)
    if not ws.can_prepare(request).ok:
        raise UserInputError("bad_request", "This address speaks websocket only", expected="an Upgrade header")
    await ws.prepare(request)
    _limit_send_buffer(request)
    client = Client(sid, outbox_limit=config.limits.outbox_messages, on_room=app[HUB].on_room)
    first = status_message(app[QUEUE].remaining)
    first["data"] |= {"sid": sid, "protocol": PROTOCOL}
    client.put(compact(first))
    clients.add(client)
    writer = asyncio.get_running_loop().create_task(_write(ws, client))
    try:
        await Reader(app, client).read(ws)
    finally:
        clients.remove(client)
        writer.cancel()
        await asyncio.gather(writer, return_exceptions=True)
        app[RUNS].socket_closed()
    return ws


async def _write(ws: web.WebSocketResponse, client: Client) -> None:
    try:
        while (item := await client.next()) is not None:
            if isinstance(item, str):
                await ws.send_str(item)
            else:
                await ws.send_bytes(item)
        if client.overflowed:
            log.info("client_cut_off sid=%s", client.sid)
            await ws.close(code=WSCloseCode.TRY_AGAIN_LATER, message=b"too far behind", drain=False)
        else:
            await ws.close(code=WSCloseCode.GOING_AWAY, message=b"the server stops", drain=False)
    except ConnectionError:
        pass  # the reader sees the end of the connection and cleans up


def _limit_send_buffer(request: web.Request) -> None:
    connection = request.transport.get_extra_info("socket") if request.transport else None
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)


class Reader:
    """Carries out what one client says."""

    def __init__(self, app: web.Application, client: Client) -> None:
        self._app = app
        self._client = client
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {
            "ack": self._ack,
            "control": self._control,
            "feature_flags": self._feature_flags,
            "ping": self._ping,
            "unwatch": self._unwatch,
            "watch": self._watch,
        }

    async def read(self, ws: web.WebSocketResponse) -> None:
        """Take messages until the socket closes. A bad one is answered and otherwise ignored."""
        async for message in ws:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                self.handle(message.data)

    def handle(self, text: str | bytes) -> None:
        """Take one message."""
        reply_to: Any = None
        try:
            message = parse_json(text)
            if not isinstance(message, dict):
                raise UserInputError("bad_request", "A message is an object", expected='{"type": ..., "data": {...}}')
            data = take(message, "data", dict, {})
            reply_to = data.get("id")
            handler = self._handlers.get(take(message, "type", str, ""))
            if handler is None:
                raise UserInputError(
                    "bad_request",
                    "There is no such message",
                    got=repr(message.get("type"))[:60],
                    expected=", ".join(self._handlers),
                )
            handler(data)
        except NodegraphError as error:
            answer = ErrorData(error=error_body(error))
            if isinstance(reply_to, str):
                answer["reply_to"] = reply_to[:128]
            self._send(ErrorMessage(type="error", data=answer))

    def _feature_flags(self, data: dict[str, Any]) -> None:
        self._client.supports_metadata = take(data, "supports_preview_metadata", bool, False)
        size = self._app[CONFIG].limits.upload_bytes
        features = ServerFeatures(supports_preview_metadata=True, max_upload_size=size)
        self._send({"type": "feature_flags", "data": features})

    def _control(self, data: dict[str, Any]) -> None:
        run_id = _required(data, "run_id")
        control = Control(
            id=_required(data, "id"),
            node=_required(data, "node"),
            input=_required(data, "input"),
            value=data.get("value"),
            tick=None,
        )
        self._app[RUNS].control(run_id, control, self._client.sid, _stamp(data, "t_sent"))
        self._send({"type": "control_received", "data": {"run_id": run_id, "id": control.id}})

    def _ack(self, data: dict[str, Any]) -> None:
        run_id, node = _required(data, "run_id"), _required(data, "node_id")
        stamps = self._client.acknowledge((run_id, node), take(data, "seq", int, -1))
        t_drawn = _stamp(data, "t_drawn")
        if stamps is not None and t_drawn is not None:
            self._app[RUNS].drawn(run_id, self._client.sid, stamps, t_drawn)

    def _ping(self, data: dict[str, Any]) -> None:
        pong = PongData(t_client=_stamp(data, "t_client") or 0.0, t_server=epoch_ms())
        self._send({"type": "pong", "data": pong})

    def _watch(self, data: dict[str, Any]) -> None:
        run_id = _required(data, "run_id")
        for message in self._app[RUNS].catch_up(run_id):
            self._send(message)
        self._app[CLIENTS].watch(self._client.sid, run_id)
        self._app[HUB].show_newest(self._client, run_id)

    def _unwatch(self, data: dict[str, Any]) -> None:
        self._app[CLIENTS].unwatch(self._client.sid, _required(data, "run_id"))
        self._app[RUNS].socket_closed()

    def _send(self, message: ServerMessage) -> None:
        self._client.put(compact(message))


def _stamp(data: dict[str, Any], key: str) -> float | None:
    value: float | None = take(data, key, (int, float))
    return value


def _required(data: dict[str, Any], key: str) -> str:
    value = take(data, key, str)
    if value is None or len(value) > 200:
        raise UserInputError("bad_request", f"{key} is missing or too long", expected="1 to 200 characters", port=key)
    return str(value)
