"""Somebody who visits the web of the program: in process, or over loopback where that is needed."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from bot.platforms.local import LocalPlatform
from bot.web.app import Web, create_app
from bot.web.health import OK, Part
from store.engine import Store
from tests.fakes.program import free_port, wait_for

PUBLIC_URL = "https://atria.example.org"

#: What a browser sends along with a form or request of our own page.
SAME_ORIGIN = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}


class Visitor:
    """Asks the web for pages, without a network; faults of the program come back as its own 500."""

    def __init__(self, app: ASGIApp, host: str = "127.0.0.1:8000") -> None:
        self._app = app
        self._base = f"http://{host}"
        self.cookies = httpx.Cookies()

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self.ask("GET", address, headers=headers)

    def post(self, address: str, **rest: Any) -> httpx.Response:
        return self.ask("POST", address, **rest)

    def say(self, text: object, *, community: str = "algemeen", **rest: object) -> httpx.Response:
        """Post a message as a program on this machine does."""
        body = {"author": "An Peeters", "role": "lid", "text": text, **rest}
        return self.post(f"/community/{community}/messages", json=body)

    def ask(self, method: str, address: str, **rest: Any) -> httpx.Response:
        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url=self._base, cookies=self.cookies
            ) as client:
                answer = await client.request(method, address, **rest)
                self.cookies = client.cookies
                return answer

        return asyncio.run(asked())


def web(store: Store, now: dt.datetime, **different: Any) -> Web:
    """The web of a program whose clock stands still and whose parts are well."""
    given: dict[str, Any] = {
        "store": store,
        "now": lambda: now,
        "public_url": PUBLIC_URL,
        "readiness": lambda: [Part(name="database", state=OK)],
        **different,
    }
    return Web(**given)


def with_community(store: Store, now: dt.datetime, **different: Any) -> Web:
    """The same with the local community."""
    return web(store, now, local=LocalPlatform(store, lambda: now), **different)


@contextlib.contextmanager
def served(site: Web) -> Iterator[str]:
    """The web on a loopback port; gives its address."""
    port = free_port()
    app = create_app(site)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for("the web to listen", lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        if site.local is not None:
            app.state.live.stop()
        server.should_exit = True
        thread.join(timeout=10)
