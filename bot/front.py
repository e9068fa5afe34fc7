"""The way into the program: platforms and monitors are answered at once, pages load when first asked for.

The pages take long to load, and a question that is asked on a platform needs none of them. They load in a
worker thread, so that nobody else waits meanwhile.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.doors import Doors
from bot.web import health
from bot.web.site import Web

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.web.live import Live


#: What is asked of the pages before anybody does: one of each kind, none of which changes anything.
_ASKED_FIRST = ("/", "/beheer/aanmelden", "/agenda.ics", "/api/atria")


async def _ask(pages: ASGIApp, path: str) -> None:
    """Ask for a page and look at nothing of it."""

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        """Nobody reads it."""

    await pages(
        {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1")],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80),
        },
        receive,
        send,
    )


class Front:
    """The application for uvicorn.

    Args:
        web: what the pages are made of.
        running: what runs while it serves.
    """

    def __init__(self, web: Web, running: Callable[[Any], AbstractAsyncContextManager[None]]) -> None:
        self._web = web
        self._pages: FastAPI | None = None
        self._loading: asyncio.Task[FastAPI] | None = None
        self.router = Router(health.routes(web), default=self._page, lifespan=running, redirect_slashes=False)
        self._doors = Doors(self.router, web.doors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._doors(scope, receive, send)

    async def load(self) -> FastAPI:
        """The pages, loaded once for all who ask; where that failed, the next who asks tries again."""
        if self._pages is None:
            if self._loading is None:
                self._loading = asyncio.create_task(asyncio.to_thread(self._made), name="loading pages")
            loading = self._loading
            try:
                self._pages = await asyncio.shield(loading)
            finally:
                if loading.done():
                    self._loading = None
        return self._pages

    def stop(self) -> None:
        """End the streams of open pages, which never end by themselves; called by a signal's handler too."""
        live: Live | None = getattr(self._pages.state, "live", None) if self._pages is not None else None
        if live is not None:
            live.stop()

    def _made(self) -> FastAPI:
        import anyio

        from bot.web.app import create_app

        pages = create_app(self._web)
        # Routes, templates and what carries requests to threads are made ready at their first use, which
        # would hold up the event loop: they are used here first, on a loop of this thread's own.
        for path in _ASKED_FIRST:
            anyio.run(_ask, pages, path)
        # They stay: to look for garbage among them would hold up whoever asks something just then.
        gc.freeze()
        return pages

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        pages = self._pages or await self.load()
        await pages(scope, receive, send)
