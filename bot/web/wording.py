"""Every page and feed speaks with what moderators made of the texts, as it is at that moment."""

from __future__ import annotations

from fastapi.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers.wording.catalogue import worded
from store.engine import Store
from store.texts import texts_of

#: What says nothing in words.
SILENT = ("/static/", "/healthz", "/readyz", "/metrics")


class Wording:
    """Sets the words for one request; what answers it finds them wherever it speaks.

    Args:
        app: the pages.
        store: where the changed texts are.
    """

    def __init__(self, app: ASGIApp, store: Store) -> None:
        self._app = app
        self._store = store

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(SILENT):
            await self._app(scope, receive, send)
            return
        with worded(await run_in_threadpool(texts_of, self._store)):
            await self._app(scope, receive, send)
