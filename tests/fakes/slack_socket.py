"""Slack's side of Socket Mode on loopback: says hello, sends envelopes, keeps the acknowledgements.

The envelopes are those of https://docs.slack.dev/apis/events-api/using-socket-mode. It can turn deaf: the
connection stays, and nothing that is sent is answered, not even a ping.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import threading
from collections.abc import Iterator
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.program import wait_for


class FakeSocket:
    """One address to which sockets are opened.

    Attributes:
        url: where.
        opened: sockets opened so far.
        acknowledged: what was answered, by the id of the envelope.
        is_deaf: new and old sockets answer nothing.
        greets: whether a new socket is greeted.
    """

    def __init__(self) -> None:
        self.url = ""
        self.opened = 0
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.is_deaf = False
        self.greets = True
        self._numbers = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def send(self, kind: str, payload: dict[str, Any], **more: Any) -> str:
        """Send an envelope over the socket opened last; returns its id."""
        identity = f"envelope-{next(self._numbers)}"
        envelope = {"envelope_id": identity, "type": kind, "payload": payload, **more}
        self._send(json.dumps(envelope))
        return identity

    def dismiss(self) -> None:
        """Ask the bot to open another socket, as Slack does every few hours."""
        self._send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))

    def cut(self) -> None:
        """Cut every socket without a word."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._abort)

    def answer_to(self, identity: str) -> dict[str, Any]:
        """The acknowledgement of an envelope, once it is there."""
        return wait_for(f"an answer to {identity}", lambda: self.acknowledged.get(identity))

    def _send(self, text: str) -> None:
        assert self._loop is not None
        socket = self._sockets[-1]
        asyncio.run_coroutine_threadsafe(socket.send_str(text), self._loop).result(5)

    def _abort(self) -> None:
        for socket in self._sockets:
            transport = socket._req.transport if socket._req is not None else None
            if transport is not None:
                transport.abort()

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.opened += 1
        self._sockets.append(socket)
        if self.greets:
            await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        async for message in socket:
            if self.is_deaf:
                continue
            if message.type is WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.acknowledged[answer["envelope_id"]] = answer
        return socket


@contextlib.contextmanager
def listening(socket: FakeSocket) -> Iterator[FakeSocket]:
    """Serve it on a free port of loopback, in a thread of its own, until the end of the block."""
    loop = asyncio.new_event_loop()
    app = web.Application()
    app.router.add_get("/link", socket.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    started = threading.Event()

    async def start() -> None:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        socket.url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link"

    def serve() -> None:
        asyncio.set_event_loop(loop)
        socket._loop = loop
        loop.run_until_complete(start())
        # Not before: a stop that comes while the loop only starts is forgotten.
        loop.call_soon(started.set)
        loop.run_forever()
        socket._abort()
        loop.run_until_complete(runner.cleanup())
        loop.close()

    thread = threading.Thread(target=serve, name="fake slack socket")
    thread.start()
    started.wait()
    try:
        yield socket
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
