"""The addresses at which other programs call the bot: straight to what answers there.

The pages are for people; what they pass on their way (routes with parameters, forms, headers for a browser)
costs more than it takes to hear what a platform tells.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

#: What answers a POST at one address.
Door = Callable[[Request], Awaitable[Response]]


class Doors:
    """Sends what is posted to one of these addresses there, and everything else on to the pages.

    Args:
        app: the pages.
        doors: what answers, by path.
    """

    def __init__(self, app: ASGIApp, doors: Mapping[str, Door]) -> None:
        self._app = app
        self._doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        door = self._doors.get(scope["path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST":
            response = await door(Request(scope, receive))
        else:
            response = Response(status_code=405, headers={"allow": "POST"})
        await response(scope, receive, send)
