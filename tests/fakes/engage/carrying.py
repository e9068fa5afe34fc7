"""How the fake's answers travel: within the process, or over a socket; and how they get lost on the way."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.engage.gate import FATE


class Within(httpx.AsyncBaseTransport):
    """Carries calls to an application in this process; a lost answer is an error at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = httpx.ASGITransport(app)
        self.is_cut = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_cut:
            raise httpx.ConnectError("the fake is cut off", request=request)
        response = await self._app.handle_async_request(request)
        fate = response.headers.get(FATE)
        if fate == "hang":
            raise httpx.ReadTimeout("the answer never came", request=request)
        if fate == "drop":
            raise httpx.RemoteProtocolError("the line was cut", request=request)
        return response


class Losing:
    """Lets a server lose answers: it hangs until the caller gives up, or cuts the line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said: list[Message] = []

        async def hold(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, hold)
        headers = dict(said[0].get("headers", ())) if said else {}
        fate = headers.get(FATE.encode(), b"").decode()
        if fate == "hang":
            # The call was read to its end: what comes next is that the caller gave up.
            await receive()
        elif fate == "drop":
            # An answer that is shorter than it says: the server closes the line.
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]}
            )
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
        else:
            for message in said:
                await send(message)
